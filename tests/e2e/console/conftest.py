"""What the journeys through the console share: a browser, and a server with a mail server of its own."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from playwright.sync_api import Browser, expect
from tests.support import console
from tests.support.browser import running_browser
from tests.support.mail import MailServer, mail_server, text_of
from tests.support.pages import PATIENCE_MS, Visit
from tests.support.server import Server, eventually, running_server

# Mail goes out every five seconds.
_MAIL_LIMIT_S = 60.0


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    """Pages are those of the sources, however the tests were started; on a busy machine they take their time."""
    console.build()
    expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(mail_server()) as running:
        yield running


@pytest.fixture(scope="module")
def server(module_data_dir: Path, mail: MailServer) -> Iterator[Server]:
    """The demo as `farebox serve` makes it, with simulated payments, and terms that everybody has to accept."""
    env = {
        "FAREBOX_SMTP_URL": f"smtp+plain://127.0.0.1:{mail.port}",
        "FAREBOX_MAIL_FROM": "no-reply@farebox.example",
    }
    with running_server(module_data_dir, "--workers", "1", env=env) as started:
        terms = started.data_dir / "terms.txt"
        terms.write_text("Terms of the test\nBe kind.\n")
        started.cli("terms", "publish", f"en={terms}")
        yield started


@pytest.fixture(scope="module")
def link_to(mail: MailServer) -> Callable[[str], str]:
    """The link of the newest mail to an address, once it has come."""

    def link(address: str) -> str:
        def look() -> str:
            links = [re.search(r"https?://\S+#\S+", text_of(each)) for each in mail.told(address)]
            return next((found[0] for found in reversed(links) if found is not None), "")

        return eventually(look, limit_s=_MAIL_LIMIT_S)

    return link


@pytest.fixture
def demo(visit: Callable[..., Visit], server: Server) -> Callable[..., Visit]:
    """Makes visits of the demo's owner, whose account has accepted the terms."""

    def begin(**options: str) -> Visit:
        seen = visit(**options)
        seen.go("/sign-in")
        told = {"email": server.ready["operator_email"], "password": server.ready["operator_password"]}
        assert seen.post("/api/session", told) == 201
        version = server.request("GET", "/api/public/terms").json["in_force"]["version"]
        assert seen.post("/api/account/terms", {"terms_version": version}) == 200
        return seen

    return begin


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Visit]]:
    """Makes visits; in the end each is asked whether all was well."""
    made: list[Visit] = []

    def begin(**options: str) -> Visit:
        made.append(Visit(browser, server.url, **options))
        return made[-1]

    yield begin
    for each in made:
        each.check()
        each.close()
