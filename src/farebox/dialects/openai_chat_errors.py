"""Errors of OpenAI's chat completions as codecs need them: judged as for passing through, but without a body."""

import msgspec

from farebox.dialects.codec import Headers
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.openai_errors import error_body as write_error
from farebox.dialects.openai_errors import error_event as write_error_event
from farebox.dialects.openai_errors import judge_error, judge_stream_error
from farebox.dialects.reply import Failed
from farebox.dialects.scrub import NO_NAMES, Scrub

__all__ = ["read_error", "read_stream_error", "write_error", "write_error_event"]


class _Error(msgspec.Struct):
    message: str = ""


class _Body(msgspec.Struct):
    error: _Error


def read_error(
    status: int, headers: Headers, raw: bytes, scrub: Scrub = NO_NAMES, *, now_s: int | None = None
) -> Failed:
    """A provider's error answer, judged; see Codec."""
    return without_body(judge_error(status, headers, raw, scrub, now_s=now_s))


def read_stream_error(data: bytes, scrub: Scrub = NO_NAMES) -> Failed:
    """An error that came as an event of a stream."""
    return without_body(judge_stream_error(data, scrub))


def without_body(fault: ProviderFault) -> Failed:
    """A judged fault whose scrubbed body is taken apart: its message, for a client of any dialect."""
    if not fault.body:
        return Failed(fault)
    message = msgspec.json.decode(fault.body, type=_Body).error.message
    return Failed(msgspec.structs.replace(fault, body=b""), message)
