"""Crossings between two ends of the same dialect: the provider's bytes are the client's but for a few values.

The way of most calls, and the fast one: nothing here decodes a body.
"""

import re
from collections.abc import Iterable

import msgspec

from farebox.dialects import (
    anthropic_answer,
    anthropic_errors,
    anthropic_request,
    gemini_answer,
    gemini_errors,
    gemini_request,
    gemini_stream,
    openai_answer,
    openai_errors,
    openai_request,
    openai_stream,
    responses_answer,
    responses_relay,
    responses_request,
)
from farebox.dialects.anthropic_betas import passed_betas
from farebox.dialects.anthropic_relay import AnthropicRelay
from farebox.dialects.exchange import JobStamp, ParsedRequest, PlainAnswer, ProviderFault
from farebox.dialects.gemini_request import GeminiRequest
from farebox.dialects.scrub import Scrub
from farebox.domain.job import Endpoint
from farebox.domain.usage import Usage
from farebox.gateway.crossing import Header, HeaderMap
from farebox.upstream.provider import ANTHROPIC_VERSION
from farebox.upstream.route import Candidate

_OPENAI_PATHS: dict[Endpoint, bytes] = {
    "chat.completions": b"/chat/completions",
    "completions": b"/completions",
    "embeddings": b"/embeddings",
    "responses": b"/responses",
}
_OPENAI_BETA = b"openai-beta"
_VERSION_NAME = ANTHROPIC_VERSION[0]
_VERSION = re.compile(rb"\d{4}-\d{2}-\d{2}")


