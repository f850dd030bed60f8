"""OpenAI's embeddings, read and written around the values that any dialect can share (see gemini_embeddings)."""

import base64
import struct
from typing import Any

import msgspec

from farebox.dialects.conversation import Untranslatable
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.gemini_embeddings import MOST_DIMENSIONS, Embeddings, EmbeddingWish
from farebox.dialects.openai_usage import read_usage, usage_object
from farebox.dialects.request_fields import read_body
from farebox.domain.usage import Usage


class _Vector(msgspec.Struct):
    embedding: list[float]
    index: int = 0


class _Answer(msgspec.Struct):
    data: list[_Vector]
    usage: Any = None


_ANSWER = msgspec.json.Decoder(_Answer)


def read_embed_request(raw: bytes, *, model: str) -> tuple[EmbeddingWish, bool]:
    """A client's request, and whether it wants its vectors in base64; raises Refusal."""
    fields = read_body(raw)
    fields.leave("model", "models", "user")
    given = fields.needed("input")
    texts = given if isinstance(given, list) else [given]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise Untranslatable("input", "must be a text or a list of texts for this model. Send no token numbers")
    encoding = fields.choice("encoding_format", "float", "base64")
    dimensions = fields.whole("dimensions", 1, MOST_DIMENSIONS)
    fields.done()
    return EmbeddingWish(model, tuple(texts), dimensions), encoding == "base64"


def write_embed_request(wish: EmbeddingWish, upstream_model: str) -> bytes:
    """The body for a provider."""
    body: dict[str, Any] = {"model": upstream_model, "input": wish.texts, "encoding_format": "float"}
    if wish.dimensions is not None:
        body["dimensions"] = wish.dimensions
    return msgspec.json.encode(body)


def read_embed_answer(status: int, raw: bytes) -> Embeddings | ProviderFault:
    """A provider's vectors in the order of the texts; a channel fault when there are none."""
    try:
        answer = _ANSWER.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _unusable(status, "not_embeddings")
    if not answer.data:
        return _unusable(status, "empty_answer")
    in_order = sorted(answer.data, key=lambda vector: vector.index)
    return Embeddings(tuple(tuple(vector.embedding) for vector in in_order), read_usage(answer.usage, "embeddings"))


def write_embed_answer(answer: Embeddings, model: str, usage: Usage, cost: str | None, *, is_base64: bool) -> bytes:
    """The vectors as the client gets them, with what is charged."""
    data = [
        {"object": "embedding", "index": index, "embedding": _packed(vector) if is_base64 else vector}
        for index, vector in enumerate(answer.vectors)
    ]
    told = {"object": "list", "data": data, "model": model}
    return msgspec.json.encode(told | {"usage": msgspec.Raw(usage_object(usage, cost, "embeddings"))})


def _packed(vector: tuple[float, ...]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _unusable(status: int, code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)
