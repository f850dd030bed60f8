"""Errors of the OpenAI dialect: a provider's judged and scrubbed, ours written.

Whose fault an error is follows from its status and, where vendors use a status loosely, from its words.
"""

import math
import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from farebox.dialects.error_codes import passing_code
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.domain.errors import Refusal

MOST_RETRY_AFTER_S = 86_400
MOST_MESSAGE_CHARACTERS = 4_000

Headers = Iterable[tuple[bytes, bytes]]

_REQUEST_STATUSES = frozenset({400, 413, 422})
# A refusal for content that some vendors send with a status which otherwise speaks of the channel.
_MODERATION_STATUSES = frozenset({403, 451})
_MODERATION = re.compile(
    r"content[_ -]?(?:policy|filter|management)|moderation|flagged|safety[_ ](?:system|check|filter|polic)"
    r"|responsible ai|usage polic",
    re.IGNORECASE,
)
# 400 and 422 that speak of the operator's key, money or model, which are never the customer's fault.
_CHANNEL_CODES = frozenset(
    {
        "invalid_api_key",
        "api_key_invalid",
        "authentication_error",
        "permission_error",
        "permission_denied",
        "insufficient_quota",
        "billing_not_active",
        "billing_hard_limit_reached",
        "account_deactivated",
        "organization_restricted",
        "model_not_found",
        "model_decommissioned",
        "model_not_active",
        "deploymentnotfound",
        "invalid_model",
        "arrearage",
        "unsupported_country_region_territory",
        "rate_limit_exceeded",
        "overloaded_error",
    }
)
_CHANNEL_WORDS = re.compile(
    r"api[ _-]?key|credit balance|insufficient (?:balance|quota|credit|funds)|billing|unauthorized"
    r"|is not a valid model|model .{0,100}(?:does not exist|not found|decommissioned|not supported when using)"
    r"|user location is not supported|organization (?:has been|is) (?:disabled|restricted)|no endpoints found",
    re.IGNORECASE,
)

_TYPE_BY_STATUS = {
    401: "authentication_error",
    402: "insufficient_quota",
    403: "permission_error",
    408: "timeout_error",
    429: "rate_limit_error",
    451: "permission_error",
    504: "timeout_error",
}


class _Words(msgspec.Struct, frozen=True):
    """What a provider's error body says, whatever its shape."""

    message: str = ""
    type: str | None = None
    param: str | None = None
    code: str | None = None
    status: int | None = None
    all: str = ""  # everything that may tell the reason


def judge_error(
    status: int, headers: Headers, raw: bytes, scrub: Scrub = NO_NAMES, *, now_s: int | None = None
) -> ProviderFault:
    """A provider's error answer, judged. `now_s` (unix) serves a Retry-After date where the answer has no Date."""
    words = _read(raw)
    fault = _fault(status, words)
    return ProviderFault(
        fault=fault,
        status=status,
        body=_scrubbed_body(status, words, scrub) if fault == "request" else b"",
        retry_after_s=retry_after(headers, now_s),
        code=_code_of(fault, words),
    )


def judge_stream_error(data: bytes, scrub: Scrub = NO_NAMES) -> ProviderFault:
    """An error that came as an event of a stream; its status stands in the body, if anywhere."""
    words = _read(data)
    status = words.status or 502
    fault = _fault(status, words)
    return ProviderFault(
        fault=fault,
        status=status,
        body=_scrubbed_body(status, words, scrub) if fault == "request" else b"",
        retry_after_s=None,
        code=_code_of(fault, words),
    )


def retry_after(headers: Headers, now_s: int | None = None) -> int | None:
    """Whole seconds to wait, rounded up: from retry-after-ms, else Retry-After as seconds or as a date."""
    found = {name.lower(): value.decode("latin-1").strip() for name, value in headers}
    seconds = _number(found.get(b"retry-after-ms"))
    if seconds is not None:
        seconds /= 1000
    else:
        text = found.get(b"retry-after", "")
        seconds = _number(text)
        moment = _date(text) if seconds is None and text else None
        if moment is not None:
            # By the clock of whoever wrote the date, where it tells its time.
            their_now = _date(found.get(b"date", ""))
            now = now_s if their_now is None else their_now.timestamp()
            seconds = None if now is None else moment.timestamp() - now
    return None if seconds is None else min(MOST_RETRY_AFTER_S, max(0, math.ceil(seconds)))


def error_body(refusal: Refusal, job_id: UUID | None) -> bytes:
    """A refusal in the dialect's shape; its extra fields stand beside the usual ones."""
    error: dict[str, Any] = {
        "message": refusal.message,
        "type": _type_of(refusal.status),
        "param": refusal.param,
        "code": refusal.code,
    }
    if job_id is not None:
        error["job_id"] = str(job_id)
    return msgspec.json.encode({"error": {**refusal.extra, **error}})


