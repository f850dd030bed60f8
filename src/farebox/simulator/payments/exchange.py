"""A request to the simulated payment providers, and the answer as bytes."""

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

JSON = "application/json"
HTML = "text/html; charset=utf-8"


class Asked(msgspec.Struct, frozen=True):
    """A request: its path without the provider's prefix, and headers with lower-case names."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[bytes, bytes]
    body: bytes

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")


class Answered(msgspec.Struct, frozen=True):
    status: int
    body: bytes = b""
    content_type: str = JSON
    location: str = ""

    def head_and_body(self) -> bytes:
        """The whole answer as HTTP/1.1."""
        lines = [
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}",
            f"content-type: {self.content_type}",
            f"content-length: {len(self.body)}",
            "cache-control: no-store",
        ]
        if self.location:
            lines.append(f"location: {self.location}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + self.body


def asked(method: bytes, target: bytes, headers: dict[bytes, bytes], body: bytes) -> Asked:
    parts = urlsplit(target.decode("latin-1"))
    return Asked(method.decode(), parts.path, dict(parse_qsl(parts.query)), headers, body)


def answered(value: Any, status: int = 200) -> Answered:
    return Answered(status, msgspec.json.encode(value))


def form_of(body: bytes) -> dict[str, Any]:
    """A form whose names nest by brackets, as Stripe's do: `a[b][0][c]=1` is {"a": {"b": {"0": {"c": "1"}}}}."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True):
        *path, last = name.replace("]", "").split("[")
        place = found
        for step in path:
            inner = place.get(step)
            place[step] = inner = inner if isinstance(inner, dict) else {}
            place = inner
        place[last] = value
    return found
