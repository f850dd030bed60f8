"""Errors of Gemini's dialect: a provider's judged and scrubbed, ours written.

Whose fault an error is follows the same rules as in OpenAI's dialect; only the shape (google.rpc.Status) and its
details are Google's. Source: the API's error model (google.aip.dev/193) and recorded traffic.
"""

import math
import re
from typing import Any
from uuid import UUID

import msgspec

from farebox.dialects import openai_errors
from farebox.dialects.codec import Headers
from farebox.dialects.error_codes import passing_code
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.reply import Failed
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.domain.errors import Refusal

_STATUS_NAMES = {
    401: "UNAUTHENTICATED",
    402: "FAILED_PRECONDITION",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    408: "DEADLINE_EXCEEDED",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    451: "FAILED_PRECONDITION",
    500: "INTERNAL",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
_TYPE = "type.googleapis.com/google.rpc."
# Reasons and states of a 400 that speak of the operator's key, project or place.
_CHANNEL_REASONS = re.compile(
    r"API_KEY|BILLING|CONSUMER|SERVICE_DISABLED|USER_PROJECT|ACCESS_TOKEN|CREDENTIALS|LOCATION|ACCOUNT_STATE"
)
_SECONDS = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s")


class _Error(msgspec.Struct):
    code: Any = None
    message: Any = ""
    status: Any = ""
    details: Any = ()


class _Body(msgspec.Struct):
    error: _Error


_BODY = msgspec.json.Decoder(_Body)
_BODIES = msgspec.json.Decoder(list[_Body])


def read_error(
    status: int, headers: Headers, raw: bytes, scrub: Scrub = NO_NAMES, *, now_s: int | None = None
) -> Failed:
    """A provider's error answer, judged; see Codec."""
    error = _error_of(raw)
    body = raw if error is None else msgspec.json.encode({"error": {"message": _text(error.message)}})
    fault = openai_errors.judge_error(status, headers, body, scrub, now_s=now_s)
    if error is None:
        return Failed(msgspec.structs.replace(fault, body=b""), _message_of(fault.body))
    reasons, delay_s = _details_of(error)
    is_channel = fault.fault == "channel" or any(_CHANNEL_REASONS.search(reason) for reason in reasons)
    judged = msgspec.structs.replace(
        fault,
        fault="channel" if is_channel else "request",
        body=b"",
        code=_code_of([*reasons, _text(error.status)], is_channel),
        retry_after_s=delay_s if fault.retry_after_s is None else fault.retry_after_s,
    )
    return Failed(judged, "" if is_channel else _message_of(fault.body))


def read_stream_error(data: bytes, scrub: Scrub = NO_NAMES) -> Failed:
    """An error that came in a stream; its body tells the status that a plain answer would have had."""
    error = _error_of(data)
    code = None if error is None else error.code
    return read_error(code if type(code) is int and 400 <= code < 600 else 502, (), data, scrub)


def judge_error(
    status: int, headers: Headers, raw: bytes, scrub: Scrub = NO_NAMES, *, now_s: int | None = None
) -> ProviderFault:
    """The same with the body that a client of this dialect gets, for passing through."""
    return _with_body(read_error(status, headers, raw, scrub, now_s=now_s))


def judge_stream_error(data: bytes, scrub: Scrub = NO_NAMES) -> ProviderFault:
    """An error of a stream with the body that a client of this dialect gets."""
    return _with_body(read_stream_error(data, scrub))


def write_error(refusal: Refusal, job_id: UUID | None) -> bytes:
    """A refusal in the dialect's shape; its stable code is the reason of an ErrorInfo."""
    told: dict[str, str] = {name: str(value) for name, value in refusal.extra.items()}
    if refusal.param is not None:
        told["param"] = refusal.param
    if job_id is not None:
        told["job_id"] = str(job_id)
    details: list[dict[str, Any]] = [
        {"@type": f"{_TYPE}ErrorInfo", "reason": refusal.code.upper(), "domain": "farebox", "metadata": told}
    ]
    if refusal.status == 400 and refusal.param is not None:
        violation = {"field": refusal.param, "description": refusal.message}
        details.append({"@type": f"{_TYPE}BadRequest", "fieldViolations": [violation]})
    if refusal.retry_after_s is not None:
        details.append({"@type": f"{_TYPE}RetryInfo", "retryDelay": f"{refusal.retry_after_s}s"})
    return _body(refusal.status, refusal.message, details)


def _with_body(failed: Failed) -> ProviderFault:
    fault = failed.fault
    if fault.fault != "request":
        return fault
    return msgspec.structs.replace(fault, body=_body(fault.status, failed.message, None))


def _body(status: int, message: str, details: list[dict[str, Any]] | None) -> bytes:
    name = _STATUS_NAMES.get(status, "INVALID_ARGUMENT" if status < 500 else "INTERNAL")
    error: dict[str, Any] = {"code": status, "message": message, "status": name}
    if details is not None:
        error["details"] = details
    return msgspec.json.encode({"error": error})


def _error_of(raw: bytes) -> _Error | None:
    """The error object; of a list (the growing array) the first."""
    try:
        if raw.lstrip()[:1] == b"[":
            bodies = _BODIES.decode(raw)
            return bodies[0].error if bodies else None
        return _BODY.decode(raw).error
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _code_of(told: list[str], is_channel: bool) -> str:
    """The first that it gives: for the operator as it is, for the customer the first that names nobody."""
    return told[0][:100] if is_channel else next(filter(None, map(passing_code, told)), "")


def _details_of(error: _Error) -> tuple[list[str], int | None]:
    """The reasons it gives, and for how long to wait."""
    reasons: list[str] = []
    delay_s: int | None = None
    for detail in error.details if isinstance(error.details, list) else ():
        if not isinstance(detail, dict):
            continue
        if isinstance(reason := detail.get("reason"), str):
            reasons.append(reason)
        delay = detail.get("retryDelay")
        if isinstance(delay, str) and (seconds := _SECONDS.fullmatch(delay)):
            delay_s = min(openai_errors.MOST_RETRY_AFTER_S, math.ceil(float(seconds[1])))
    return reasons, delay_s


def _message_of(body: bytes) -> str:
    return _text(_BODY.decode(body).error.message) if body else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
