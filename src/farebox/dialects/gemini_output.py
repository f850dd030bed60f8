"""How much output Gemini's candidates hold, by their bytes, for answers and streams whose usage nobody has reported.

Texts, thoughts and code are found by one regular expression; the arguments of calls are free JSON, so a piece with a
call counts by its own length.
"""

import re

_WRITTEN = re.compile(rb'"(?:text|code|output)"[ \t\n\r]*:[ \t\n\r]*"([^"\\]*(?:\\.[^"\\]*)*)"')
_CALL = re.compile(rb'"function_?[cC]all"[ \t\n\r]*:')
_SIGNATURE = re.compile(rb'"thought_?[sS]ignature"[ \t\n\r]*:[ \t\n\r]*"[^"]*"')
_ABOVE_ASCII = bytes(range(0x80, 0x100))

# Usual of today's tokenizers; a CJK character has three bytes and about one token.
_ASCII_BYTES_PER_TOKEN = 4
_OTHER_BYTES_PER_TOKEN = 3


class OutputCount:
    """Running estimate of output tokens."""

    __slots__ = ("_ascii_bytes", "_other_bytes")

    def __init__(self) -> None:
        self._ascii_bytes = 0
        self._other_bytes = 0

    def add(self, candidates: bytes) -> None:
        """Count what was written in a piece of an answer."""
        if _CALL.search(candidates):
            written = _SIGNATURE.sub(b"", candidates)
        else:
            written = b"".join(_WRITTEN.findall(candidates))
        if b"\\u" in written:
            # An escaped character is six bytes here and three in the text.
            escaped = written.count(b"\\u")
            self._other_bytes += 3 * escaped
            self._ascii_bytes -= 6 * escaped
        ascii_bytes = len(written) if written.isascii() else len(written.translate(None, _ABOVE_ASCII))
        self._ascii_bytes += ascii_bytes
        self._other_bytes += len(written) - ascii_bytes

    @property
    def tokens(self) -> int:
        by_ascii = -(-max(0, self._ascii_bytes) // _ASCII_BYTES_PER_TOKEN)
        return by_ascii + -(-self._other_bytes // _OTHER_BYTES_PER_TOKEN)
