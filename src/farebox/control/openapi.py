"""The data plane's part of /openapi.json: what customers call. The gateway answers these paths itself.

Bodies are the vendors' own; what is said of them here is what Farebox adds and refuses. Errors of Anthropic's and
Gemini's paths have those dialects' shapes, with the same codes (docs/dialects.md).
"""

from typing import Any

from farebox.control.openapi_errors import CALL_CODES, COUNT_CODES, READ_CODES, SCHEMAS, error_responses
from farebox.dialects import anthropic_codec, gemini_codec, openai_chat_codec
from farebox.dialects.codec import Codec

_KEY: list[dict[str, list[str]]] = [{"apiKey": []}, {"anthropicKey": []}, {"geminiKey": []}]
_JSON, _FORM = "application/json", "multipart/form-data"
_CHAT = {"model": "MODEL", "messages": [{"role": "user", "content": "Hello!"}], "max_tokens": 200}
_GEMINI_CHAT = {"contents": [{"role": "user", "parts": [{"text": "Hello!"}]}]}
_GEMINI_EMBEDDING = {"content": {"parts": [{"text": "A text"}]}}
_STRING = {"type": "string"}
_OBJECT: dict[str, Any] = {"type": "object"}
_PARTS = {"type": "array", "items": _OBJECT}
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}

_ANSWER_HEADERS: dict[str, Any] = {
    "x-request-id": {"schema": _STRING},
    "farebox-job-id": {"schema": {"type": "string", "format": "uuid"}, "description": "For GET /v1/jobs/{job}."},
    "farebox-cost": {"schema": _STRING, "description": "Plain answers only."},
    "farebox-balance": {"schema": _STRING, "description": "Plain answers only, for keys that may see it."},
    "farebox-max-tokens": {"schema": {"type": "integer"}, "description": "Where the balance bounds the output."},
    **{
        f"x-ratelimit-{what}-{of}": {"schema": _STRING, "description": "Where such a limit is set."}
        for of in ("requests", "tokens")
        for what in ("limit", "remaining", "reset")
    },
}


def data_plane() -> dict[str, Any]:
    """OpenAPI paths and components of the customers' API."""
    return {
        "paths": {**_openai_paths(), **_anthropic_paths(), **_gemini_paths(), **_own_paths()},
        "components": {
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "bearer"},
                "anthropicKey": {"type": "apiKey", "in": "header", "name": "x-api-key"},
                "geminiKey": {"type": "apiKey", "in": "header", "name": "x-goog-api-key"},
            },
            "schemas": SCHEMAS,
        },
    }


def _openai_paths() -> dict[str, Any]:
    image = {"model": "MODEL", "prompt": "A lighthouse in the fog"}
    return {
        "/v1/chat/completions": _call("A chat completion, plain or streamed", _CHAT, streams=True),
        "/v1/completions": _call("A completion of a prompt", {"model": "MODEL", "prompt": "Once"}, streams=True),
        "/v1/responses": _call(
            "A response of OpenAI's newer dialect, without state",
            {"model": "MODEL", "input": "Hello!"},
            streams=True,
        ),
        "/v1/embeddings": _call("Embeddings", {"model": "MODEL", "input": "A text"}),
        "/v1/images/generations": _call("Images of a prompt", image, streams=True),
        "/v1/images/edits": _form("Images made of images", {"image": _FILE, "prompt": _STRING}, streams=True),
        "/v1/audio/speech": _call(
            "A text read aloud",
            {"model": "MODEL", "input": "Hello!", "voice": "alloy"},
            streams=True,
            kinds=("audio/mpeg",),
        ),
        "/v1/audio/transcriptions": _form("The text of speech", {"file": _FILE}, streams=True),
        "/v1/moderations": _call("Whether a text is harmful", {"model": "MODEL", "input": "A text"}),
        "/v1/rerank": _call(
            "Documents in the order of their use for a query",
            {"model": "MODEL", "query": "fog", "documents": ["A lighthouse", "A loaf of bread"]},
        ),
    }


def _anthropic_paths() -> dict[str, Any]:
    return {
        "/v1/messages": _call("A message of Anthropic's dialect", _CHAT, streams=True, codec=anthropic_codec),
        "/v1/messages/count_tokens": _call(
            "How many tokens a message has: free", _CHAT, codec=anthropic_codec, codes=COUNT_CODES
        ),
    }


