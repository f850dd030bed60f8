"""Embeddings on the wire: deterministic unit vectors as numbers or as base64 of little-endian floats."""

import base64
import hashlib
import math
import struct
from typing import Any

from farebox.simulator.identity import model_name
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.request import EmbeddingRequest, text_tokens

DIMENSIONS = 256


def embedding_answer(request: EmbeddingRequest, model: str, options: SimulatorOptions) -> tuple[dict[str, Any], int]:
    """The whole answer and its prompt tokens; embeddings have no id and no completion tokens."""
    tokens = sum(text_tokens(text) for text in request.inputs)
    if options.prompt_tokens is not None:
        tokens = options.prompt_tokens
    data = []
    for index, text in enumerate(request.inputs):
        vector = unit_vector(text, request.dimensions or DIMENSIONS, options.seed)
        packed: Any = vector
        if request.encoding_format == "base64":
            packed = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
        data.append({"object": "embedding", "index": index, "embedding": packed})
    answer: dict[str, Any] = {"object": "list", "data": data, "model": model_name(model, options)}
    if options.usage != "missing":
        answer["usage"] = {"prompt_tokens": tokens, "total_tokens": tokens}
    return answer, tokens


def unit_vector(text: str, dimensions: int, seed: int) -> list[float]:
    """A vector of length one that depends on nothing but its arguments."""
    stream = hashlib.shake_128(f"{seed}:{text}".encode("utf-8", "surrogatepass")).digest(2 * dimensions)
    raw = [value + 0.5 for value in struct.unpack(f"<{dimensions}h", stream)]
    length = math.sqrt(sum(value * value for value in raw))
    return [value / length for value in raw]
