"""Where a customer wants to be called: an https address on the open internet, in the parts that our client takes."""

from urllib.parse import urlsplit

import msgspec

from farebox.upstream.address import is_local_name
from farebox.upstream.endpoint import Endpoint, parse_endpoint
from farebox.upstream.errors import EndpointError

_LONGEST_URL = 2_000
_ALLOWED_IN_TARGET = frozenset(range(0x21, 0x7F)) - {ord("#"), ord('"'), ord("<"), ord(">"), ord("`")}


class Callback(msgspec.Struct, frozen=True):
    """`target` is path and query; the endpoint has neither. Its addresses are judged when it is connected to."""

    endpoint: Endpoint
    target: bytes


def callback_of(url: str, *, allow_private: bool = False, ca_file: str | None = None) -> Callback:
    """The parts of a customer's URL; EndpointError when nobody is to be called there.

    `allow_private` and `ca_file` are for deployments without customers, and for tests.
    """
    if len(url) > _LONGEST_URL:
        raise EndpointError(f"the URL is longer than {_LONGEST_URL} characters")
    parts = urlsplit(url)
    if parts.scheme != "https":
        raise EndpointError("the URL must start with https://")
    if "#" in url:
        raise EndpointError("the URL must not have a fragment")
    endpoint = parse_endpoint(f"https://{parts.netloc}", allow_private=allow_private, ca_file=ca_file)
    if is_local_name(endpoint.host) and not allow_private:
        raise EndpointError("the URL leads to a local name")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    encoded = target.encode()
    if not set(encoded) <= _ALLOWED_IN_TARGET:
        raise EndpointError("the URL's path has characters that must be percent-encoded")
    return Callback(endpoint, encoded)
