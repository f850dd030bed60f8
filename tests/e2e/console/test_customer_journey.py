"""A customer's whole journey through the console, by hand in a real browser, in English and Chinese, light and dark."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect
from tests.support.pages import PATIENCE_MS, Visit
from tests.support.server import Server

pytestmark = pytest.mark.timeout(420)
# On a busy machine pages take their time.
expect.set_options(timeout=PATIENCE_MS)
_PASSWORD = "a long enough one"
_PAGES = {
    "landing": "/",
    "models": "/models?compare=demo-mini",
    "quick-start": "/quick-start",
    "status": "/status",
    "announcements": "/announcements",
    "terms": "/terms",
    "contact": "/contact",
    "overview": "/dashboard",
    "start": "/dashboard/start",
    "chat": "/dashboard/chat",
    "keys": "/dashboard/tokens",
    "logs": "/dashboard/logs",
    "usage": "/dashboard/usage?split=key",
    "credits": "/dashboard/credits",
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
_LISTS = {
    "/dashboard/tokens": "/api/keys",
    "/dashboard/logs": "/api/jobs",
    "/dashboard/usage": "/api/usage",
    "/dashboard/support": "/api/support",
}


def test_a_customer_from_sign_up_to_refund(
    server: Server, visit: Callable[..., Visit], link_to: Callable[[str], str]
) -> None:
    """Sign up, confirm, first answer, recharge, key, call, receipt, ledger, chat, dispute, refund, in one sitting."""
    seen = visit()
    page, email = seen.page, f"{uuid4().hex}@example.com"
    _sign_up(seen, email)
    seen.go(_path(link_to(email)))
    page.get_by_role("button", name="Confirm my address").click()
    page.get_by_role("link", name="Sign in").click()
    _sign_in(page, email)
    _first_answer(seen, server)
    _recharge(seen)
    secret = _make_key(seen)
    answer = server.chat(secret)
    assert answer.status == 200
    cost = Decimal(answer.json["usage"]["cost"])
    _see_job(seen, answer.headers["farebox-job-id"], cost)
    _see_ledger(seen, cost)
    _chat(seen)
    _ask_refund(seen)
    page.get_by_role("button", name="Your menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    # Nobody gets back in by the address alone, and whoever signs in again is where they wanted to be.
    page.goto("/dashboard/logs?status=settled")
    expect(page.get_by_text("Sign in to go on where you were.")).to_be_visible()
    _sign_in(page, email)
    page.wait_for_url("**/dashboard/logs?status=settled")


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-CN", "dark")])
def test_every_page_is_accessible_and_fits_all_screens(
    server: Server, visit: Callable[..., Visit], language: str, scheme: str
) -> None:
    """No violation of WCAG A and AA that axe finds, nothing wider than the screen; pictures are left behind."""
    seen = visit(language=language, scheme=scheme)
    for name, path in (("sign-in", "/sign-in"), ("sign-up", "/sign-up"), ("forgot-password", "/forgot-password")):
        seen.go(path)
        seen.look(name)
    _sign_in_as_demo(seen, server)
    for name, path in _PAGES.items():
        seen.go(path)
        seen.look(name)
    _call(server)
    seen.go("/dashboard/logs")
    seen.page.locator("tbody tr").first.click()
    seen.page.get_by_role("dialog").wait_for()
    seen.settle()
    seen.look("logs-receipt")


def test_a_list_is_one_request_and_its_address_restores_it(server: Server, visit: Callable[..., Visit]) -> None:
    """A view asks for its list once; filters stand in the address, and Back undoes them."""
    seen = visit()
    _sign_in_as_demo(seen, server)
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


def test_a_server_that_is_away_is_said_to_be_and_the_page_recovers(server: Server, visit: Callable[..., Visit]) -> None:
    """While the API does not answer, a page says so; when it does again, the page goes on by itself."""
    seen = visit()
    _sign_in_as_demo(seen, server)
    page = seen.page
    seen.go("/dashboard")
    page.route("**/api/keys*", lambda route: route.abort())
    page.get_by_role("link", name="API keys").click()
    expect(page.get_by_text("The server cannot be reached")).to_be_visible(timeout=30_000)
    page.unroute("**/api/keys*")
    expect(page.get_by_role("table", name="API keys")).to_be_visible(timeout=30_000)


def test_the_command_palette_finds_pages_keys_and_jobs(server: Server, visit: Callable[..., Visit]) -> None:
    """Ctrl-K, a few letters, Enter."""
    seen = visit()
    _sign_in_as_demo(seen, server)
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


def test_the_first_load_is_small(server: Server, visit: Callable[..., Visit]) -> None:
    """At most 300 kB of compressed JavaScript, which browsers may keep for good."""
    seen = visit()
    sizes: dict[str, int] = {}
    seen.page.on(
        "response",
        lambda answer: (
            sizes.update({answer.url: int(answer.headers.get("content-length", "0"))})
            if answer.url.endswith(".js")
            else None
        ),
    )
    seen.go("/")
    assert 0 < sum(sizes.values()) <= 300_000, json.dumps(sizes, indent=1)
    for url in filter(lambda each: "/assets/" in each, sizes):
        answer = server.request("GET", url.removeprefix(server.url), headers={"accept-encoding": "br"})
        assert answer.headers["content-encoding"] == "br"
        assert "immutable" in answer.headers["cache-control"]


def _call(server: Server) -> str:
    """A call with the demo's key; its job."""
    answer = server.chat(server.ready["api_key"])
    assert answer.status == 200, answer.body
    return answer.headers["farebox-job-id"]


