"""What differs between channels before the wire format: where their API lives, and how they are told the key.

A base URL is written as the vendor's own SDK takes it: OpenAI's with the version, Anthropic's and Google's without. One
that names a version all the same is taken at its word. It must not know what a body means.
"""

import re
from urllib.parse import quote

from farebox.upstream.presets import Preset

Header = tuple[bytes, bytes]

ANTHROPIC_VERSION: Header = (b"anthropic-version", b"2023-06-01")

_VERSIONS = {"anthropic": b"/v1", "gemini": b"/v1beta"}
_VERSION_SEGMENT = re.compile(r"/v\d+[a-z0-9]*\Z")


def auth_headers(preset: Preset, secret: bytes) -> tuple[Header, ...]:
    """How a channel of this preset is told its key."""
    return ((preset.key_header.encode(), preset.key_scheme.encode() + secret),)


def versioned(kind: str, path_prefix: str, path: bytes) -> bytes:
    """The path to ask for under a base URL whose own path is `path_prefix`, with the version where that has none."""
    version = _VERSIONS.get(kind)
    if version is None:
        # Compatible servers have their API under paths of all kinds: any path is taken for the whole of it.
        return path if path_prefix else b"/v1" + path
    return path if _VERSION_SEGMENT.search(path_prefix) else version + path


def asked_path(preset: Preset, kind: str, path_prefix: str, path: bytes, upstream_model: str) -> bytes:
    """The same for a call of a model, at providers that are asked by the operator's deployments too.

    A base URL with a version needs no other; one of a resource alone has the vendor's; /openai alone, or with a
    deployment, is the older way and names a version in the query.
    """
    if preset.deployments_version is None or _VERSION_SEGMENT.search(path_prefix):
        return versioned(kind, path_prefix, path)
    if not path_prefix:
        return b"/openai/v1" + path
    deployment = b"" if "/deployments/" in path_prefix else f"/deployments/{quote(upstream_model, safe='')}".encode()
    return b"%b%b?api-version=%b" % (deployment, path, preset.deployments_version.encode())


def models_request(preset: Preset, kind: str, path_prefix: str) -> tuple[bytes, tuple[Header, ...]]:
    """Path and further headers of the request that lists a provider's models, which costs nothing anywhere."""
    version = preset.deployments_version
    if version is not None and path_prefix and not _VERSION_SEGMENT.search(path_prefix):
        return b"/models?api-version=" + version.encode(), ()
    path = asked_path(preset, kind, path_prefix, b"/models", "")
    return path, (ANTHROPIC_VERSION,) if kind == "anthropic" else ()
