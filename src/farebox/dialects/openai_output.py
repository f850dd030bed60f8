"""How much output the bytes of choices hold: an estimate for answers and streams whose usage nobody has reported.

Everything that the model wrote counts: text, reasoning, refusals, names and arguments of tool calls. One regular
expression finds it, so that a chunk need not be parsed.
"""

import re

_TEXT = rb'[ \t\n\r]*:[ \t\n\r]*"([^"\\]*(?:\\.[^"\\]*)*)"'
_WRITTEN = re.compile(rb'"(?:content|reasoning(?:_content)?|arguments|refusal|name|text)"' + _TEXT)
# Vendors that send reasoning twice send it as text in `reasoning_details` as well; it counts where nothing else did.
_WRITTEN_IN_CHAT = re.compile(rb'"(?:content|reasoning(?:_content)?|arguments|refusal|name)"' + _TEXT)
_ABOVE_ASCII = bytes(range(0x80, 0x100))

# Usual of today's tokenizers; a CJK character has three bytes and about one token.
_ASCII_BYTES_PER_TOKEN = 4
_OTHER_BYTES_PER_TOKEN = 3


class OutputCount:
    """Running estimate of output tokens."""

    __slots__ = ("_ascii_bytes", "_is_chat", "_other_bytes", "_pieces")

    def __init__(self, *, is_chat: bool) -> None:
        self._is_chat = is_chat
        self._ascii_bytes = 0
        self._other_bytes = 0
        self._pieces = 0

    def add(self, choices: bytes) -> None:
        """Count what was written in a piece of an answer."""
        written = b"".join((_WRITTEN_IN_CHAT if self._is_chat else _WRITTEN).findall(choices))
        if not written and self._is_chat and b'"text"' in choices:
            written = b"".join(_WRITTEN.findall(choices))
        if not written:
            return
        self._pieces += 1
        if b"\\u" in written:
            # An escaped character is six bytes here and three (or two of two, for a pair) in the text.
            escaped = written.count(b"\\u")
            self._other_bytes += 3 * escaped
            self._ascii_bytes -= 6 * escaped
        if written.isascii():
            self._ascii_bytes += len(written)
        else:
            ascii_bytes = len(written.translate(None, _ABOVE_ASCII))
            self._ascii_bytes += ascii_bytes
            self._other_bytes += len(written) - ascii_bytes

    @property
    def tokens(self) -> int:
        """Tokens by bytes; pieces of a stream are mostly single tokens, so their number raises it, within reason."""
        # Asked for each chunk of a stream, so spelled out.
        by_bytes = -(-self._ascii_bytes // _ASCII_BYTES_PER_TOKEN) if self._ascii_bytes > 0 else 0
        if self._other_bytes:
            by_bytes += -(-self._other_bytes // _OTHER_BYTES_PER_TOKEN)
        pieces = self._pieces
        return by_bytes if pieces <= by_bytes else min(pieces, 2 * by_bytes)
