"""An endpoint: where a channel's requests go, parsed and judged once.

It must not know of sockets or requests.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from farebox.upstream.errors import EndpointError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.(?!-)[a-z0-9_-]{1,63})*\.?")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]*)*")
_NUMERIC_LABEL = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")


class Proxy(msgspec.Struct, frozen=True):
    """An HTTP proxy of the operator; `user` and `password` are empty without credentials."""

    host: str
    port: int
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Proxy({self.host}:{self.port})"


class Endpoint(msgspec.Struct, frozen=True, cache_hash=True):
    """A base URL in parts. Equal endpoints share connections.

    `host` is lower-case and, for IPv6, without brackets. `path_prefix` is empty or starts with a slash and never ends
    with one. `allow_private` lets the operator reach a model on the own network. `ca_file` replaces the machine's
    trusted certificates; there is no way to switch verification off.
    """

    scheme: str
    host: str
    port: int
    path_prefix: str = ""
    allow_private: bool = False
    proxy: Proxy | None = None
    ca_file: str | None = None

    @property
    def is_tls(self) -> bool:
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port for a Host header, with the port only where it is not the scheme's own."""
        return self.host_in_url if self.port == _DEFAULT_PORTS[self.scheme] else f"{self.host_in_url}:{self.port}"

    @property
    def host_in_url(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def parse_endpoint(
    base_url: str, *, allow_private: bool = False, proxy: str | None = None, ca_file: str | None = None
) -> Endpoint:
    """The endpoint of a base URL such as `https://api.example.com/v1`; EndpointError when it cannot be one."""
    parts = _split(base_url, "base URL")
    if parts.scheme not in _DEFAULT_PORTS:
        raise EndpointError("the base URL must start with http:// or https://")
    if "@" in parts.netloc:
        raise EndpointError("the base URL must not contain credentials")
    if "#" in base_url or "?" in base_url:
        raise EndpointError("the base URL must not have a query or a fragment")
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path) or any(unquote(segment) in (".", "..") for segment in path.split("/")):
        raise EndpointError("the base URL's path has characters or segments that are not allowed")
    return Endpoint(
        scheme=parts.scheme,
        host=_host(parts, "base URL"),
        port=_port(parts, "base URL", _DEFAULT_PORTS[parts.scheme]),
        path_prefix=path,
        allow_private=allow_private,
        proxy=None if proxy is None else _parse_proxy(proxy),
        ca_file=ca_file,
    )


def _parse_proxy(url: str) -> Proxy:
    parts = _split(url, "proxy URL")
    if parts.scheme != "http":
        raise EndpointError("the proxy URL must start with http://")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise EndpointError("the proxy URL must be only a host and a port")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if ":" in user:
        raise EndpointError("a proxy user name cannot contain a colon")
    return Proxy(_host(parts, "proxy URL"), _port(parts, "proxy URL", 80), user, password)


def _split(url: str, what: str) -> SplitResult:
    # urlsplit drops tabs and line breaks silently; a URL that needs that is refused instead.
    if any(ord(char) <= 0x20 or ord(char) == 0x7F or char == "\\" for char in url):
        raise EndpointError(f"the {what} contains white space, control characters or a backslash")
    try:
        return urlsplit(url)
    except ValueError as error:
        raise EndpointError(f"the {what} is not a URL") from error


def _port(parts: SplitResult, what: str, default: int) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise EndpointError(f"the {what} has no valid port") from error
    if port == 0:
        raise EndpointError(f"the {what} has no valid port")
    return default if port is None else port


def _host(parts: SplitResult, what: str) -> str:
    host = parts.hostname or ""
    if not host:
        raise EndpointError(f"the {what} has no host")
    try:
        literal = ip_address(host)
    except ValueError:
        return _name(host, what)
    if isinstance(literal, IPv6Address) and literal.scope_id is not None:
        raise EndpointError(f"the {what} has an address with a zone")
    return str(literal)


def _name(host: str, what: str) -> str:
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise EndpointError(f"the {what} has no valid host name") from error
    if len(name) > 253 or not _NAME.fullmatch(name):
        raise EndpointError(f"the {what} has no valid host name")
    # "127.1" or "0x7f000001" are addresses to some resolvers and names to others; we leave neither a guess.
    if _NUMERIC_LABEL.fullmatch(name.rstrip(".").rpartition(".")[2]):
        raise EndpointError(f"the {what} has an address in an unusual notation")
    return name
