"""Content codings undone piece by piece, with bounds on what comes out.

We ask for none, but a server may compress all the same. It must not know of connections.
"""

import zlib

from farebox.upstream.errors import DecompressionError
from farebox.upstream.limits import Limits

_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_PIECE_BYTES = 256 * 1024


class Decoder:
    """Undoes gzip or deflate.

    `decode` returns at most 256 KiB at a time and keeps the rest, so that a dense piece of input is never in memory
    as a whole; the caller asks again, with nothing new, until it gets nothing.
    """

    __slots__ = ("_coding", "_inflate", "_is_full", "_limits", "_pending", "_received", "_returned")

    def __init__(self, coding: bytes, limits: Limits) -> None:
        self._coding = _known(coding)
        self._limits = limits
        self._inflate: zlib._Decompress | None = None
        self._pending = b""
        # A full piece may leave the tail of a match inside zlib, with no input left to ask for it.
        self._is_full = False
        self._received = 0
        self._returned = 0

    def decode(self, data: bytes) -> bytes:
        """The next decoded bytes; empty when more input is needed."""
        self._received += len(data)
        self._pending += data
        while self._pending or self._is_full:
            inflate = self._inflater()
            if inflate is None:
                return b""
            try:
                decoded = inflate.decompress(self._pending, _PIECE_BYTES)
            except zlib.error as error:
                raise DecompressionError(f"the body is not valid {self._coding}") from error
            self._is_full = len(decoded) == _PIECE_BYTES and not inflate.eof
            self._pending = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
            if decoded:
                self._check(len(decoded))
                return decoded
        return b""

    def finish(self) -> None:
        """Called when the body has ended and `decode` has run dry: a stream cut short is not an end."""
        if self._received and (self._pending or self._inflate is None or not self._inflate.eof):
            raise DecompressionError(f"the {self._coding} stream is cut short")

    def _inflater(self) -> "zlib._Decompress | None":
        """The running stream, or a new one at the start and at each further gzip member; None to wait for a byte."""
        if self._inflate is not None:
            if not self._inflate.eof:
                return self._inflate
            if self._coding != "gzip":
                raise DecompressionError("bytes follow the end of the deflate stream")
        if self._coding == "gzip":
            self._inflate = zlib.decompressobj(_GZIP_WINDOW)
        elif len(self._pending) < 2:
            return None
        else:
            # "deflate" is zlib's format by the book and the bare stream in the wild; two bytes tell them apart.
            has_zlib_header = self._pending[0] & 0x0F == 8 and int.from_bytes(self._pending[:2], "big") % 31 == 0
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS if has_zlib_header else -zlib.MAX_WBITS)
        return self._inflate

    def _check(self, decoded_bytes: int) -> None:
        self._returned += decoded_bytes
        if self._returned > self._limits.decoded_bytes:
            raise DecompressionError("the body decodes to more than is allowed")
        dense = self._returned > self._limits.decoded_ratio * self._received
        if dense and self._returned > self._limits.decoded_ratio_from_bytes:
            raise DecompressionError("the body decodes to suspiciously much for its size")


def _known(coding: bytes) -> str:
    name = coding.strip().lower()
    if name in (b"gzip", b"x-gzip"):
        return "gzip"
    if name == b"deflate":
        return "deflate"
    raise DecompressionError("the body has a content coding that we do not know")
