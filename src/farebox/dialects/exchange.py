"""What a dialect gives to the gateway: a parsed request, a judged provider error, what a stream has shown."""

from typing import Literal
from uuid import UUID

import msgspec

from farebox.domain.job import Endpoint
from farebox.domain.pieces import Pieces
from farebox.domain.usage import Usage

# Local counts of output take four bytes of ASCII, or three others, for a token. No token has less than a byte, so that
# output of this many tokens for each counted one cannot all have been seen.
MOST_TOKENS_PER_SEEN = 4


class ByteCount(msgspec.Struct, frozen=True):
    """Bytes of text in a request by class, for the estimate of input tokens; media parts carry their own bound.

    `signs` are those of the ASCII bytes that are neither letters nor white space.
    """

    ascii: int = 0
    signs: int = 0
    cjk: int = 0
    other: int = 0
    media_tokens: int = 0


class Media(msgspec.Struct, frozen=True):
    """What a call beside conversation has of its own: pieces, and bodies that need not be JSON.

    `most` is how many pieces it can cost at worst. `counted` is what its input surely is, counted here, and what is
    charged where a provider reports nothing; `makes` is what its output tokens are. `sends` and `gives` are the content
    types of the provider's request and of the client's answer, `takes` what the provider is told to answer with.
    """

    most: Pieces
    counted: Usage
    sends: bytes = b"application/json"
    takes: bytes = b"application/json"
    gives: bytes = b"application/json"
    makes: Literal["text", "image", "audio"] = "text"

    def delivered(self, output_tokens: int) -> Usage:
        """What is used when so much output, counted here, has come."""
        return msgspec.structs.replace(
            self.counted,
            output_tokens=output_tokens,
            image_output_tokens=output_tokens if self.makes == "image" else 0,
            audio_output_tokens=output_tokens if self.makes == "audio" else 0,
        )


class ParsedRequest(msgspec.Struct, frozen=True):
    """The few facts that billing and routing need of a request; the rest stays raw bytes.

    `spans` maps each top-level field to the (start, end) of its value in `raw`, so that single values can be replaced
    and all other bytes stay as they came.
    """

    endpoint: Endpoint
    raw: bytes
    spans: dict[str, tuple[int, int]]
    model: str
    stream: bool
    wants_stream_usage: bool
    most_output_tokens: int | None  # as the client allowed, None when it did not say
    answers: int  # n, best_of
    text: ByteCount
    alternatives: tuple[str, ...] = ()  # models to fall back to, in order
    media: Media | None = None
    end_user: str | None = None  # what the provider is told of who asks; None leaves the client's word


class ProviderFault(msgspec.Struct, frozen=True):
    """A provider's error answer, judged: whose fault it is, and what the customer may see of it.

    'request' faults pass on with their status and scrubbed body; 'channel' faults lead to the next route.
    """

    fault: Literal["request", "channel"]
    status: int
    body: bytes  # scrubbed, in the client's dialect; empty for channel faults
    retry_after_s: int | None
    code: str  # the provider's own error code or type, for the operator


class PlainAnswer(msgspec.Struct, frozen=True):
    """A provider's plain answer, read: its usage if it reports one, and an estimate of its output otherwise.

    `is_counted`: the usage is not the provider's word, but was counted here from what it gave.
    """

    raw: bytes
    usage: Usage | None
    estimated_output_tokens: int
    provider_id: str | None
    endpoint: Endpoint = "chat.completions"
    spans: dict[str, tuple[int, int]] = {}  # of the top-level members' values in `raw`
    is_counted: bool = False


class StreamEnd(msgspec.Struct, frozen=True):
    """How a provider's stream ended once it is known: cleanly (with its terminal event), by an error event, or cut."""

    kind: Literal["done", "error", "cut"]


class JobStamp(msgspec.Struct, frozen=True):
    """Whose answer it is now: what replaces the provider's identity in bodies."""

    job_id: UUID
    model: str
