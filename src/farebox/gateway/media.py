"""Crossings of images, audio, moderations and reranking: one dialect on both sides, as a client of OpenAI's has it."""

from collections.abc import Iterable
from types import MappingProxyType
from typing import Protocol

import msgspec

from farebox.dialects import (
    openai_errors,
    openai_images,
    openai_moderations,
    openai_speech,
    openai_transcriptions,
    rerank,
)
from farebox.dialects.exchange import JobStamp, ParsedRequest, PlainAnswer, ProviderFault
from farebox.dialects.media_request import FormRequest
from farebox.dialects.scrub import Scrub
from farebox.domain.job import Endpoint
from farebox.domain.usage import Usage
from farebox.gateway.crossing import Header, HeaderMap, Relay
from farebox.gateway.upload import upstream_form
from farebox.upstream.request import Upload
from farebox.upstream.route import Candidate


class MediaDialect(Protocol):
    """What a dialect module gives for one kind of endpoint; those that have no stream, or no form, say so."""

    def upstream_body(self, parsed: ParsedRequest, upstream_model: str) -> bytes: ...
    def added_fields(self, parsed: ParsedRequest, upstream_model: str) -> tuple[tuple[str, str], ...]: ...
    def read_answer(
        self, parsed: ParsedRequest, status: int, content_type: str, raw: bytes
    ) -> PlainAnswer | ProviderFault: ...
    def stamp_answer(self, answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes: ...
    def relay(self, parsed: ParsedRequest, stamp: JobStamp, scrub: Scrub) -> Relay: ...


_DIALECTS: MappingProxyType[Endpoint, MediaDialect] = MappingProxyType(
    {
        "images.generations": openai_images,
        "images.edits": openai_images,
        "audio.speech": openai_speech,
        "audio.transcriptions": openai_transcriptions,
        "moderations": openai_moderations,
        "rerank": rerank,
    }
)


class MediaPassthrough(msgspec.Struct, frozen=True, gc=False):
    """One call beside conversation on one route."""

    parsed: ParsedRequest
    candidate: Candidate

    @property
    def _dialect(self) -> MediaDialect:
        return _DIALECTS[self.parsed.endpoint]

    def target(self) -> bytes:
        return self.candidate.asked_path(b"/" + self.parsed.endpoint.replace(".", "/").encode())

    def headers(self, client: HeaderMap) -> tuple[Header, ...]:
        del client
        return ()

    def body(self, most_output_tokens: int | None) -> bytes | Upload:
        del most_output_tokens
        parsed, upstream_model = self.parsed, self.candidate.route.upstream_model
        if isinstance(parsed, FormRequest):
            return upstream_form(parsed, upstream_model, self._dialect.added_fields(parsed, upstream_model))
        return self._dialect.upstream_body(parsed, upstream_model)

    def judge_error(
        self, status: int, headers: Iterable[Header], raw: bytes, scrub: Scrub, *, now_s: int
    ) -> ProviderFault:
        return openai_errors.judge_error(status, headers, raw, scrub, now_s=now_s)

    def read_answer(self, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
        return self._dialect.read_answer(self.parsed, status, content_type, raw)

    def stamp_answer(self, answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
        return self._dialect.stamp_answer(answer, stamp, cost, usage)

    def relay(self, stamp: JobStamp, scrub: Scrub) -> Relay:
        return self._dialect.relay(self.parsed, stamp, scrub)
