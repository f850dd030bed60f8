"""Crossings between a client and a provider of different dialects, by way of a conversation in neither's words.

Everything is written once before admission, so that what cannot be carried over is refused before anything is held.
"""

from collections.abc import Iterable
from urllib.parse import quote

import msgspec

from farebox.dialects.codec import AnswerStamp, Codec, Target
from farebox.dialects.conversation import Conversation, Dialect, Reasoning, RefusalPart, Text, ToolCall
from farebox.dialects.exchange import JobStamp, ParsedRequest, PlainAnswer, ProviderFault
from farebox.dialects.reply import Answer
from farebox.dialects.scrub import Scrub
from farebox.dialects.translation import TranslatedStream, Translation
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage
from farebox.gateway.crossing import Header, HeaderMap
from farebox.kit.ids import NIL, unix_ms_of
from farebox.upstream.provider import ANTHROPIC_VERSION
from farebox.upstream.route import Candidate

_BYTES_PER_TOKEN = 4
_NOBODY = JobStamp(NIL, "")


class TranslatedAnswer(PlainAnswer, frozen=True, kw_only=True):
    """A provider's answer in no dialect's words; `raw` is empty."""

    answer: Answer


class TranslatedCrossing:
    """A conversation between two dialects. Making one raises Untranslatable for what the provider has no word for."""

    def __init__(
        self,
        parsed: ParsedRequest,
        conversation: Conversation,
        candidate: Candidate,
        client: Codec,
        provider: Codec,
        target: Target,
    ) -> None:
        self._parsed = parsed
        self._conversation = conversation
        self._candidate = candidate
        self._client = client
        self._provider = provider
        self._target = target
        self._translation = Translation(client, provider, conversation, target)
        self._body = self._translation.body()

    def target(self) -> bytes:
        candidate = self._candidate
        path = _path(self._provider.DIALECT, candidate.route.upstream_model, stream=self._parsed.stream)
        return candidate.asked_path(path)

    def headers(self, client: HeaderMap) -> tuple[Header, ...]:
        # The client's own are meant for providers of its dialect.
        del client
        return (ANTHROPIC_VERSION,) if self._provider.DIALECT == "anthropic" else ()

    def body(self, most_output_tokens: int | None) -> bytes:
        if most_output_tokens is None:
            return self._body
        target = msgspec.structs.replace(self._target, most_output_tokens=most_output_tokens)
        return Translation(self._client, self._provider, self._conversation, target).body()

    def judge_error(
        self, status: int, headers: Iterable[Header], raw: bytes, scrub: Scrub, *, now_s: int
    ) -> ProviderFault:
        return self._translation.judge_error(status, headers, raw, scrub, now_s=now_s)

    def read_answer(self, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
        answer = self._translation.read_answer(status, content_type, raw)
        if isinstance(answer, ProviderFault):
            return answer
        try:
            # What the client's dialect cannot hold must be known while another route can still answer.
            self._write(answer, _NOBODY, None, Usage())
        except Refusal:
            return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code="untranslatable")
        return TranslatedAnswer(
            raw=b"",
            usage=answer.usage,
            estimated_output_tokens=0 if answer.usage else _estimate(answer),
            provider_id=answer.id,
            endpoint=self._parsed.endpoint,
            answer=answer,
        )

    def stamp_answer(self, answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
        assert isinstance(answer, TranslatedAnswer)
        return self._write(answer.answer, stamp, cost, usage)

    def relay(self, stamp: JobStamp, scrub: Scrub) -> TranslatedStream:
        return self._translation.stream(stamp, unix_ms_of(stamp.job_id) // 1000, scrub)

    def _write(self, answer: Answer, job: JobStamp, cost: str | None, usage: Usage) -> bytes:
        created_s = unix_ms_of(job.job_id) // 1000
        return self._translation.write_answer(answer, AnswerStamp(job=job, created_s=created_s, usage=usage, cost=cost))


def _path(dialect: Dialect, upstream_model: str, *, stream: bool) -> bytes:
    match dialect:
        case "anthropic":
            return b"/messages"
        case "gemini":
            method = "streamGenerateContent?alt=sse" if stream else "generateContent"
            return f"/models/{quote(upstream_model, safe='')}:{method}".encode()
        case "openai_responses":
            return b"/responses"
        case _:
            return b"/chat/completions"


def _estimate(answer: Answer) -> int:
    """Tokens of what the model wrote, by its bytes, where the provider counted nothing."""
    size = 0
    for choice in answer.choices:
        for part in choice.parts:
            match part:
                case Text() | Reasoning() | RefusalPart():
                    size += len(part.text.encode("utf-8", "replace"))
                case ToolCall():
                    size += len(part.name) + len(part.arguments_json.encode("utf-8", "replace"))
                case _:
                    pass
    return -(-size // _BYTES_PER_TOKEN)
