"""What is put into a page of the console so that its browser need not ask: which files, which answers, and whose."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from farebox.control import opening
from farebox.control.console import ConsolePages
from farebox.control.opening import Answer, Opening, Openings, embedded, spoken_in

_BROWSER = {"accept": "text/html", "accept-language": "ja-JP,en;q=0.5", "cookie": "session=mine"}
_PAGE = "<head><!--links--></head><body><!--answers--></body>"
_SLOW = ("/api/slow", "/api/stubborn")
_ASKS = ("/api/who?language={language}", *_SLOW, "/api/broken", "/api/failing", "/api/refused", "/api/large")


def test_a_page_without_a_line_of_its_own_is_opened_as_its_area() -> None:
    """The nearest area counts; where nothing is known, nothing is told ahead."""
    overview, area, all_pages = Opening(("/a.js",)), Opening(("/b.js",)), Opening(("/c.js",))
    openings = Openings({"/dashboard": overview, "/dashboard/*": area, "/*": all_pages})
    assert openings.of("/dashboard/") == overview
    assert openings.of("/dashboard/settings/account") == area
    assert openings.of("/dashboards") == all_pages
    assert openings.of("/") == all_pages
    assert Openings.read(None).of("/dashboard") == Opening()


def test_no_answer_can_end_the_block_that_it_stands_in() -> None:
    """A name that somebody chose is data, whatever stands in it; it is read as it was written."""
    hostile = "</script><script src=//elsewhere></script><!--"
    block = embedded({"/api/who": Answer(200, json.dumps({"name": hostile}).encode())}).decode()
    assert block.count("<") == 2
    told = json.loads(block[block.index(">") + 1 : block.rindex("<")])
    assert told == {"/api/who": {"status": 200, "body": {"name": hostile}}}


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-HK,zh;q=0.9,en;q=0.8", "zh-TW"),
        ("zh-CN", "zh-CN"),
        ("fr-FR,ja;q=0.5", "ja"),
        ("en-GB", "en"),
        ("xx", "en"),
        ("", "en"),
    ],
)
def test_the_server_takes_the_language_that_the_page_will_take(accepted: str, language: str) -> None:
    """Else the page would ask again, in its own."""
    assert spoken_in(accepted) == language


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A console of one page, on an API with all kinds of answers."""
    monkeypatch.setattr(opening, "_PATIENCE_S", 0.1)

    async def who(request: Request) -> Response:
        told = {"cookie": request.headers["cookie"], "accept": request.headers["accept"]}
        return JSONResponse({**told, "language": request.query_params["language"]})

    async def slow(_: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def stubborn(_: Request) -> Response:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            # As a connection does that waits for a database which stands still.
            await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def broken(_: Request) -> Response:
        raise ConnectionError("the database is gone")

    api = Starlette(
        routes=[
            Route("/api/who", who),
            Route("/api/slow", slow),
            Route("/api/stubborn", stubborn),
            Route("/api/broken", broken),
            Route("/api/failing", lambda _: PlainTextResponse("not now", 503)),
            Route("/api/refused", lambda _: JSONResponse({"code": "not_signed_in"}, 401)),
            Route("/api/large", lambda _: JSONResponse("x" * 100_000)),
        ]
    )
    plan = {"/": {"files": ["/assets/a.js", "/assets/a.css"], "asks": _ASKS}}
    for name, text in (("index.html", _PAGE), ("opening.json", json.dumps(plan))):
        (tmp_path / name).write_text(text)
    return TestClient(ConsolePages(api, tmp_path))


def _answers(page: str) -> dict[str, dict[str, object]]:
    block = re.search(r'id="answers">(.*?)</script>', page)
    assert block is not None
    told: dict[str, dict[str, object]] = json.loads(block[1])
    return told


def test_a_page_brings_its_files_and_the_answers_for_whoever_asked(client: TestClient) -> None:
    """As the API itself would have answered this browser; a refusal is an answer, too."""
    page = client.get("/", headers=_BROWSER)
    assert '<link rel="modulepreload" crossorigin href="/assets/a.js">' in page.text
    assert '<link rel="stylesheet" crossorigin href="/assets/a.css">' in page.text
    answers = _answers(page.text)
    mine = {"cookie": "session=mine", "accept": "application/json", "language": "ja"}
    assert answers["/api/who?language=ja"] == {"status": 200, "body": mine}
    assert answers["/api/refused"]["status"] == 401
    assert (page.headers["content-encoding"], page.headers["cache-control"]) == ("gzip", "no-store")


def test_no_answer_holds_up_the_page(client: TestClient) -> None:
    """What is slow, fails or is too long is left out: the page asks for it, and shows what became of it."""
    page = client.get("/", headers=_BROWSER)
    assert page.status_code == 200
    assert set(_answers(page.text)) == {"/api/who?language=ja", "/api/refused"}


def test_nothing_is_asked_for_whoever_wants_the_head_only(client: TestClient) -> None:
    """A monitor that looks whether the page is there costs no queries."""
    assert int(client.head("/", headers=_BROWSER).headers["content-length"]) < int(
        client.get("/", headers=_BROWSER).headers["content-length"]
    )


def test_the_plan_itself_is_no_file_to_fetch(client: TestClient) -> None:
    """What the server reads is not served."""
    assert client.get("/opening.json", headers={"accept": "*/*"}).status_code == 404
