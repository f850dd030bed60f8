"""The data plane's part of /openapi.json: what customers call. The gateway answers these paths itself.

Bodies are the vendors' own; what is said of them here is what Farebox adds and refuses. Errors of Anthropic's and
Gemini's paths have those dialects' shapes, with the same codes (docs/dialects.md).
"""

from typing import Any

_KEY: list[dict[str, list[str]]] = [{"apiKey": []}]
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "code"],
            "properties": {
                "message": {"type": "string", "description": "What is wrong and what to do next."},
                "type": {"type": "string"},
                "param": {"type": ["string", "null"]},
                "code": {"type": "string", "description": "Stable, for programs."},
                "job_id": {"type": "string", "format": "uuid"},
            },
        }
    },
    "example": {"error": {"message": "…", "type": "invalid_request_error", "param": None, "code": "model_not_found"}},
}
_CALL_ERRORS = {
    "400": "The request is not valid; `param` names the field.",
    "401": "The API key is missing, unknown, revoked or expired.",
    "402": "Not enough credit; the error says what is required and available, and the `max_tokens` that would fit.",
    "403": "The account is frozen, or the key may not call this model or from this address.",
    "404": "There is no such model.",
    "429": "A limit is reached; see retry-after.",
    "502": "No provider could answer; not charged.",
    "503": "Stopped, no channel, or the ledger is away; not charged. See retry-after.",
}
_READ_ERRORS = {"401": _CALL_ERRORS["401"], "404": "There is no such thing for this key."}
_CHAT_EXAMPLE = {"model": "MODEL", "messages": [{"role": "user", "content": "Hello!"}], "max_tokens": 200}
_GEMINI_EXAMPLE = {"contents": [{"role": "user", "parts": [{"text": "Hello!"}]}]}
_GEMINI_EMBED_EXAMPLE = {"content": {"parts": [{"text": "A text"}]}}


def data_plane() -> dict[str, Any]:
    """OpenAPI paths and components of the customers' API."""
    return {
        "paths": {
            "/v1/chat/completions": _call("A chat completion, plain or streamed", _CHAT_EXAMPLE, streams=True),
            "/v1/completions": _call("A completion of a prompt", {"model": "MODEL", "prompt": "Once"}, streams=True),
            "/v1/embeddings": _call("Embeddings", {"model": "MODEL", "input": "A text"}, streams=False),
            "/v1/responses": _call(
                "A response of OpenAI's newer dialect, without state",
                {"model": "MODEL", "input": "Hello!"},
                streams=True,
            ),
            "/v1/messages": _call("A message of Anthropic's dialect", _CHAT_EXAMPLE, streams=True),
            "/v1/messages/count_tokens": _call("How many tokens a message has: free", _CHAT_EXAMPLE, streams=False),
            "/v1beta/models/{model}:generateContent": _gemini("An answer of Gemini's dialect", _GEMINI_EXAMPLE),
            "/v1beta/models/{model}:streamGenerateContent": _gemini(
                "The same as a stream: events with `alt=sse`, else one array", _GEMINI_EXAMPLE, streams=True
            ),
            "/v1beta/models/{model}:countTokens": _gemini("How many tokens a request has: free", _GEMINI_EXAMPLE),
            "/v1beta/models/{model}:embedContent": _gemini("An embedding", _GEMINI_EMBED_EXAMPLE),
            "/v1beta/models/{model}:batchEmbedContents": _gemini(
                "Several embeddings", {"requests": [_GEMINI_EMBED_EXAMPLE]}
            ),
            "/v1beta/models": _read("All models that this key may call, in Gemini's shape"),
            "/v1beta/models/{model}": _read("One model, in Gemini's shape", "model"),
            "/v1/models": _read("All models that this key may call, with prices"),
            "/v1/models/{model}": _read("One model", "model"),
            "/v1/jobs/{job}": _read("The receipt of a job: usage, price lines, charge", "job"),
            "/v1/credits": _read("Balance, held and spendable credit"),
            "/v1/key": _read("This key's limits, and what is left of them"),
        },
        "components": {
            "securitySchemes": {"apiKey": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Error": _ERROR},
        },
    }


def _call(summary: str, example: dict[str, Any], *, streams: bool) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": {"type": "object"}}}
    if streams:
        content["text/event-stream"] = {"schema": {"type": "string"}}
    answer = {
        "description": "The answer, with `usage.cost` in the unit of account.",
        "headers": {
            "farebox-job-id": {"schema": {"type": "string", "format": "uuid"}},
            "farebox-cost": {"schema": {"type": "string"}, "description": "Plain answers only."},
            "farebox-balance": {"schema": {"type": "string"}, "description": "Plain answers only."},
        },
        "content": content,
    }
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object"}, "example": example}}}
    idempotency = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string"}}
    return {
        "post": {
            "summary": summary,
            "security": _KEY,
            "parameters": [idempotency],
            "requestBody": body,
            "responses": {"200": answer, **_errors(_CALL_ERRORS)},
        }
    }


def _gemini(summary: str, example: dict[str, Any], *, streams: bool = False) -> dict[str, Any]:
    described = _call(summary, example, streams=streams)
    model = {"name": "model", "in": "path", "required": True, "schema": {"type": "string"}}
    described["post"]["parameters"].append(model)
    return described


def _read(summary: str, parameter: str | None = None) -> dict[str, Any]:
    schema = {"type": "string"}
    named = [{"name": parameter, "in": "path", "required": True, "schema": schema}] if parameter is not None else []
    content = {"application/json": {"schema": {"type": "object"}}}
    responses = {"200": {"description": summary + ".", "content": content}, **_errors(_READ_ERRORS)}
    return {"get": {"summary": summary, "security": _KEY, "parameters": named, "responses": responses}}


def _errors(texts: dict[str, str]) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    return {status: {"description": text, "content": content} for status, text in texts.items()}
