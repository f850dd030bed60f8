"""Every page of the console that strangers and customers see: looked at, cut off from the server, found by its name."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from tests.support.outage import Outage
from tests.support.pages import Visit
from tests.support.server import Server

pytestmark = pytest.mark.timeout(420)
_PAGES = {
    "landing": "/",
    "models": "/models?compare=demo-mini",
    "quick-start": "/quick-start",
    "status": "/status",
    "announcements": "/announcements",
    "terms": "/terms",
    "refund-rules": "/refund-rules",
    "contact": "/contact",
    "overview": "/dashboard",
    "start": "/dashboard/start",
    "chat": "/dashboard/chat",
    "keys": "/dashboard/tokens",
    "webhooks": "/dashboard/webhooks",
    "logs": "/dashboard/logs",
    "usage": "/dashboard/usage?split=key",
    "credits": "/dashboard/credits",
    "credits-lots": "/dashboard/credits?lots=all",
    "recharge": "/dashboard/recharge",
    "refunds": "/dashboard/refunds",
    "support": "/dashboard/support",
    "support-new": "/dashboard/support?new=true",
    "settings": "/dashboard/settings",
    "settings-account": "/dashboard/settings/account",
    "settings-security": "/dashboard/settings/security",
    "settings-sessions": "/dashboard/settings/sessions",
    "settings-members": "/dashboard/settings/members",
    "settings-notifications": "/dashboard/settings/notifications",
    "terms-accept": "/dashboard/terms",
    "missing": "/dashboard/nothing-here",
}
# Pages that ask for nothing before somebody does something.
_STILL = ("landing", "quick-start", "start", "missing")
_LISTS = {
    "/dashboard/tokens": "/api/keys",
    "/dashboard/logs": "/api/jobs",
    "/dashboard/usage": "/api/usage",
    "/dashboard/support": "/api/support",
}


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-CN", "dark")])
def test_every_page_is_accessible_and_fits_all_screens(
    server: Server, visit: Callable[..., Visit], demo: Callable[..., Visit], language: str, scheme: str
) -> None:
    """No violation of WCAG A and AA that axe finds, nothing wider than the screen; pictures are left behind."""
    stranger = visit(language=language, scheme=scheme)
    for name, path in (("sign-in", "/sign-in"), ("sign-up", "/sign-up"), ("forgot-password", "/forgot-password")):
        stranger.go(path)
        stranger.look(name)
    seen = demo(language=language, scheme=scheme)
    for name, path in _PAGES.items():
        seen.go(path)
        seen.look(name)
    _call(server)
    seen.go("/dashboard/logs")
    seen.page.locator("tbody tr").first.click()
    seen.page.get_by_role("dialog").wait_for()
    seen.settle()
    seen.look("logs-receipt")


def test_a_list_is_one_request_and_its_address_restores_it(demo: Callable[..., Visit]) -> None:
    """A view asks for its list once; filters stand in the address, and Back undoes them."""
    seen = demo()
    for path, asked in _LISTS.items():
        seen.go(path)
        assert seen.fetched.count(f"GET {asked}") == 1, (path, seen.fetched)
    page = seen.page
    seen.go("/dashboard/logs?status=refused")
    expect(page.get_by_label("Status", exact=True).first).to_have_value("refused")
    expect(page.get_by_text("Nothing matches these filters.")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    page.wait_for_url("**/dashboard/logs")
    page.go_back()
    page.wait_for_url("**/dashboard/logs?status=refused")


def test_every_page_says_that_the_server_is_slow_or_away_and_recovers(demo: Callable[..., Visit]) -> None:
    """After some seconds a page says that it waits, without an answer that there is none; then it goes on by itself."""
    seen = demo()
    outage = Outage(seen)
    outage.live_through("/dashboard", from_the_door=True)
    for name, path in _PAGES.items():
        if name in _STILL:
            outage.stand_still_on(path)
        else:
            outage.live_through(path)


def test_the_command_palette_finds_pages_keys_and_jobs(server: Server, demo: Callable[..., Visit]) -> None:
    """Ctrl-K, a few letters, Enter."""
    seen = demo()
    job = _call(server)
    page = seen.page
    seen.go("/dashboard")
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Go to…").fill("usag")
    page.get_by_role("button", name="Usage", exact=True).click()
    page.wait_for_url("**/dashboard/usage")
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Go to…").fill(job)
    page.get_by_role("button", name=re.compile("^Open job")).click()
    expect(page.get_by_role("dialog").get_by_text(job)).to_be_visible()


def _call(server: Server) -> str:
    """A call with the demo's key; its job."""
    answer = server.chat(server.ready["api_key"])
    assert answer.status == 200, answer.body
    return answer.headers["farebox-job-id"]
