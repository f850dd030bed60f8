"""Errors of OpenAI's responses: judged and written as in OpenAI chat, but for those within a stream.

A stream that breaks ends with two events: `error`, on which the official SDKs raise, and `response.failed`, which
Codex reads and which has the response's last state.
"""

from typing import Any
from uuid import UUID

import msgspec

from farebox.dialects import openai_errors
from farebox.dialects.codec import Headers
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.reply import Failed
from farebox.dialects.scrub import NO_NAMES, Scrub
from farebox.domain.errors import Refusal

write_error = openai_errors.error_body


class _Error(msgspec.Struct):
    message: str = ""


class _Body(msgspec.Struct):
    error: _Error


class _Claimed(msgspec.Struct):
    error: msgspec.Raw = msgspec.Raw(b"null")


def read_error(
    status: int, headers: Headers, raw: bytes, scrub: Scrub = NO_NAMES, *, now_s: int | None = None
) -> Failed:
    """A provider's error answer, judged; see Codec."""
    return _failed(openai_errors.judge_error(status, headers, raw, scrub, now_s=now_s))


def read_stream_error(data: bytes, scrub: Scrub = NO_NAMES) -> Failed:
    """An `error` event."""
    return _failed(openai_errors.judge_stream_error(data, scrub))


def read_failure(response: bytes, scrub: Scrub = NO_NAMES) -> Failed:
    """A response whose status is not one of success, with its error."""
    return _failed(judge_failure(response, scrub))


def judge_failure(response: bytes, scrub: Scrub = NO_NAMES) -> ProviderFault:
    """The same with the body that a client gets, for passing through."""
    try:
        error = bytes(msgspec.json.decode(response, type=_Claimed).error)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        error = b"null"
    fault = openai_errors.judge_stream_error(b'{"error":%b}' % error, scrub)
    return fault if fault.code else msgspec.structs.replace(fault, code="response_failed")


def _failed(fault: ProviderFault) -> Failed:
    # The judged words are scrubbed already.
    message = msgspec.json.decode(fault.body, type=_Body).error.message if fault.body else ""
    return Failed(msgspec.structs.replace(fault, body=b""), message)


def error_event(refusal: Refusal, job_id: UUID | None, sequence_number: int) -> bytes:
    """The event on which SDKs raise."""
    error = write_error(refusal, job_id)[:-1]
    return b'event: error\ndata: %b,"type":"error","sequence_number":%d}\n\n' % (error, sequence_number)


def response_error(refusal: Refusal) -> dict[str, Any]:
    """The member `error` of a failed response."""
    return {"code": refusal.code, "message": refusal.message}
