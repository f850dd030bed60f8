"""What can go wrong with a call of the customers' API, by endpoint: statuses, codes and examples for /openapi.json.

The codes and their statuses are domain/errors.py's; the examples are written by the dialects themselves.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from farebox.dialects.codec import Codec
from farebox.domain.errors import STATUS_BY_CODE, Refusal

# For an example each: what the API really says is in the error itself.
MESSAGES: Mapping[str, str] = {
    "invalid_request": "`messages` is missing.",
    "invalid_api_key": "The API key 'fb_live_ab12…' is not valid; check it or make a new one.",
    "key_revoked": "This API key was revoked. Use another key, or create a new one.",
    "key_expired": "This API key has expired. Use another key, or create a new one.",
    "insufficient_credits": "This call may cost 0.5, but 0.1 is available. Add credit, or lower max_tokens to 900.",
    "account_frozen": "This account is frozen; its balance is kept. Contact support to have it reviewed.",
    "model_not_allowed": "This API key may not use this model. Use an allowed one, or change the key's models.",
    "address_not_allowed": "This API key may not be used from this address.",
    "terms_not_accepted": "The terms have changed. Accept them in the console to go on.",
    "email_not_verified": "The e-mail address of this account is not confirmed. Open the link in its mail.",
    "approval_pending": "This account waits for the operator's approval. You get a mail when it can be used.",
    "balance_hidden": "This API key may not see the balance; use another one or the console.",
    "not_found": "There is no such endpoint; the API is described at /openapi.json.",
    "model_not_found": "There is no such model; GET /v1/models lists those that exist.",
    "job_not_found": "There is no such job in this account; ids are in the farebox-job-id header.",
    "method_not_allowed": "This endpoint takes POST.",
    "idempotency_conflict": "This Idempotency-Key belongs to a job that is running or has completed.",
    "request_too_large": "The body is larger than 33554432 bytes; send a smaller one.",
    "idempotency_mismatch": "This Idempotency-Key was used with another request. Send a new key for a new request.",
    "rate_limit_exceeded": "This API key may make 60 requests per minute. Try again in 7 s.",
    "spend_limit_exceeded": "The daily spend of this API key is used up. It starts anew at midnight UTC.",
    "concurrency_limit_exceeded": "This API key may run 5 calls at once. Try again when one has ended.",
    "headers_too_large": "The request's headers are too large or too many.",
    "region_not_served": "This service is not offered where you are.",
    "internal_error": "Something failed here; the call was not charged. Try again.",
    "provider_error": "The provider failed to answer; try again. The call was not charged.",
    "emergency_stop": "This model is stopped for now; try again later.",
    "no_channel_available": "No provider of this model can be reached just now; try again shortly.",
    "ledger_unavailable": "The ledger cannot be reached; try again shortly. Nothing was charged.",
    "timeout": "The provider did not answer in time; try again. The call was not charged.",
}
# Beside a code's own status: the client was too slow, the body is coded or typed in a way that is not read.
_FURTHER = {408: "timeout", 415: "invalid_request"}
_ANY = frozenset({"invalid_api_key", "key_revoked", "key_expired", "address_not_allowed", "method_not_allowed"}) | {
    "headers_too_large",
    "ledger_unavailable",
    "internal_error",
}
READ_CODES = _ANY
COUNT_CODES = _ANY | {
    "invalid_request",
    "model_not_allowed",
    "model_not_found",
    "request_too_large",
    "rate_limit_exceeded",
    "region_not_served",
}
CALL_CODES = frozenset(STATUS_BY_CODE) - {"not_found", "job_not_found", "balance_hidden"}
_RETRIED = (429, 503)


def error_responses(codec: Codec, codes: frozenset[str], *, takes_body: bool) -> dict[str, Any]:
    """The responses of an endpoint by status, with an example for each code in the endpoint's dialect."""
    by_status: dict[int, list[str]] = {}
    for code in STATUS_BY_CODE:
        if code in codes:
            by_status.setdefault(STATUS_BY_CODE[code], []).append(code)
    if takes_body:
        by_status |= {status: [code] for status, code in _FURTHER.items()}
    return {str(status): _response(codec, status, by_status[status]) for status in sorted(by_status)}


def _response(codec: Codec, status: int, codes: list[str]) -> dict[str, Any]:
    examples = {code: {"value": _example(codec, status, code)} for code in codes}
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema_of(codec)}"}}}
    response: dict[str, Any] = {
        "description": " or ".join(f"`{code}`" for code in codes),
        "content": {kind: {**described, "examples": examples} for kind, described in content.items()},
    }
    if status in _RETRIED:
        response["headers"] = {
            "retry-after": {"schema": {"type": "integer"}, "description": "Seconds after which to come back."}
        }
    return response


def _example(codec: Codec, status: int, code: str) -> Any:
    message = "The request did not arrive in time; send it again." if status == 408 else MESSAGES[code]
    if status == 415:
        message = "Send the body without Content-Encoding."
    return msgspec.json.decode(codec.write_error(Refusal(code, message, status=status), None))


def schema_of(codec: Codec) -> str:
    """The name of the schema of a dialect's errors."""
    match codec.DIALECT:
        case "anthropic":
            return "AnthropicError"
        case "gemini":
            return "GeminiError"
        case _:
            return "Error"


_CODE = {"type": "string", "enum": sorted(STATUS_BY_CODE), "description": "Stable, for programs."}
_MESSAGE = {"type": "string", "description": "What is wrong and what to do next."}
_JOB = {"type": "string", "format": "uuid"}


def _object(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


SCHEMAS: dict[str, Any] = {
    "Error": _object(
        ("error",),
        error=_object(
            ("message", "type", "param", "code"),
            message=_MESSAGE,
            type={"type": "string"},
            param={"type": ["string", "null"], "description": "The field that is wrong."},
            # A provider's own code passes where its refusal concerns the request itself.
            code={"anyOf": [_CODE, {"type": ["string", "null"]}]},
            job_id=_JOB,
        ),
    ),
    "AnthropicError": _object(
        ("type", "error"),
        type={"const": "error"},
        error=_object(("type", "message"), type={"type": "string"}, message=_MESSAGE, code=_CODE, job_id=_JOB),
    ),
    "GeminiError": _object(
        ("error",),
        error=_object(
            ("code", "message", "status"),
            code={"type": "integer", "description": "The HTTP status."},
            message=_MESSAGE,
            status={"type": "string"},
            details={"type": "array", "items": {"type": "object"}, "description": "`reason` of the first is the code."},
        ),
    ),
}
