"""A model's answer in no dialect's words: whole (`Answer`) and in pieces (`Event`), and how pieces become the whole.

What a provider sends is a claim, so nothing here refuses: readers turn what makes no sense into `Failed`.

A stream is Started, then for each part of each choice its deltas and PartEnded, then Stopped for each choice, with
UsageReported anywhere, then Ended; or Failed in place of whatever had still to come. Nothing after Failed or Ended. A
stream without either was cut. Within one choice parts come one after the other, counted from 0: a reader ends a part
before it starts the next. Deltas may be empty; a part that had no delta has no trace.
"""

from typing import Literal

import msgspec

from farebox.dialects.conversation import AssistantPart, Dialect, Signature
from farebox.dialects.exchange import ProviderFault
from farebox.domain.usage import Usage

StopReason = Literal[
    "end",  # the model had said all
    "stop_sequence",  # one of the client's, `sequence` says which where the dialect tells
    "length",  # the output bound
    "context_full",  # the model's context window
    "tool_calls",
    "refusal",  # the model's own refusal
    "filtered",  # a filter beside the model
    "paused",  # a long turn that the client is to continue
]


class Stop(msgspec.Struct, frozen=True):
    """Why a choice ended. A dialect that does not tell stop sequences from ends reads both as `end`."""

    reason: StopReason
    sequence: str | None = None


class TokenLogprob(msgspec.Struct, frozen=True, omit_defaults=True):
    """A token that was (or in `top` might have been) chosen, its natural log probability and its UTF-8 bytes."""

    token: str
    logprob: float
    bytes: tuple[int, ...] | None = None
    top: tuple["TokenLogprob", ...] = ()


class Choice(msgspec.Struct, frozen=True):
    """One of the answers; usually there is one. `stop` None: the provider did not say."""

    parts: tuple[AssistantPart, ...]
    stop: Stop | None = None
    logprobs: tuple[TokenLogprob, ...] | None = None


class Answer(msgspec.Struct, frozen=True):
    """A provider's whole answer; `id` and `model` are the provider's, for the operator only."""

    choices: tuple[Choice, ...]
    usage: Usage | None = None
    id: str | None = None
    model: str | None = None


class Started(msgspec.Struct, frozen=True, gc=False):
    """The provider has begun; `usage` where it tells its input at once (Anthropic)."""

    id: str | None = None
    model: str | None = None
    usage: Usage | None = None


class TextDelta(msgspec.Struct, frozen=True, gc=False):
    """More text of part `part` of choice `choice`."""

    text: str
    part: int
    choice: int = 0


class RefusalDelta(msgspec.Struct, frozen=True, gc=False):
    """More words of a RefusalPart."""

    text: str
    part: int
    choice: int = 0


class ReasoningDelta(msgspec.Struct, frozen=True, gc=False):
    """More readable reasoning; `id` is that of the item, at least in the part's first delta."""

    text: str
    part: int
    choice: int = 0
    id: str | None = None


class SignatureDelta(msgspec.Struct, frozen=True, gc=False):
    """A piece of the signature of the open part, or of its sealed content; pieces are joined, and the
    first tells whose it is.

    For a sealed Reasoning without text it is the first event of its part.
    """

    signature: Signature
    part: int
    choice: int = 0
    is_sealed: bool = False
    id: str | None = None


class ToolCallStarted(msgspec.Struct, frozen=True, gc=False):
    """A tool call begins; its arguments follow."""

    id: str
    name: str
    part: int
    choice: int = 0


class ToolArgumentsDelta(msgspec.Struct, frozen=True, gc=False):
    """More of the JSON text of a tool call's arguments."""

    json: str
    part: int
    choice: int = 0


class OpaqueArrived(msgspec.Struct, frozen=True, gc=False):
    """A whole Opaque part; clients of another dialect get nothing of it."""

    dialect: Dialect
    raw: bytes
    part: int
    choice: int = 0


class PartEnded(msgspec.Struct, frozen=True, gc=False):
    """No more deltas of this part."""

    part: int
    choice: int = 0


class LogprobsDelta(msgspec.Struct, frozen=True, gc=False):
    """Log probabilities of the tokens that came last."""

    tokens: tuple[TokenLogprob, ...]
    choice: int = 0


class UsageReported(msgspec.Struct, frozen=True, gc=False):
    """All usage up to now: the last one counts."""

    usage: Usage


class Stopped(msgspec.Struct, frozen=True, gc=False):
    """A choice is complete."""

    stop: Stop
    choice: int = 0


class Failed(msgspec.Struct, frozen=True, gc=False):
    """The provider failed midway or sent what cannot be read; `message` is scrubbed and for the customer."""

    fault: ProviderFault
    message: str = ""


class Ended(msgspec.Struct, frozen=True, gc=False):
    """The stream is whole."""


Event = (
    Started
    | TextDelta
    | RefusalDelta
    | ReasoningDelta
    | SignatureDelta
    | ToolCallStarted
    | ToolArgumentsDelta
    | OpaqueArrived
    | PartEnded
    | LogprobsDelta
    | UsageReported
    | Stopped
    | Failed
    | Ended
)
