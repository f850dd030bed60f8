"""Bytes of text by class, for the estimate of input tokens."""

from farebox.dialects.exchange import ByteCount

_ABOVE_ASCII = bytes(range(0x80, 0x100))
# Lead bytes of U+3000 to U+D7FF: Chinese, Japanese, Korean; three bytes a character. Full-width forms count as other.
_NOT_CJK_LEAD = bytes(byte for byte in range(0x100) if not 0xE3 <= byte <= 0xED)


def count_bytes(plain: bytes, *, media_tokens: int = 0, replaced_bytes: int = 0) -> ByteCount:
    """The classes of a body's bytes; `replaced_bytes` of ASCII are media, for which `media_tokens` stands instead."""
    ascii_bytes = len(plain) if plain.isascii() else len(plain.translate(None, _ABOVE_ASCII))
    cjk_bytes = 0 if ascii_bytes == len(plain) else 3 * len(plain.translate(None, _NOT_CJK_LEAD))
    return ByteCount(
        ascii=max(0, ascii_bytes - replaced_bytes),
        cjk=cjk_bytes,
        other=len(plain) - ascii_bytes - cjk_bytes,
        media_tokens=media_tokens,
    )
