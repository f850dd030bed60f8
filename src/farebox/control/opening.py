"""What a page of the console begins with: the files it is made of, and the answers that it would ask for first.

The build says which (console/build/pages.ts). Told in the page itself, they spare a browser far away two round trips:
to learn of the files, and to ask. An answer is the API's own, given to whoever asked for the page.
"""

import asyncio
import html
import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Scope

PLAN = "/opening.json"

# The page does not wait for a slow database: what is not there by then it asks for itself, and says so meanwhile.
_PATIENCE_S = 0.3
# A longer answer holds up the page's own files.
_MOST_BYTES = 64 * 1024
# What concerns the page, and not the answers in it.
_OF_THE_PAGE = frozenset((b"accept", b"accept-encoding", b"if-none-match", b"range"))
_LANGUAGE = "{language}"


class Opening(NamedTuple):
    """`files`: paths of scripts and styles; `asks`: paths of the API, with their query."""

    files: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


class Answer(NamedTuple):
    status: int
    body: bytes


class Openings:
    """By path: a page of its own, or, as /area/*, all pages below."""

    def __init__(self, plan: Mapping[str, Opening]) -> None:
        self._plan = plan

    @classmethod
    def read(cls, plan: bytes | None) -> "Openings":
        """What the build has written; None where there was none."""
        told = {} if plan is None else json.loads(plan)
        return cls({path: Opening(tuple(each["files"]), tuple(each["asks"])) for path, each in told.items()})

    def of(self, path: str) -> Opening:
        """That of the path, else of the nearest area that it lies in."""
        found = self._plan.get(path.rstrip("/") or "/")
        while found is None and path:
            path = path.rpartition("/")[0]
            found = self._plan.get(f"{path}/*")
        return found or Opening()


def links(opening: Opening) -> bytes:
    """For the page's head."""
    return "".join(map(_link, opening.files)).encode()


def _link(file: str) -> str:
    kind = "stylesheet" if Path(file).suffix == ".css" else "modulepreload"
    return f'<link rel="{kind}" crossorigin href="{html.escape(file)}">'


def embedded(answers: Mapping[str, Answer]) -> bytes:
    """A block of data for the page's body: it does not run, and nothing in it can end it."""
    told = b",".join(
        b'%s:{"status":%d,"body":%s}' % (json.dumps(ask).encode(), answer.status, answer.body)
        for ask, answer in answers.items()
    )
    return b'<script type="application/json" id="answers">{%s}</script>' % told.replace(b"<", b"\\u003c")


class AnsweredAhead:
    """What the API would answer to whoever asks for a page, without what fails, takes too long or is too large."""

    def __init__(self, api: ASGIApp) -> None:
        self._api = api
        # The loop itself holds tasks weakly.
        self._leaving: set[asyncio.Task[Answer]] = set()

    async def answers(self, scope: Scope, opening: Opening) -> dict[str, Answer]:
        """By ask."""
        spoken = spoken_in(Headers(scope=scope).get("accept-language", ""))
        asks = _in_language(opening.asks, spoken)
        tasks = {ask: asyncio.create_task(_ask(self._api, scope, ask)) for ask in asks}
        if not tasks:
            return {}
        try:
            await asyncio.wait(tasks.values(), timeout=_PATIENCE_S)
        finally:
            # Not waited for: where the database stands still, so does giving a connection back to it.
            for task in tasks.values():
                self._leave(task)
        # What went wrong over there the page will learn when it asks.
        told = {ask: task.result() for ask, task in tasks.items() if _is_answered(task)}
        return {ask: each for ask, each in told.items() if each.status < 500 and 0 < len(each.body) <= _MOST_BYTES}

    def _leave(self, task: "asyncio.Task[Answer]") -> None:
        self._leaving.add(task)
        task.add_done_callback(self._forget)
        task.cancel()

    def _forget(self, task: "asyncio.Task[Answer]") -> None:
        self._leaving.discard(task)
        if not task.cancelled():
            # Looked at, so that nobody reports it as never seen.
            task.exception()


def _is_answered(task: "asyncio.Task[Answer]") -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


def _in_language(asks: tuple[str, ...], language: str) -> list[str]:
    return [ask.replace(_LANGUAGE, language) for ask in asks]


def spoken_in(accepted: str) -> str:
    """The console's language for this Accept-Language, as closest() in console/src/lib/i18n.tsx finds it."""
    for part in accepted.split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag.startswith(("zh-tw", "zh-hk", "zh-mo", "zh-hant")):
            return "zh-TW"
        for prefix, language in (("zh", "zh-CN"), ("ja", "ja"), ("en", "en")):
            if tag.startswith(prefix):
                return language
    return "en"


async def _ask(api: ASGIApp, scope: Scope, ask: str) -> Answer:
    path, _, query = ask.partition("?")
    headers = [(name, value) for name, value in scope["headers"] if name not in _OF_THE_PAGE]
    asked = {
        **scope,
        "method": "GET",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [*headers, (b"accept", b"application/json")],
    }
    status, body = 0, bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            body.extend(message.get("body", b""))

    await api(asked, receive, send)
    return Answer(status, bytes(body))
