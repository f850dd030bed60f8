"""Which paths are the API's: those that exist, and those whose author clearly meant one.

A path is compared as it came: what is written `%2f` is no separator, `/V1` is not `/v1`, and nothing is tidied up, so
that a proxy in front and we always mean the same endpoint. Whoever comes close is told the right one.
"""

import re
from urllib.parse import unquote

from farebox.gateway.wire import wire_at

_VERSIONED = re.compile(r"/v\d+(?:(?:alpha|beta)\d*)?(?:/|$)")
# What is read with GET: lists and states, and, with a name behind, one of many.
READS = ("/v1/models", "/v1beta/models", "/v1/credits", "/v1/key")
READS_OF_ONE = ("/v1/models/", "/v1beta/models/", "/v1/jobs/")
_NAMES_FOLLOW = tuple(path.encode() for path in READS_OF_ONE)


def path_as_meant(path: str, raw_path: bytes) -> str:
    """The path of a request for comparing: with its escapes undone only where a name follows."""
    if b"%" not in raw_path or raw_path.startswith(_NAMES_FOLLOW):
        return path
    return raw_path.decode("latin-1")


def looks_like_api(path: str, method: str) -> bool:
    """Whether who asks for this path expects the API's kind of answer."""
    tidy = _tidied(path)
    return _VERSIONED.match(tidy) is not None or (method == "POST" and _is_endpoint("/v1" + tidy))


def nearest(path: str) -> str | None:
    """The endpoint that was probably meant by a path that is none."""
    tidy = _tidied(path)
    while tidy.startswith(("/v1/v1/", "/v1/v1beta/")):
        tidy = tidy[3:]
    for candidate in (tidy, "/v1" + tidy):
        if candidate in READS or _is_endpoint(candidate):
            return candidate
    return None


def _is_endpoint(path: str) -> bool:
    return ":" not in path and wire_at(path, path.encode("utf-8", "replace"), b"") is not None


def _tidied(path: str) -> str:
    return "/" + "/".join(part for part in unquote(path).lower().split("/") if part)
