"""Which requests get a page, which a file, and which go on to the API."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from farebox.control.console import ConsolePages, is_page

_BROWSER = {"accept": "text/html,*/*;q=0.8", "sec-fetch-dest": "document"}
_PROGRAM = {"accept": "application/json"}


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/", {}, True),
        ("/dashboard/logs", _BROWSER, True),
        ("/admin/accounts", _BROWSER, True),
        ("/admin/accounts", _PROGRAM, False),
        ("/admin/accounts", {"accept": "*/*"}, False),
        ("/admin/accounts", {**_BROWSER, "sec-fetch-dest": "empty"}, False),
        ("/admin/models/gpt-4.1", _BROWSER, True),
        ("/api/jobs.csv", _BROWSER, False),
        ("/api/statements/1.html", _BROWSER, False),
        ("/admin/reports/margin.csv", _BROWSER, False),
        ("/v1/models", _BROWSER, False),
        ("/unsubscribe/token", _BROWSER, False),
        ("/openapi.json", _BROWSER, False),
    ],
)
def test_a_navigation_gets_the_page_and_a_fetch_the_api(path: str, headers: dict[str, str], expected: bool) -> None:
    """Pages and the operator's API share paths; who asks, and how, tells them apart."""
    assert is_page(path, Headers(headers)) is expected


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text('<meta name="csp-nonce" content="__NONCE__">')
    (tmp_path / "assets" / "app-1a2b.js").write_text("let a = 1;")
    (tmp_path / "assets" / "app-1a2b.js.br").write_bytes(b"compressed")
    (tmp_path / "favicon.svg").write_text("<svg/>")
    api = Starlette(routes=[Route("/api/thing", lambda _: PlainTextResponse("from the API"))])
    return TestClient(ConsolePages(api, tmp_path))


def test_each_page_has_a_nonce_of_its_own(client: TestClient) -> None:
    """The nonce stands in the page and in its policy, never twice, and nobody keeps the page."""
    pages = [client.get("/dashboard", headers=_BROWSER) for _ in range(2)]
    nonces = [page.text.split('content="')[1].split('"')[0] for page in pages]
    assert nonces[0] != nonces[1]
    for page, nonce in zip(pages, nonces, strict=True):
        policy = page.headers["content-security-policy"]
        assert f"'nonce-{nonce}'" in policy
        assert "unsafe" not in policy
        assert page.headers["cache-control"] == "no-store"


def test_hashed_files_are_kept_for_good_and_others_asked_for_again(client: TestClient) -> None:
    """A file whose name tells its content never changes; it is sent as it was compressed at build time."""
    script = client.get("/assets/app-1a2b.js", headers={"accept-encoding": "gzip, br;q=0.9"})
    assert (script.headers["content-encoding"], script.headers["vary"]) == ("br", "accept-encoding")
    assert "immutable" in script.headers["cache-control"]
    assert script.headers["content-type"].startswith("text/javascript")
    plain = client.get("/assets/app-1a2b.js", headers={"accept-encoding": "identity"})
    assert plain.text == "let a = 1;"
    icon = client.get("/favicon.svg")
    assert icon.headers["cache-control"] == "no-cache"
    assert client.get("/favicon.svg", headers={"if-none-match": icon.headers["etag"]}).status_code == 304


def test_everything_else_is_the_apis(client: TestClient) -> None:
    """What is no page and no file goes on as it came; a path cannot lead out of the folder."""
    assert client.get("/api/thing", headers=_BROWSER).text == "from the API"
    assert client.post("/dashboard", headers=_BROWSER).status_code == 404
    assert client.get("/assets/%2e%2e/index.html", headers=_PROGRAM).status_code == 404
    assert client.get("/.sources", headers=_PROGRAM).status_code == 404


def test_without_a_build_the_page_says_so_and_the_api_works(tmp_path: Path) -> None:
    """FAREBOX_SKIP_CONSOLE leaves a working API, and one page that tells how to have the console."""
    api = Starlette(routes=[Route("/api/thing", lambda _: PlainTextResponse("from the API"))])
    client = TestClient(ConsolePages(api, tmp_path / "nothing"))
    assert "FAREBOX_SKIP_CONSOLE" in client.get("/").text
    assert client.get("/api/thing").text == "from the API"
