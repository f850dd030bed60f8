"""Embeddings as this dialect asks for and answers them; it reports no usage with them."""

from typing import Any

import msgspec

from farebox.simulator.embedding import DIMENSIONS, unit_vector
from farebox.simulator.errors import bad_request
from farebox.simulator.gemini.request import Content, camelled
from farebox.simulator.options import SimulatorOptions


class EmbedConfig(msgspec.Struct, rename="camel"):
    output_dimensionality: int | None = None


class EmbedItem(msgspec.Struct, rename="camel"):
    content: Content
    model: str = ""
    output_dimensionality: int | None = None
    embed_content_config: EmbedConfig | None = None

    @property
    def dimensions(self) -> int:
        config = self.embed_content_config or EmbedConfig()
        return self.output_dimensionality or config.output_dimensionality or DIMENSIONS


class EmbedRequest(msgspec.Struct, frozen=True):
    """One or many contents to embed, for the model of the URL."""

    model: str
    items: list[EmbedItem]
    batch: bool


def read_embed(model: str, body: bytes, *, batch: bool) -> EmbedRequest:
    value = camelled(msgspec.json.decode(body))
    if not batch:
        return EmbedRequest(model, [msgspec.convert(value, EmbedItem)], batch)
    items = msgspec.convert(value.get("requests", []) if isinstance(value, dict) else value, list[EmbedItem])
    return EmbedRequest(model, items, batch)


def check_embed(request: EmbedRequest, options: SimulatorOptions) -> None:
    if not request.items:
        raise bad_request("* BatchEmbedContentsRequest.requests: requests is not specified")
    for item in request.items:
        if request.batch and item.model.removeprefix("models/") != request.model:
            raise bad_request("* BatchEmbedContentsRequest.requests.model: must match the model of the request")
        if not 1 <= item.dimensions <= 8192:
            raise bad_request("* EmbedContentRequest.output_dimensionality: must be between 1 and 8192")


def embed_body(request: EmbedRequest, options: SimulatorOptions) -> dict[str, Any]:
    embeddings = [{"values": unit_vector(item.content.text, item.dimensions, options.seed)} for item in request.items]
    return {"embeddings": embeddings} if request.batch else {"embedding": embeddings[0]}
