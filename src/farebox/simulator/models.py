"""The model lists: one catalogue, described as each dialect describes its own."""

from typing import Any

import msgspec

from farebox.simulator.dialect import Composed, Dialect
from farebox.simulator.identity import CREATED_HOLE
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.script import plain_script
from farebox.simulator.stats import RequestHead

GEMINI_METHODS = ["generateContent", "countTokens", "embedContent", "batchEmbedContents"]


def compose_get(path: str, dialect: Dialect, options: SimulatorOptions) -> Composed:
    """The model list, one model, or a 404 in the shape of the dialect that was asked."""
    head = RequestHead(path)
    root, _, name = path.lstrip("/").partition("/models")
    known = name.removeprefix("/")
    body: Any
    if root not in ("v1", "v1beta") or "/models" not in path:
        data = dialect.error_body(404, options)
        return Composed(plain_script(data, options, status=404, vendor=dialect.vendor), head, repeatable=False)
    if not name:
        body = _list(dialect, options)
    elif known in options.models:
        body = _model(known, dialect)
    else:
        data = dialect.refusal_body(dialect.model_not_found(known))
        return Composed(plain_script(data, options, status=404, vendor=dialect.vendor), head, repeatable=False)
    return Composed(plain_script(msgspec.json.encode(body), options, vendor=dialect.vendor), head, repeatable=False)


def _list(dialect: Dialect, options: SimulatorOptions) -> dict[str, Any]:
    models = [_model(name, dialect) for name in options.models]
    match dialect.vendor:
        case "anthropic":
            ends = {"first_id": options.models[0], "last_id": options.models[-1]} if models else {}
            return {"data": models, "has_more": False, **ends}
        case "google":
            return {"models": models}
        case _:
            return {"object": "list", "data": models}


def _model(name: str, dialect: Dialect) -> dict[str, Any]:
    match dialect.vendor:
        case "anthropic":
            return {"type": "model", "id": name, "display_name": name.title(), "created_at": "2025-01-15T00:00:00Z"}
        case "google":
            return {
                "name": f"models/{name}",
                "version": "001",
                "displayName": name.title(),
                "description": "A simulated model",
                "inputTokenLimit": 1_048_576,
                "outputTokenLimit": 65_536,
                "supportedGenerationMethods": GEMINI_METHODS,
                "temperature": 1,
                "topP": 0.95,
                "topK": 64,
            }
        case _:
            return {"id": name, "object": "model", "created": CREATED_HOLE, "owned_by": "simulated-upstream"}
