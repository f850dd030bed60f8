"""What every dialect module gives, the same for all, so that any of them can be the client's and any the provider's.

A codec is a module (`anthropic_codec`, `openai_chat_codec`, ...) with these names at its top; `registry` lists them.
Readers of requests and writers of answers, streams and errors face the client; the others face the provider. Writers
of requests may count on `carriage.refuse_what_is_lost` having been asked, and refuse by `Untranslatable` only what
depends on values. Whoever calls a request reader has bounded the size of the bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

import msgspec

from farebox.dialects.carriage import Facts
from farebox.dialects.conversation import Conversation, Dialect, Effort
from farebox.dialects.exchange import JobStamp, ProviderFault
from farebox.dialects.reply import Answer, Event, Failed
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

Headers = Iterable[tuple[bytes, bytes]]


class Target(msgspec.Struct, frozen=True):
    """What a writer of requests must know of the provider's side: facts of channel and model, no choice of the client.

    `most_output_tokens` lowers the client's bound, and is given where the client gave none; None leaves it as it is.
    `default_output_tokens` serves dialects that require a bound (Anthropic) where neither says one.
    """

    model: str
    most_output_tokens: int | None = None
    default_output_tokens: int = 4_096
    end_user: str | None = None
    ask_stream_usage: bool = True
    bound_name: str = "max_completion_tokens"  # of OpenAI chat; older servers know only `max_tokens`
    end_user_name: str | None = "user"  # of OpenAI chat; None where the server takes no id of an end user
    leaves_out: tuple[str, ...] = ()  # of OpenAI chat: fields that the server refuses and that change no answer
    renames: Mapping[str, str] = {}  # of OpenAI chat: fields that the server calls otherwise
    call_id_length: int | None = None  # of OpenAI chat: letters and digits that ids of calls must have
    efforts: tuple[Effort, ...] | None = None  # that the model knows, None is all; the nearest one below is sent
    takes_reasoning: bool = False  # OpenAI chat: past reasoning that nobody signed goes back as `reasoning_content`
    has_adaptive_thinking: bool = False  # Anthropic: newer models refuse a budget, older ones know nothing else
    has_native_schema: bool = True  # Anthropic: older models get the schema as a tool that they must call
    has_thinking_level: bool = True  # Gemini: from 3 on, and these insist on a signature of tool calls


EFFORTS: tuple[Effort, ...] = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


def nearest_effort(effort: Effort, known: tuple[Effort, ...] | None) -> Effort | None:
    """What to send to a model that knows only some efforts: the next lower one, else its lowest; None: nothing."""
    if known is None or effort in known:
        return effort
    in_order = [entry for entry in EFFORTS if entry in known]
    lower = [entry for entry in in_order if EFFORTS.index(entry) < EFFORTS.index(effort)]
    return lower[-1] if lower else next(iter(in_order), None)


class AnswerStamp(msgspec.Struct, frozen=True):
    """What an answer writer puts in place of the provider's identity and claims; `usage` is what is charged."""

    job: JobStamp
    created_s: int
    usage: Usage
    cost: str | None = None


class StreamReader(Protocol):
    """A provider's stream as events, the same however its bytes were split. Memory is bounded by one event's bytes."""

    def feed(self, chunk: bytes) -> list[Event]:
        """The events that are complete now; nothing after Failed or Ended."""

    def end_of_input(self) -> list[Event]:
        """To be asked once when the body has ended properly. Without Ended in it or before it, the stream was cut."""


class StreamWriter(Protocol):
    """Events as a stream to a client. What depends on the settlement is withheld for `finish`."""

    def write(self, events: Sequence[Event]) -> bytes:
        """Bytes for the client; Failed and Ended give none, whoever relays decides what they mean."""

    def stop_as_length(self, note: str) -> bytes:
        """End every open part and every choice with the dialect's `length`; `finish` still follows. `note` says why."""

    def finish(self, cost: str | None, usage: Usage) -> bytes:
        """The withheld tail of a stream that ended well: stop reason, usage with its cost, end mark."""

    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        """The event that ends a stream that broke; no end mark follows."""


class Codec(Protocol):
    """One dialect."""

    @property
    def DIALECT(self) -> Dialect: ...  # noqa: N802 - constants of a module
    @property
    def FACTS(self) -> Facts: ...  # noqa: N802

    def read_request(self, raw: bytes, *, model: str | None = None, stream: bool | None = None) -> Conversation:
        """A client's request; raises Refusal naming the field. The path tells `model` and `stream` (Gemini)."""

    def write_request(self, conversation: Conversation, target: Target) -> bytes:
        """The body for a provider of this dialect; raises Untranslatable."""

    def read_answer(self, status: int, content_type: str, raw: bytes) -> Answer | ProviderFault:
        """A provider's plain answer; a channel fault when it is none although its status says so."""

    def write_answer(self, answer: Answer, stamp: AnswerStamp) -> bytes:
        """The answer as the client gets it."""

    def stream_reader(self, scrub: Scrub = NO_NAMES) -> StreamReader: ...

    def stream_writer(self, job: JobStamp, created_s: int, *, wants_usage: bool = True) -> StreamWriter: ...

    def read_error(
        self, status: int, headers: Headers, raw: bytes, scrub: Scrub = NO_NAMES, *, now_s: int | None = None
    ) -> Failed:
        """A provider's error answer, judged; its message is scrubbed, its fault has no body."""

    def write_error(self, refusal: Refusal, job_id: UUID | None) -> bytes:
        """A refusal, ours or a provider's, in the dialect's shape."""

    def read_usage(self, reported: object) -> Usage | None:
        """A usage object, decoded, in our inclusive counting; None when it reports nothing."""

    def write_usage(self, usage: Usage, cost: str | None) -> dict[str, Any]:
        """Our usage in the dialect's own shape and counting, with the cost as one more member."""
