"""Errors of Anthropic's messages: a provider's judged, ours written.

Whose fault an error is follows the same rules as in OpenAI's dialect; only the shape and its types are Anthropic's.
Source of the types and their statuses: the API reference's "Errors".
"""

from typing import Any
from uuid import UUID

import msgspec

from farebox.dialects import openai_chat_errors
from farebox.dialects.codec import Headers
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.reply import Failed
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.domain.errors import Refusal

_TYPE_BY_STATUS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    413: "request_too_large",
    429: "rate_limit_error",
    451: "permission_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_STATUS_BY_TYPE = {name: status for status, name in _TYPE_BY_STATUS.items()} | {
    "invalid_request_error": 400,
    "permission_error": 403,
    "timeout_error": 504,
    "overloaded_error": 529,
    "api_error": 500,
}


class _Error(msgspec.Struct):
    type: str = ""


class _Body(msgspec.Struct):
    error: _Error


def read_error(
    status: int, headers: Headers, raw: bytes, scrub: Scrub = NO_NAMES, *, now_s: int | None = None
) -> Failed:
    """A provider's error answer, judged; see Codec."""
    return openai_chat_errors.read_error(status, headers, raw, scrub, now_s=now_s)


def read_stream_error(data: bytes, scrub: Scrub = NO_NAMES) -> Failed:
    """An error event; its type tells the status that a plain answer would have had."""
    try:
        kind = msgspec.json.decode(data, type=_Body).error.type
    except msgspec.MsgspecError:
        kind = ""
    return read_error(_STATUS_BY_TYPE.get(kind, 502), (), data, scrub)


def judge_error(
    status: int, headers: Headers, raw: bytes, scrub: Scrub = NO_NAMES, *, now_s: int | None = None
) -> ProviderFault:
    """The same with the body that a client of this dialect gets, for passing through."""
    return _with_body(read_error(status, headers, raw, scrub, now_s=now_s))


def judge_stream_error(data: bytes, scrub: Scrub = NO_NAMES) -> ProviderFault:
    """An error event with the body that a client of this dialect gets."""
    return _with_body(read_stream_error(data, scrub))


def _with_body(failed: Failed) -> ProviderFault:
    fault = failed.fault
    if fault.fault != "request":
        return fault
    error = {"type": _type_of(fault.status), "message": failed.message}
    return msgspec.structs.replace(fault, body=msgspec.json.encode({"type": "error", "error": error}))


def write_error(refusal: Refusal, job_id: UUID | None) -> bytes:
    """A refusal in the dialect's shape, with its stable code beside the dialect's own type."""
    error: dict[str, Any] = {
        **refusal.extra,
        "type": _type_of(refusal.status),
        "message": refusal.message,
        "code": refusal.code,
    }
    if refusal.param is not None:
        error["param"] = refusal.param
    if job_id is not None:
        error["job_id"] = str(job_id)
    return msgspec.json.encode({"type": "error", "error": error})


def write_error_event(refusal: Refusal, job_id: UUID | None) -> bytes:
    """A refusal as the last event of a stream."""
    return b"event: error\ndata: " + write_error(refusal, job_id) + b"\n\n"


def _type_of(status: int) -> str:
    return _TYPE_BY_STATUS.get(status, "api_error" if status >= 500 else "invalid_request_error")
