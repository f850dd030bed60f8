"""What differs between kinds of channel before the wire format: where their API lives, and how they are told the key.

A base URL is written as the vendor's own SDK takes it: OpenAI's with the version, Anthropic's and Google's without. One
that names a version all the same is taken at its word. It must not know what a body means.
"""

import re
from collections.abc import Mapping

Header = tuple[bytes, bytes]

DEFAULT_BASE_URLS: Mapping[str, str] = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "gemini": "https://generativelanguage.googleapis.com",
}
ANTHROPIC_VERSION: Header = (b"anthropic-version", b"2023-06-01")

_VERSIONS = {"anthropic": b"/v1", "gemini": b"/v1beta"}
_VERSION_SEGMENT = re.compile(r"/v\d+[a-z0-9]*\Z")


def auth_headers(kind: str, secret: bytes) -> tuple[Header, ...]:
    """How a channel of this kind is told its key."""
    match kind:
        case "anthropic":
            return ((b"x-api-key", secret),)
        case "gemini":
            return ((b"x-goog-api-key", secret),)
        case _:
            return ((b"authorization", b"Bearer " + secret),)


def versioned(kind: str, path_prefix: str, path: bytes) -> bytes:
    """The path to ask for under a base URL whose own path is `path_prefix`, with the version where that has none."""
    version = _VERSIONS.get(kind)
    if version is None:
        # Compatible servers have their API under paths of all kinds: any path is taken for the whole of it.
        return path if path_prefix else b"/v1" + path
    return path if _VERSION_SEGMENT.search(path_prefix) else version + path


def models_request(kind: str, path_prefix: str) -> tuple[bytes, tuple[Header, ...]]:
    """Path and further headers of the request that lists a provider's models, which costs nothing anywhere."""
    return versioned(kind, path_prefix, b"/models"), (ANTHROPIC_VERSION,) if kind == "anthropic" else ()
