"""Crossings of embeddings between OpenAI's dialect and Gemini's: texts in, vectors out, nothing else to translate."""

from collections.abc import Iterable
from urllib.parse import quote

import msgspec

from farebox.dialects import gemini_codec, gemini_embeddings, openai_chat_codec, openai_embeddings
from farebox.dialects.codec import Codec
from farebox.dialects.conversation import Untranslatable
from farebox.dialects.exchange import JobStamp, ParsedRequest, PlainAnswer, ProviderFault
from farebox.dialects.gemini_embeddings import Embeddings, EmbeddingWish
from farebox.dialects.gemini_request import GeminiRequest
from farebox.dialects.scrub import Scrub
from farebox.dialects.translation import as_refusal
from farebox.domain.usage import Usage
from farebox.gateway.crossing import Header, HeaderMap, Relay
from farebox.upstream.route import Candidate


class EmbeddedAnswer(PlainAnswer, frozen=True, kw_only=True):
    """Vectors in no dialect's shape; `raw` is empty."""

    embeddings: Embeddings


class GeminiFromOpenAI:
    """A client of OpenAI's dialect, a provider of Gemini's; always asked for a batch, which may have one entry."""

    def __init__(self, parsed: ParsedRequest, candidate: Candidate) -> None:
        self._candidate = candidate
        self._wish, self._is_base64 = openai_embeddings.read_embed_request(parsed.raw, model=parsed.model)

    def target(self) -> bytes:
        candidate = self._candidate
        path = f"/models/{quote(candidate.route.upstream_model, safe='')}:batchEmbedContents"
        return candidate.asked_path(path.encode())

    def headers(self, client: HeaderMap) -> tuple[Header, ...]:
        del client
        return ()

    def body(self, most_output_tokens: int | None) -> bytes:
        del most_output_tokens
        upstream_model = self._candidate.route.upstream_model
        return gemini_embeddings.write_embed_request(self._wish, upstream_model, is_batch=True)

    def judge_error(
        self, status: int, headers: Iterable[Header], raw: bytes, scrub: Scrub, *, now_s: int
    ) -> ProviderFault:
        return _judged(gemini_codec, openai_chat_codec, status, headers, raw, scrub, now_s=now_s)

    def read_answer(self, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
        del content_type
        return _complete(gemini_embeddings.read_embed_answer(status, raw), self._wish, status)

    def stamp_answer(self, answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
        assert isinstance(answer, EmbeddedAnswer)
        return openai_embeddings.write_embed_answer(
            answer.embeddings, stamp.model, usage, cost, is_base64=self._is_base64
        )

    def relay(self, stamp: JobStamp, scrub: Scrub) -> Relay:
        raise _no_stream(stamp, scrub)


class OpenAIFromGemini:
    """A client of Gemini's dialect, a provider of OpenAI's."""

    def __init__(self, parsed: GeminiRequest, candidate: Candidate) -> None:
        self._candidate = candidate
        self._is_batch = parsed.method == "batchEmbedContents"
        self._wish = gemini_embeddings.read_embed_request(parsed.raw, model=parsed.model, is_batch=self._is_batch)

    def target(self) -> bytes:
        candidate = self._candidate
        return candidate.asked_path(b"/embeddings")

    def headers(self, client: HeaderMap) -> tuple[Header, ...]:
        del client
        return ()

    def body(self, most_output_tokens: int | None) -> bytes:
        del most_output_tokens
        return openai_embeddings.write_embed_request(self._wish, self._candidate.route.upstream_model)

    def judge_error(
        self, status: int, headers: Iterable[Header], raw: bytes, scrub: Scrub, *, now_s: int
    ) -> ProviderFault:
        return _judged(openai_chat_codec, gemini_codec, status, headers, raw, scrub, now_s=now_s)

    def read_answer(self, status: int, content_type: str, raw: bytes) -> PlainAnswer | ProviderFault:
        del content_type
        return _complete(openai_embeddings.read_embed_answer(status, raw), self._wish, status)

    def stamp_answer(self, answer: PlainAnswer, stamp: JobStamp, cost: str, usage: Usage) -> bytes:
        assert isinstance(answer, EmbeddedAnswer)
        del stamp
        return gemini_embeddings.write_embed_answer(answer.embeddings, usage, cost, is_batch=self._is_batch)

    def relay(self, stamp: JobStamp, scrub: Scrub) -> Relay:
        raise _no_stream(stamp, scrub)


def embedding_crossing(parsed: ParsedRequest, candidate: Candidate) -> GeminiFromOpenAI | OpenAIFromGemini:
    """The crossing of a call whose two ends differ; raises Untranslatable where the provider has no embeddings."""
    kind = candidate.channel.kind
    if kind == "anthropic":
        raise Untranslatable("model", "gives no embeddings. Choose another model")
    return (
        OpenAIFromGemini(parsed, candidate)
        if isinstance(parsed, GeminiRequest)
        else GeminiFromOpenAI(parsed, candidate)
    )


def _judged(
    provider: Codec, client: Codec, status: int, headers: Iterable[Header], raw: bytes, scrub: Scrub, *, now_s: int
) -> ProviderFault:
    failed = provider.read_error(status, headers, raw, scrub, now_s=now_s)
    if failed.fault.fault != "request":
        return failed.fault
    return msgspec.structs.replace(failed.fault, body=client.write_error(as_refusal(failed), None))


def _complete(found: Embeddings | ProviderFault, wish: EmbeddingWish, status: int) -> PlainAnswer | ProviderFault:
    """One vector for each text, or it is no answer."""
    if isinstance(found, ProviderFault):
        return found
    if len(found.vectors) != len(wish.texts):
        return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code="vectors_missing")
    return EmbeddedAnswer(
        raw=b"",
        usage=found.usage,
        estimated_output_tokens=0,
        provider_id=None,
        endpoint="embeddings",
        embeddings=found,
    )


def _no_stream(stamp: JobStamp, scrub: Scrub) -> AssertionError:
    del stamp, scrub
    return AssertionError("embeddings are never streamed: requests for it are refused")