def error_event(refusal: Refusal, job_id: UUID | None) -> bytes:
    """A refusal as the last event of a stream, which then has no end mark."""
    return b"data: " + error_body(refusal, job_id) + b"\n\n"


def _type_of(status: int) -> str:
    usual = "server_error" if status >= 500 else "invalid_request_error"
    return _TYPE_BY_STATUS.get(status, usual)


def speaks_of_content(words: str) -> bool:
    """Whether a provider's words refuse a request for what it is about, under its rules of use."""
    return _MODERATION.search(words) is not None


def _fault(status: int, words: _Words) -> Literal["request", "channel"]:
    if status in _MODERATION_STATUSES:
        return "request" if speaks_of_content(words.all) else "channel"
    if status not in _REQUEST_STATUSES:
        return "channel"
    if {(words.code or "").lower(), (words.type or "").lower()} & _CHANNEL_CODES:
        return "channel"
    # Words of the message only where no code says it is about a field of the request.
    return "channel" if words.param is None and _CHANNEL_WORDS.search(words.message) else "request"


def _code_of(fault: Literal["request", "channel"], words: _Words) -> str:
    """For the operator as the provider said it, for the customer only what names nobody."""
    if fault == "request":
        return passing_code(words.code) or passing_code(words.type) or ""
    return (words.code or words.type or "")[:100]


def _scrubbed_body(status: int, words: _Words, scrub: Scrub) -> bytes:
    error = {
        "message": scrub.text(words.message[:MOST_MESSAGE_CHARACTERS]) or "The provider refused the request.",
        "type": passing_code(words.type) or _type_of(status),
        "param": scrub.path(words.param) if words.param else None,
        "code": passing_code(words.code),
    }
    return msgspec.json.encode({"error": error})


def _read(raw: bytes) -> _Words:
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _Words()
    if isinstance(body, list):
        body = body[0] if body else None
    if not isinstance(body, dict):
        return _Words(message=body if isinstance(body, str) else "")
    error = body.get("error")
    if isinstance(error, dict):
        return _from_object(error, error.get("metadata"))
    if isinstance(error, str):
        return _from_object({**body, "message": body.get("message") or error}, None)
    if "detail" in body and not body.get("message"):
        return _from_detail(body["detail"])
    if isinstance(body.get("message"), dict):
        return _from_detail(body["message"].get("detail"))
    errors = body.get("errors")
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return _from_object(errors[0], None)
    return _from_object({**body, "message": body.get("message") or body.get("msg") or body.get("error_message")}, None)


def _from_object(error: dict[str, Any], metadata: object) -> _Words:
    message = _text(error.get("message")) or ""
    code, kind = _text(error.get("code")), _text(error.get("type"))
    told = [message, code or "", kind or ""]
    if isinstance(metadata, dict):
        told += [text for value in _list(metadata.get("reasons")) if (text := _text(value))]
        # A gateway's own message says nothing; the one it got from its provider does.
        inner = _inner(metadata.get("raw"))
        if inner is not None and inner.message:
            message, kind, code = inner.message, inner.type or kind, inner.code or code
            told.append(inner.all)
    statuses = (error.get("status_code"), error.get("code"), error.get("status"))
    status = next((value for value in statuses if type(value) is int and 400 <= value < 600), None)
    if isinstance(error.get("code"), int):
        code = kind if code == str(error["code"]) else code
    return _Words(message, kind, _text(error.get("param")), code, status, " ".join(told))


def _inner(raw: object) -> _Words | None:
    if not isinstance(raw, str):
        return None
    words = _read(raw.encode("utf-8", "replace"))
    return words if words.message else _Words(message=raw, all=raw)


def _from_detail(detail: object) -> _Words:
    """Validation errors of FastAPI: a text, or a list of places and messages."""
    if isinstance(detail, dict):
        return _from_object(detail, None)
    if not isinstance(detail, list):
        message = _text(detail) or ""
        return _Words(message=message, all=message)
    places, messages = [], []
    for entry in detail:
        if isinstance(entry, dict):
            where = ".".join(str(step) for step in _list(entry.get("loc")) if step != "body")
            places.append(where)
            messages.append(f"{where}: {entry.get('msg', '')}" if where else str(entry.get("msg", "")))
    message = "; ".join(messages)
    return _Words(message=message, param=next(filter(None, places), None), all=message)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    if isinstance(value, bool) or value is None:
        return None
    return str(value) if isinstance(value, (str, int)) else None


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