def _sign_up(seen: Visit, email: str) -> None:
    page = seen.page
    seen.go("/sign-up")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(_PASSWORD)
    page.get_by_role("checkbox", name=re.compile("I have read")).check()
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()


def _sign_in(page: Page, email: str, password: str = _PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _sign_in_as_demo(seen: Visit, server: Server) -> None:
    # By the API, so that the language of the page does not matter; its account accepts the terms, too.
    seen.go("/sign-in")
    told = {"email": server.ready["operator_email"], "password": server.ready["operator_password"]}
    assert _post(seen, "/api/session", told) == 201
    version = server.request("GET", "/api/public/terms").json["in_force"]["version"]
    assert _post(seen, "/api/account/terms", {"terms_version": version}) == 200


def _post(seen: Visit, path: str, body: dict[str, object]) -> int:
    status = seen.page.evaluate(
        "([path, body]) => fetch(path, {method: 'POST', headers: {'content-type': 'application/json'}, "
        "body: JSON.stringify(body)}).then(answer => answer.status)",
        [path, body],
    )
    return int(status)


def _first_answer(seen: Visit, server: Server) -> None:
    page = seen.page
    expect(page.get_by_role("heading", name="Get your first answer")).to_be_visible()
    page.get_by_role("button", name="Make a test key").click()
    key = page.locator("code.secret").inner_text()
    assert key.startswith("fb_test_")
    expect(page.get_by_role("tabpanel")).to_contain_text(key)
    expect(page.get_by_text("Waiting for your first call…")).to_be_visible()
    assert server.chat(key).status == 200
    expect(page.get_by_text("It arrived.")).to_be_visible()
    seen.settle()
    seen.look("journey-first-answer")


def _recharge(seen: Visit) -> None:
    page = seen.page
    seen.go("/dashboard/recharge")
    page.get_by_role("radio", name=re.compile(r"^\$10\.00")).click()
    page.get_by_role("radio", name="Card (Stripe)").check()
    page.get_by_role("button", name="Go to checkout").click()
    page.locator("button[value=pay]").click()
    expect(page.get_by_role("dialog").get_by_text("Credit was added")).to_be_visible()
    seen.settle()
    seen.look("journey-recharged")
    expect(page.get_by_role("link", name=re.compile(r"Spendable \$10\.00"))).to_be_attached()


def _make_key(seen: Visit) -> str:
    page = seen.page
    seen.go("/dashboard/tokens")
    page.get_by_role("button", name="Create key").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("journey")
    dialog.get_by_role("button", name="Create key").click()
    secret = dialog.locator(".secret").inner_text().strip()
    assert secret.startswith("fb_live_")
    seen.look("journey-key")
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name="journey")).to_be_visible()
    return secret


def _see_job(seen: Visit, job: str, cost: Decimal) -> None:
    page = seen.page
    seen.go(f"/dashboard/logs?job={job}")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text(job)).to_be_visible()
    shown = drawer.locator("tfoot tr", has_text="Charge").locator("data").get_attribute("value")
    assert Decimal(shown or "") == cost
    drawer.get_by_role("button", name="Dispute this charge").click()
    drawer.get_by_label("What was wrong").fill("The answer was empty.")
    drawer.get_by_role("button", name="Send dispute").click()
    expect(drawer.get_by_text("Your dispute was sent.")).to_be_visible()


def _see_ledger(seen: Visit, cost: Decimal) -> None:
    page = seen.page
    seen.go("/dashboard/credits")
    ledger = page.get_by_role("table", name="Ledger")
    amounts = [Decimal(value.get_attribute("value") or "") for value in ledger.locator("tr td:nth-child(3) data").all()]
    assert amounts == [-cost, Decimal(10)]
    expect(ledger.get_by_text("Recharge")).to_be_visible()


def _chat(seen: Visit) -> None:
    page = seen.page
    seen.go("/dashboard/chat")
    page.get_by_role("textbox", name="Second model, side by side").click()
    page.get_by_role("option", name="demo-mini").last.click()
    page.get_by_role("textbox", name="Your message").fill("Hello, both of you!")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("link", name="Receipt")).to_have_count(2)
    answers = page.locator("section[aria-label=demo-mini]")
    expect(answers).to_have_count(2)
    expect(answers.first.locator(".markdown")).not_to_be_empty()
    assert Decimal(answers.first.locator("data").get_attribute("value") or "0") > 0
    seen.look("journey-chat")
    # It is kept in this browser: a reload brings it back from there.
    seen.go("/dashboard/chat")
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("dialog").get_by_text("Hello, both of you!").click()
    expect(page.get_by_role("link", name="Receipt")).to_have_count(2)


def _ask_refund(seen: Visit) -> None:
    page = seen.page
    seen.go("/dashboard/refunds")
    expect(page.get_by_role("table", name="Your disputes of charges").get_by_text("being decided")).to_be_visible()
    page.get_by_role("button", name="Ask for a refund").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("It was only a test.")
    dialog.get_by_role("button", name="Send request").click()
    expect(dialog.get_by_text("Your request was sent.")).to_be_visible()
    dialog.locator("button", has_text="Close").click()
    seen.settle()
    seen.look("journey-refunds")


def _path(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)
