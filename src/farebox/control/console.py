"""The console: its built files, and the page that every path of it begins with.

Pages and the operator's API share paths below /admin. A browser that goes somewhere wants the page; what the page, or
a program, fetches is the API's.
"""

import gzip
import mimetypes
import secrets
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from farebox.control.opening import PLAN, AnsweredAhead, Openings, embedded, links

FILES = Path(__file__).parent / "console_files"

_INDEX, _HASHED = "/index.html", "/assets/"
# What never is a page, whoever asks: a link that was followed there is meant for the API.
_NO_PAGES = ("/api/", "/v1/", "/v1beta/", "/webhooks/", "/unsubscribe/")
# Tables, pages to print and the API's description; a dot alone tells nothing, for models have dots in their names.
_FILES = (".csv", ".html", ".json")
_NONCE, _ANSWERS = b"__NONCE__", b"<!--answers-->"
# Styles of a part of the pages come after those of all pages, which they change.
_LINKS = b"</head>"
# Beyond this the pages shrink no more, and take longer to make.
_GZIP_LEVEL = 5
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
# Styles that Mantine makes at run time carry the nonce; there is no inline script, and nothing comes from elsewhere.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_SAFE = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}
_MISSING = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Farebox</title></head>
<body><p>This Farebox was installed without its console. The API works: <a href="/openapi.json">/openapi.json</a>
describes it. To add the console, install again without FAREBOX_SKIP_CONSOLE.</p></body></html>
"""


class _File(NamedTuple):
    plain: bytes
    encoded: dict[str, bytes]
    media_type: str
    etag: str


class ConsolePages:
    """ASGI around the API: answers what is the console's and passes on the rest. Files are read once."""

    def __init__(self, api: ASGIApp, folder: Path = FILES) -> None:
        self._api = api
        self._ahead = AnsweredAhead(api)
        self._files = _read(folder)
        index = self._files.pop(_INDEX, None)
        self._page = _MISSING if index is None else index.plain
        plan = self._files.pop(PLAN, None)
        self._openings = Openings.read(None if plan is None else plan.plain)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(scope) if scope["type"] == "http" else None
        await (self._api if answer is None else answer)(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response | None:
        if scope["method"] not in ("GET", "HEAD"):
            return None
        path, headers = scope["path"], Headers(scope=scope)
        found = self._files.get(path)
        if found is not None:
            return _file(found, headers, is_hashed=path.startswith(_HASHED))
        return await self._fresh_page(scope, headers) if is_page(path, headers) else None

    async def _fresh_page(self, scope: Scope, headers: Headers) -> Response:
        opening = self._openings.of(scope["path"])
        # Whoever wants the head only has no use for them.
        told_ahead = await self._ahead.answers(scope, opening) if scope["method"] == "GET" else {}
        answers = embedded(told_ahead)
        nonce = secrets.token_urlsafe(16)
        page = self._page.replace(_NONCE, nonce.encode()).replace(_ANSWERS, answers)
        page = page.replace(_LINKS, links(opening) + _LINKS, 1)
        policy = {"content-security-policy": _POLICY.format(nonce=nonce), "cross-origin-opener-policy": "same-origin"}
        # Nobody may keep it: each has a nonce of its own, names the newest files, and tells what one person may see.
        told = {**_SAFE, **policy, "cache-control": "no-store", "vary": "accept-encoding"}
        if "gzip" in _taken(headers):
            told["content-encoding"] = "gzip"
            page = gzip.compress(page, _GZIP_LEVEL, mtime=0)
        return Response(page, media_type="text/html", headers=told)


def is_page(path: str, headers: Headers) -> bool:
    """Whether a browser goes to this path as to a page, and not for a file of the API's."""
    if path == "/":
        return True
    if path.startswith(_NO_PAGES) or path.endswith(_FILES):
        return False
    return headers.get("sec-fetch-dest", "document") == "document" and "text/html" in headers.get("accept", "")


def _file(file: _File, headers: Headers, *, is_hashed: bool) -> Response:
    told = {
        **_SAFE,
        "etag": file.etag,
        "vary": "accept-encoding",
        "cache-control": "public, max-age=31536000, immutable" if is_hashed else "no-cache",
    }
    if headers.get("if-none-match") == file.etag:
        return Response(status_code=304, headers=told)
    taken = _taken(headers)
    for encoding, body in file.encoded.items():
        if encoding in taken:
            return Response(body, media_type=file.media_type, headers={**told, "content-encoding": encoding})
    return Response(file.plain, media_type=file.media_type, headers=told)


def _taken(headers: Headers) -> set[str]:
    return set(map(_encoding, headers.get("accept-encoding", "").split(",")))


def _encoding(told: str) -> str:
    """An encoding that may be used; '' for one that is refused by q=0."""
    name, _, quality = told.partition(";")
    return "" if quality.replace(" ", "") in ("q=0", "q=0.0", "q=0.00", "q=0.000") else name.strip()


def _read(folder: Path) -> dict[str, _File]:
    """What there is to serve, by path; nothing where the console was not built."""
    if not folder.is_dir():
        return {}
    suffixes = tuple(suffix for _, suffix in _ENCODINGS)
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {
        f"/{path.relative_to(folder).as_posix()}": _load(path) for path in paths if not path.name.endswith(suffixes)
    }


def _load(path: Path) -> _File:
    plain = path.read_bytes()
    beside = {encoding: path.with_name(path.name + suffix) for encoding, suffix in _ENCODINGS}
    return _File(
        plain=plain,
        encoded={encoding: other.read_bytes() for encoding, other in beside.items() if other.is_file()},
        # The operating system's own table may say otherwise of .js.
        media_type=_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        etag=f'"{sha256(plain).hexdigest()[:32]}"',
    )


_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