def _gemini_paths() -> dict[str, Any]:
    methods = {
        "generateContent": _call("An answer of Gemini's dialect", _GEMINI_CHAT, codec=gemini_codec),
        "streamGenerateContent": _call(
            "The same as a stream: events with `alt=sse`, else one array",
            _GEMINI_CHAT,
            codec=gemini_codec,
            streams=True,
            plain=_PARTS,
        ),
        "countTokens": _call(
            "How many tokens a request has: free", _GEMINI_CHAT, codec=gemini_codec, codes=COUNT_CODES
        ),
        "embedContent": _call("An embedding", _GEMINI_EMBEDDING, codec=gemini_codec),
        "batchEmbedContents": _call("Several embeddings", {"requests": [_GEMINI_EMBEDDING]}, codec=gemini_codec),
    }
    for described in methods.values():
        described["post"]["parameters"].append(_in_path("model"))
    return {
        **{f"/v1beta/models/{{model}}:{method}": described for method, described in methods.items()},
        "/v1beta/models": _read("All models that this key may call, in Gemini's shape", codec=gemini_codec),
        "/v1beta/models/{model}": _read("One model, in Gemini's shape", "model", codec=gemini_codec),
    }


def _own_paths() -> dict[str, Any]:
    return {
        "/v1/models": _read("All models that this key may call, with prices"),
        "/v1/models/{model}": _read("One model", "model"),
        "/v1/jobs/{job}": _read("The receipt of a job: usage, price lines, charge", "job"),
        "/v1/credits": _read("Balance, held and spendable credit", codes=READ_CODES | {"balance_hidden"}),
        "/v1/key": _read("This key's limits, and what is left of them"),
    }


def _call(
    summary: str,
    example: dict[str, Any],
    *,
    codec: Codec = openai_chat_codec,
    codes: frozenset[str] = CALL_CODES,
    streams: bool = False,
    kinds: tuple[str, ...] = (_JSON,),
    plain: dict[str, Any] = _OBJECT,
) -> dict[str, Any]:
    body = {_JSON: {"schema": _OBJECT, "example": example}}
    return _post(summary, body, codec=codec, codes=codes, streams=streams, kinds=kinds, plain=plain)


def _form(summary: str, fields: dict[str, Any], *, streams: bool) -> dict[str, Any]:
    schema = {"type": "object", "required": ["model", *fields], "properties": {"model": _STRING, **fields}}
    return _post(
        summary,
        {_FORM: {"schema": schema}},
        codec=openai_chat_codec,
        codes=CALL_CODES,
        streams=streams,
        kinds=(_JSON,),
        plain=_OBJECT,
    )


def _post(
    summary: str,
    body: dict[str, Any],
    *,
    codec: Codec,
    codes: frozenset[str],
    streams: bool,
    kinds: tuple[str, ...],
    plain: dict[str, Any],
) -> dict[str, Any]:
    is_billed = codes == CALL_CODES
    schema = plain if kinds == (_JSON,) else _STRING
    content: dict[str, Any] = {kind: {"schema": schema} for kind in kinds}
    if streams:
        content["text/event-stream"] = {"schema": _STRING}
    answer: dict[str, Any] = {"description": f"{summary}.", "content": content}
    if is_billed:
        answer |= {"description": "The answer, with its cost in the usage.", "headers": _ANSWER_HEADERS}
    idempotency = {"name": "Idempotency-Key", "in": "header", "schema": _STRING}
    return {
        "post": {
            "summary": summary,
            "security": _KEY,
            "parameters": [idempotency] if is_billed else [],
            "requestBody": {"required": True, "content": body},
            "responses": {"200": answer, **error_responses(codec, codes, takes_body=True)},
        }
    }


def _read(
    summary: str,
    parameter: str | None = None,
    *,
    codec: Codec = openai_chat_codec,
    codes: frozenset[str] = READ_CODES,
) -> dict[str, Any]:
    if parameter is not None:
        codes |= {f"{parameter}_not_found"}
    answer = {"description": f"{summary}.", "content": {_JSON: {"schema": _OBJECT}}}
    return {
        "get": {
            "summary": summary,
            "security": _KEY,
            "parameters": [] if parameter is None else [_in_path(parameter)],
            "responses": {"200": answer, **error_responses(codec, codes, takes_body=False)},
        }
    }


def _in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _STRING}
