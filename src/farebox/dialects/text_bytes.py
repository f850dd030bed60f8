"""Bytes of text by class, for the estimate of input tokens."""

from farebox.dialects.exchange import ByteCount

_ABOVE_ASCII = bytes(range(0x80, 0x100))
# Digits, punctuation and control characters: many vocabularies have a token for each of them.
_NOT_SIGNS = bytes(byte for byte in range(0x100) if byte >= 0x80 or chr(byte).isalpha() or byte in b" \t\n\r")
# Lead bytes of U+3000 to U+D7FF: Chinese, Japanese, Korean; three bytes a character. Full-width forms count as other.
_NOT_CJK_LEAD = bytes(byte for byte in range(0x100) if not 0xE3 <= byte <= 0xED)


def count_bytes(plain: bytes) -> ByteCount:
    """The classes of a body's bytes."""
    signs = count_signs(plain)
    if plain.isascii():
        return ByteCount(ascii=len(plain), signs=signs)
    ascii_bytes = len(plain.translate(None, _ABOVE_ASCII))
    cjk_bytes = 3 * len(plain.translate(None, _NOT_CJK_LEAD))
    return ByteCount(ascii=ascii_bytes, signs=signs, cjk=cjk_bytes, other=len(plain) - ascii_bytes - cjk_bytes)


def count_signs(plain: bytes) -> int:
    """How many bytes are ASCII but neither letters nor white space."""
    return len(plain.translate(None, _NOT_SIGNS))


def with_media(text: ByteCount, tokens: int, replaced_bytes: int, replaced_signs: int) -> ByteCount:
    """The same with `tokens` in place of so many bytes of ASCII, of which so many are signs."""
    if not tokens:
        return text
    return ByteCount(
        ascii=max(0, text.ascii - replaced_bytes),
        signs=max(0, text.signs - replaced_signs),
        cjk=text.cjk,
        other=text.other,
        media_tokens=text.media_tokens + tokens,
    )
