"""The header block of a request as bytes.

What an endpoint's requests have in common is laid out once; a call adds its own headers. Nothing here waits.
"""

import base64
import re
from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from farebox.upstream.endpoint import Endpoint, Proxy
from farebox.upstream.errors import RequestRefused

Headers = Sequence[tuple[bytes, bytes]]


class Upload(Protocol):
    """A body that is not in memory as a whole: exactly `length` bytes, taken piece by piece as the socket takes them.

    Raising out of it breaks the request off, so that the other side never has a complete one.
    """

    @property
    def length(self) -> int: ...

    def pieces(self) -> AsyncGenerator[bytes, None]: ...


_METHODS_WITHOUT_BODY = frozenset((b"GET", b"HEAD"))
_METHODS = frozenset((b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"))
# These belong to the connection and to the framing; a caller that sets them would make two truths of one.
_OURS = frozenset(
    (
        b"host",
        b"content-length",
        b"connection",
        b"transfer-encoding",
        b"keep-alive",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"upgrade",
        b"expect",
    )
)
_KEPT_BLOCKS = 64
_TARGET = re.compile(rb"/[!\"$-~]*")
_TOKEN_BYTES = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class RequestHead:
    """Writes the header blocks of one endpoint."""

    __slots__ = ("_blocks", "_common", "_target_prefix")

    def __init__(self, endpoint: Endpoint) -> None:
        common = f" HTTP/1.1\r\nhost: {endpoint.authority}\r\n"
        prefix = endpoint.path_prefix
        if endpoint.proxy is not None and not endpoint.is_tls:
            # A proxy is told where to go by the absolute form; inside a CONNECT tunnel it sees nothing of this.
            prefix = f"http://{endpoint.authority}{prefix}"
            authorization = proxy_authorization(endpoint.proxy)
            if authorization:
                common += f"proxy-authorization: {authorization}\r\n"
        self._common = common.encode("ascii")
        self._target_prefix = b" " + prefix.encode("ascii")
        # Most calls to an endpoint differ in their bodies only: what was judged and laid out once is kept.
        self._blocks: dict[tuple[bytes, bytes, Headers], bytes] = {}

    def encode(self, method: bytes, target: bytes, headers: Headers, body_bytes: int) -> bytes:
        """The block with its closing empty line; RequestRefused when a part could change the message's shape."""
        key = (method, target, tuple(headers))
        block = self._blocks.get(key)
        if block is None:
            block = self._lay_out(method, target, headers)
            if len(self._blocks) >= _KEPT_BLOCKS:
                self._blocks.clear()
            self._blocks[key] = block
        if body_bytes or method not in _METHODS_WITHOUT_BODY:
            return b"%bcontent-length: %d\r\n\r\n" % (block, body_bytes)
        return block + b"\r\n"

    def _lay_out(self, method: bytes, target: bytes, headers: Headers) -> bytes:
        """The request line and all headers but Content-Length."""
        if method not in _METHODS:
            raise RequestRefused("the method is not one that we send")
        if not _TARGET.fullmatch(target):
            raise RequestRefused("the target must be an absolute path without white space, controls or fragment")
        return b"%b%b%b%b%b" % (method, self._target_prefix, target, self._common, _lines(headers))


def _lines(headers: Headers) -> bytes:
    """The caller's headers as lines, with our wish for an uncompressed answer unless the caller has one."""
    parts: list[bytes] = []
    has_encoding = False
    for name, value in headers:
        lowered = name.lower()
        if lowered in _OURS:
            raise RequestRefused("a header belongs to the connection")
        if not name or name.translate(None, _TOKEN_BYTES):
            raise RequestRefused("a header name is empty or contains a character that is not allowed")
        has_encoding = has_encoding or lowered == b"accept-encoding"
        parts += (name, b": ", value, b"\r\n")
    lines = b"".join(parts)
    # Each header has brought exactly one line break; any more came from inside a value.
    if lines.count(b"\n") != len(headers) or lines.count(b"\r") != len(headers) or b"\0" in lines:
        raise RequestRefused("a header value contains a line break or NUL")
    return lines if has_encoding else lines + b"accept-encoding: identity\r\n"


def proxy_authorization(proxy: Proxy) -> str:
    """The value of Proxy-Authorization, or nothing for a proxy without credentials."""
    if not proxy.user and not proxy.password:
        return ""
    return "Basic " + base64.b64encode(f"{proxy.user}:{proxy.password}".encode()).decode("ascii")
