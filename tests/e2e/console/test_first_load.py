"""What a page costs before it can be used, for browsers far away: one turn for the page, one for its files, no more."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Request
from tests.support.pages import Visit
from tests.support.server import Server, eventually

pytestmark = pytest.mark.timeout(300)
# Compressed scripts and styles. The specification allows 300 kB; these are what there is, and a little.
_MOST_BYTES = {
    "/": 165_000,
    "/sign-in": 165_000,
    "/models": 225_000,
    "/privacy": 215_000,
    "/refund-rules": 215_000,
    "/imprint": 215_000,
    "/dashboard": 270_000,
    "/admin": 295_000,
}
# A browser fetches six at a time from one place.
_MOST_FILES = 18
_LIMIT_S = 60.0


def test_a_first_visit_takes_two_turns_and_little(visit: Callable[..., Visit], demo: Callable[..., Visit]) -> None:
    """The page names every file it needs and brings the answers along: nothing is asked for after it has begun."""
    for path in ("/", "/sign-in", "/models", "/privacy", "/refund-rules", "/imprint"):
        _first_load(visit(language="ja"), path)
    known = demo()
    for path in ("/dashboard", "/admin"):
        _first_load(known, path)


def test_files_are_kept_for_good_and_were_compressed_beforehand(server: Server) -> None:
    """Their names change with what is in them; the server never compresses them itself."""
    page = server.request("GET", "/", headers={"accept": "text/html"}).body.decode()
    files = re.findall(r'"(/assets/[^"]+)"', page)
    assert files
    for file in files:
        answer = server.request("GET", file, headers={"accept-encoding": "br"})
        assert answer.headers["content-encoding"] == "br", file
        assert "immutable" in answer.headers["cache-control"], file


def _first_load(seen: Visit, path: str) -> None:
    requests: list[Request] = []

    def note(request: Request) -> None:
        requests.append(request)

    def look() -> bool:
        requests.clear()
        seen.go(path)
        # Neither a question that the page could have answered, nor a refusal in the browser's console.
        return seen.fetched == []

    seen.page.on("request", note)
    # The page does not wait for a busy server's answers, and asks for them itself.
    assert eventually(look, limit_s=_LIMIT_S), seen.fetched
    seen.page.remove_listener("request", note)
    page = requests[0].response()
    assert page is not None
    html = page.text()
    files = [each for each in requests if "/assets/" in each.url]
    assert not [each.url for each in files if each.url.removeprefix(seen.url) not in html], path
    assert len(files) <= _MOST_FILES, path
    answers = [each.response() for each in files]
    size = sum(int(each.headers["content-length"]) for each in answers if each is not None)
    assert 0 < size <= _MOST_BYTES[path], (path, size)
