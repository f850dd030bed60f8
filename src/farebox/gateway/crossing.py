"""The seam between a client's wire format and a provider's: what the stages after admission ask of a call's bytes.

A crossing belongs to one call and one route. It knows both dialects and neither money nor the network; the same few
questions are answered by passing bytes through (`passthrough`), by translating (`translate`) or, for embeddings, by
rewriting small values (`embed`). Which of them it is, `wire` decides; nobody else needs to know.
"""

from collections.abc import Iterable
from typing import Protocol
from uuid import UUID

from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault, StreamEnd
from farebox.dialects.scrub import Scrub
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage
from farebox.upstream.request import Upload

Header = tuple[bytes, bytes]
HeaderMap = dict[bytes, bytes]


class Relay(Protocol):
    """One stream from a provider to its client; openai_stream.StreamRelay tells what each member means."""

    saw_data: bool
    end: StreamEnd | None
    provider_id: str | None
    provider_error: ProviderFault | None

    @property
    def is_finishing(self) -> bool:
        """Whether all output is here and only the provider's count and the end can follow."""

    @property
    def usage(self) -> Usage | None: ...
    @property
    def output_tokens_estimated(self) -> int: ...
    def feed(self, chunk: bytes) -> bytes: ...
    def end_of_input(self) -> bytes: ...
    def stop_as_length(self, note: str) -> bytes: ...
    def finish(self, cost: str | None, usage: Usage) -> bytes: ...
    def fail(self, refusal: Refusal, job_id: UUID | None) -> bytes: ...


class Crossing(Protocol):
    """One call on one route."""

    def target(self) -> bytes:
        """The path to ask for, under the channel's base URL."""

    def headers(self, client: HeaderMap) -> tuple[Header, ...]:
        """What the provider is told in headers beside its key and the content's type."""

    def body(self, most_output_tokens: int | None) -> bytes | Upload:
        """The provider's body; the bound is given where ours is lower than the client's. Raises Untranslatable."""

    def judge_error(
        self, status: int, headers: Iterable[Header], raw: bytes, scrub: Scrub, *, now_s: int
    ) -> ProviderFault:
        """A provider's error, judged, with the body that the client gets."""

    def read_answer(self, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
        """A provider's plain answer."""

    def stamp_answer(self, answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
        """The same answer as the client gets it; never fails for what `read_answer` gave."""

    def relay(self, stamp: JobStamp, scrub: Scrub) -> Relay:
        """A stream that is about to begin."""
