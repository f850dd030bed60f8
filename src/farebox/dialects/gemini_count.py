"""Answers of Gemini's countTokens, read and written."""

from typing import Any

import msgspec

from farebox.dialects.exchange import ProviderFault


class _Count(msgspec.Struct, rename="camel"):
    total_tokens: Any = None


_COUNT = msgspec.json.Decoder(_Count)


def read_count_answer(status: int, raw: bytes) -> int | ProviderFault:
    """The tokens that a provider counted; a channel fault when it did not. A count of zero is left out by Google."""
    try:
        total = _COUNT.decode(raw).total_tokens
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _unusable(status, "not_json")
    if total is None and b'"error"' in raw:
        return _unusable(status, "error_in_answer")
    if total is None:
        return 0
    if type(total) is not int or total < 0:
        return _unusable(status, "not_a_count")
    return total


def write_count_answer(tokens: int) -> bytes:
    return msgspec.json.encode({"totalTokens": tokens})


def _unusable(status: int, code: str) -> ProviderFault:
    return ProviderFault(fault="channel", status=status, body=b"", retry_after_s=None, code=code)