class OpenAIPassthrough(msgspec.Struct, frozen=True, gc=False):
    """Chat completions, completions and embeddings of OpenAI and its many compatible servers."""

    parsed: ParsedRequest
    candidate: Candidate

    def target(self) -> bytes:
        return self.candidate.asked_path(_OPENAI_PATHS[self.parsed.endpoint])

    def headers(self, client: HeaderMap) -> tuple[Header, ...]:
        return _openai_headers(client)

    def body(self, most_output_tokens: int | None) -> bytes:
        parsed, facts = self.parsed, self.candidate.preset.request
        return openai_request.upstream_body(
            parsed,
            upstream_model=self.candidate.route.upstream_model,
            most_output_tokens=most_output_tokens,
            ask_stream_usage=parsed.stream,
            # Only of conversations is it known under which name the provider takes it.
            end_user=parsed.end_user if facts.end_user and parsed.endpoint == "chat.completions" else None,
            bound_name=facts.bound,
            end_user_name=facts.end_user or "",
            leaves_out=facts.leaves_out,
            renames=facts.renames,
            call_id_length=facts.call_id_length,
        )

    def judge_error(
        self, status: int, headers: Iterable[Header], raw: bytes, scrub: Scrub, *, now_s: int
    ) -> ProviderFault:
        return openai_errors.judge_error(status, headers, raw, scrub, now_s=now_s)

    def read_answer(self, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
        return openai_answer.read_answer(self.parsed.endpoint, status, content_type, raw)

    def stamp_answer(self, answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
        return openai_answer.stamp_answer(answer, stamp, cost, usage, self.candidate.strip)

    def relay(self, stamp: JobStamp, scrub: Scrub) -> openai_stream.StreamRelay:
        parsed = self.parsed
        return openai_stream.StreamRelay(
            parsed.endpoint,
            stamp,
            parsed.wants_stream_usage,
            answers=parsed.answers,
            scrub=scrub,
            strip=self.candidate.strip,
        )


class ResponsesPassthrough(msgspec.Struct, frozen=True, gc=False):
    """OpenAI's responses, which only OpenAI's own channels are asked for."""

    parsed: ParsedRequest
    candidate: Candidate

    def target(self) -> bytes:
        return self.candidate.asked_path(_OPENAI_PATHS["responses"])

    def headers(self, client: HeaderMap) -> tuple[Header, ...]:
        return _openai_headers(client)

    def body(self, most_output_tokens: int | None) -> bytes:
        return responses_request.upstream_body(
            self.parsed,
            upstream_model=self.candidate.route.upstream_model,
            most_output_tokens=most_output_tokens,
            end_user=self.parsed.end_user,
        )

    def judge_error(
        self, status: int, headers: Iterable[Header], raw: bytes, scrub: Scrub, *, now_s: int
    ) -> ProviderFault:
        return openai_errors.judge_error(status, headers, raw, scrub, now_s=now_s)

    def read_answer(self, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
        return responses_answer.read_answer(status, content_type, raw)

    def stamp_answer(self, answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
        return responses_answer.stamp_answer(answer, stamp, cost, usage)

    def relay(self, stamp: JobStamp, scrub: Scrub) -> responses_relay.StreamRelay:
        return responses_relay.StreamRelay(stamp, scrub=scrub)


class MessagesPassthrough(msgspec.Struct, frozen=True, gc=False):
    """Anthropic's messages."""

    parsed: ParsedRequest
    candidate: Candidate

    def target(self) -> bytes:
        return self.candidate.asked_path(b"/messages")

    def headers(self, client: HeaderMap) -> tuple[Header, ...]:
        version = client.get(_VERSION_NAME, b"")
        betas = passed_betas(client.get(b"anthropic-beta"))
        told = (_VERSION_NAME, version) if _VERSION.fullmatch(version) else ANTHROPIC_VERSION
        return (told,) if betas is None else (told, (b"anthropic-beta", betas))

    def body(self, most_output_tokens: int | None) -> bytes:
        return anthropic_request.upstream_body(
            self.parsed,
            upstream_model=self.candidate.route.upstream_model,
            most_output_tokens=most_output_tokens,
            end_user=self.parsed.end_user,
        )

    def judge_error(
        self, status: int, headers: Iterable[Header], raw: bytes, scrub: Scrub, *, now_s: int
    ) -> ProviderFault:
        return anthropic_errors.judge_error(status, headers, raw, scrub, now_s=now_s)

    def read_answer(self, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
        return anthropic_answer.read_answer(status, content_type, raw)

    def stamp_answer(self, answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
        return anthropic_answer.stamp_answer(answer, stamp, cost, usage)

    def relay(self, stamp: JobStamp, scrub: Scrub) -> AnthropicRelay:
        return AnthropicRelay(stamp, scrub=scrub)


class GeminiPassthrough(msgspec.Struct, frozen=True, gc=False):
    """Gemini's generateContent and embeddings; the method stands in the path."""

    parsed: GeminiRequest
    candidate: Candidate

    def target(self) -> bytes:
        path = gemini_request.upstream_path(self.parsed.method, self.candidate.route.upstream_model)
        return self.candidate.asked_path(path.removeprefix("/v1beta").encode())

    def headers(self, client: HeaderMap) -> tuple[Header, ...]:
        del client
        return ()

    def body(self, most_output_tokens: int | None) -> bytes:
        return gemini_request.upstream_body(
            self.parsed,
            upstream_model=self.candidate.route.upstream_model,
            most_output_tokens=most_output_tokens,
        )

    def judge_error(
        self, status: int, headers: Iterable[Header], raw: bytes, scrub: Scrub, *, now_s: int
    ) -> ProviderFault:
        return gemini_errors.judge_error(status, headers, raw, scrub, now_s=now_s)

    def read_answer(self, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
        return gemini_answer.read_answer(self.parsed.method, status, content_type, raw)

    def stamp_answer(self, answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
        return gemini_answer.stamp_answer(answer, stamp, cost, usage)

    def relay(self, stamp: JobStamp, scrub: Scrub) -> gemini_stream.StreamRelay:
        parsed = self.parsed
        return gemini_stream.StreamRelay(stamp, form=parsed.form, answers=parsed.answers, scrub=scrub)


def _openai_headers(client: HeaderMap) -> tuple[Header, ...]:
    # All that a client may tell in headers; everything else could name it, its network or its software.
    value = client.get(_OPENAI_BETA)
    return () if value is None else ((_OPENAI_BETA, value),)
