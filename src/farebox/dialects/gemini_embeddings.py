"""Gemini's embedContent and batchEmbedContents, read and written around two small values that any dialect can share."""

from typing import Any

import msgspec

from farebox.dialects.exchange import ProviderFault
from farebox.dialects.gemini_fields import ProtoFields
from farebox.dialects.gemini_usage import read_usage, write_usage
from farebox.dialects.request_body import read_request_body
from farebox.dialects.request_fields import bad_value
from farebox.domain.usage import Usage

MOST_DIMENSIONS = 100_000


class EmbeddingWish(msgspec.Struct, frozen=True):
    """Texts to embed, one vector each."""

    model: str
    texts: tuple[str, ...]
    dimensions: int | None = None


class Embeddings(msgspec.Struct, frozen=True):
    """One vector for each text, in order; `usage` None where the provider reports none."""

    vectors: tuple[tuple[float, ...], ...]
    usage: Usage | None = None


class _Embedding(msgspec.Struct):
    values: list[float]


class _Answer(msgspec.Struct, rename="camel"):
    embedding: _Embedding | None = None
    embeddings: list[_Embedding] | None = None
    usage_metadata: Any = None


_ANSWER = msgspec.json.Decoder(_Answer)


def read_embed_request(raw: bytes, *, model: str, is_batch: bool) -> EmbeddingWish:
    """A client's request; raises Refusal. A task type or title would be lost, and is refused."""
    fields = ProtoFields(read_request_body(raw).tree)
    requests = fields.objects("requests") if is_batch else [fields]
    if not requests:
        raise bad_value("requests", "must be a list with at least one request")
    read = [_request(request, model) for request in requests]
    fields.done()
    dimensions = {found for _, found in read}
    if len(dimensions) > 1:
        raise bad_value("requests", "must all ask for the same outputDimensionality")
    return EmbeddingWish(model, tuple(text for text, _ in read), dimensions.pop())


def write_embed_request(wish: EmbeddingWish, upstream_model: str, *, is_batch: bool) -> bytes:
    """The body for a provider; without `is_batch` of the first text alone."""
    requests: list[dict[str, Any]] = []
    for text in wish.texts:
        request: dict[str, Any] = {"model": f"models/{upstream_model}", "content": {"parts": [{"text": text}]}}
        if wish.dimensions is not None:
            request["outputDimensionality"] = wish.dimensions
        requests.append(request)
    return msgspec.json.encode({"requests": requests} if is_batch else requests[0])


def read_embed_answer(status: int, raw: bytes) -> Embeddings | ProviderFault:
    """A provider's vectors; a channel fault when there are none."""
    try:
        answer = _ANSWER.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _unusable(status, "not_embeddings")
    found = answer.embeddings or ([] if answer.embedding is None else [answer.embedding])
    if not found:
        return _unusable(status, "empty_answer")
    return Embeddings(tuple(tuple(entry.values) for entry in found), read_usage(answer.usage_metadata))


def write_embed_answer(answer: Embeddings, usage: Usage, cost: str | None, *, is_batch: bool) -> bytes:
    """The vectors as the client gets them, with what is charged."""
    vectors = [{"values": vector} for vector in answer.vectors]
    told: dict[str, Any] = {"embeddings": vectors} if is_batch else {"embedding": vectors[0]}
    told["usageMetadata"] = write_usage(usage, cost)
    return msgspec.json.encode(told)


def _request(request: ProtoFields, model: str) -> tuple[str, int | None]:
    named = request.text("model")
    if named not in (None, model, f"models/{model}"):
        raise bad_value(request.name("model"), "names another model than the path. Leave it out")
    content = request.object("content")
    if content is None:
        raise bad_value(request.name("content"), "is missing")
    content.leave("role")
    texts: list[str] = []
    for part in content.objects("parts"):
        texts.append(part.needed_text("text"))
        part.done()
    content.done()
    dimensions = request.whole("outputDimensionality", 1, MOST_DIMENSIONS)
    if not texts:
        raise bad_value(request.name("content"), "must hold a text")
    request.done()
    return "\n".join(texts), dimensions


def _unusable(status: int, code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)
