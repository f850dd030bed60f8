"""A customer's whole journey through the console, by hand in a real browser, in English and Chinese, light and dark."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.support.outage import Outage
from tests.support.pages import PATIENCE_MS, Visit
from tests.support.server import Server

pytestmark = pytest.mark.timeout(420)
# On a busy machine pages take their time.
expect.set_options(timeout=PATIENCE_MS)
_PASSWORD = "a long enough one"
_LOOKS = [("en", "light"), ("zh-CN", "dark")]
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


@pytest.mark.parametrize(("language", "scheme"), _LOOKS)
def test_a_customer_from_sign_up_to_refund(
    server: Server, visit: Callable[..., Visit], link_to: Callable[[str], str], language: str, scheme: str
) -> None:
    """Sign up, confirm, first answer, recharge, key, call, receipt, ledger, chat, dispute, refund, in one sitting."""
    seen = visit(language=language, scheme=scheme)
    page, say, email = seen.page, seen.say, f"{uuid4().hex}@example.com"
    _sign_up(seen, email)
    seen.go(_path(link_to(email)))
    page.get_by_role("button", name=say("signup", "Confirm my address")).click()
    page.get_by_role("link", name=say("signup", "Sign in")).click()
    _sign_in(seen, email)
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
    page.get_by_role("button", name=say("app", "Your menu")).click()
    page.get_by_role("menuitem", name=say("app", "Sign out")).click()
    expect(page.get_by_role("heading", name=say("session", "Sign in"))).to_be_visible()
    # Nobody gets back in by the address alone, and whoever signs in again is where they wanted to be.
    page.goto("/dashboard/logs?status=settled")
    expect(page.get_by_text(say("session", "Sign in to go on where you were."))).to_be_visible()
    _sign_in(seen, email)
    page.wait_for_url("**/dashboard/logs?status=settled")


@pytest.mark.parametrize(("language", "scheme"), _LOOKS)
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


def test_every_page_says_that_the_server_is_slow_or_away_and_recovers(
    server: Server, visit: Callable[..., Visit]
) -> None:
    """After some seconds a page says that it waits, without an answer that there is none; then it goes on by itself."""
    seen = visit()
    _sign_in_as_demo(seen, server)
    outage = Outage(seen)
    outage.live_through("/dashboard", from_the_door=True)
    for name, path in _PAGES.items():
        if name in _STILL:
            outage.stand_still_on(path)
        else:
            outage.live_through(path)


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
    page, say = seen.page, seen.say
    seen.go("/sign-up")
    page.get_by_label(say("signup", "E-mail address")).fill(email)
    page.get_by_label(say("signup", "Password")).fill(_PASSWORD)
    page.get_by_role("checkbox", name=re.compile(say("signup", "I have read and accept the"))).check()
    page.get_by_role("button", name=say("signup", "Sign up")).click()
    expect(page.get_by_role("heading", name=say("signup", "Look into your mail"))).to_be_visible()


def _sign_in(seen: Visit, email: str) -> None:
    page, say = seen.page, seen.say
    page.get_by_label(say("session", "E-mail address")).fill(email)
    page.get_by_label(say("session", "Password")).fill(_PASSWORD)
    page.get_by_role("button", name=say("session", "Sign in"), exact=True).click()


def _sign_in_as_demo(seen: Visit, server: Server) -> None:
    # By the API: its account accepts the terms, too.
    seen.go("/sign-in")
    told = {"email": server.ready["operator_email"], "password": server.ready["operator_password"]}
    assert seen.post("/api/session", told) == 201
    version = server.request("GET", "/api/public/terms").json["in_force"]["version"]
    assert seen.post("/api/account/terms", {"terms_version": version}) == 200


def _first_answer(seen: Visit, server: Server) -> None:
    page, say = seen.page, seen.say
    expect(page.get_by_role("heading", name=say("start", "Get your first answer"))).to_be_visible()
    page.get_by_role("button", name=say("start", "Make a test key")).click()
    key = page.locator("code.secret").inner_text()
    assert key.startswith("fb_test_")
    expect(page.get_by_role("tabpanel")).to_contain_text(key)
    expect(page.get_by_text(say("start", "Waiting for your first call…"))).to_be_visible()
    assert server.chat(key).status == 200
    arrived = say("start", "It arrived. With a live key and credit, real models answer.")
    expect(page.get_by_text(arrived)).to_be_visible()
    seen.settle()
    seen.look("journey-first-answer")


def _recharge(seen: Visit) -> None:
    page, say = seen.page, seen.say
    seen.go("/dashboard/recharge")
    page.get_by_role("radio", name=re.compile(r"\$10\.00")).click()
    page.get_by_role("radio", name=say("recharge", "Card (Stripe)")).check()
    page.get_by_role("button", name=say("recharge", "Go to checkout")).click()
    page.locator("button[value=pay]").click()
    expect(page.get_by_role("dialog").get_by_text(say("recharge", "Credit was added"))).to_be_visible()
    seen.settle()
    seen.look("journey-recharged")
    balance = page.get_by_role("link", name=say.like("overview", "Spendable {amount}. Recharge"))
    expect(balance).to_contain_text("$10.00")


def _make_key(seen: Visit) -> str:
    page, say = seen.page, seen.say
    seen.go("/dashboard/tokens")
    page.get_by_role("button", name=say("keys", "Create key")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(say("keys", "Name")).fill("journey")
    dialog.get_by_role("button", name=say("keys", "Create key")).click()
    secret = dialog.locator(".secret").inner_text().strip()
    assert secret.startswith("fb_live_")
    seen.look("journey-key")
    dialog.get_by_role("button", name=say("keys", "Done")).click()
    expect(page.get_by_role("button", name="journey")).to_be_visible()
    return secret


def _see_job(seen: Visit, job: str, cost: Decimal) -> None:
    page, say = seen.page, seen.say
    seen.go(f"/dashboard/logs?job={job}")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text(job)).to_be_visible()
    total = drawer.locator("tfoot tr").filter(has=page.get_by_text(say("logs", "#total"), exact=True))
    assert Decimal(total.locator("data").get_attribute("value") or "") == cost
    drawer.get_by_role("button", name=say("logs", "Dispute this charge")).click()
    drawer.get_by_label(say("logs", "What was wrong")).fill("The answer was empty.")
    seen.check_accessible("a dispute")
    sent = say.like("logs", "Your dispute was sent. You will hear from us by {time}.")
    drawer.get_by_role("button", name=say("logs", "Send dispute")).click()
    expect(drawer.get_by_role("status").get_by_text(sent)).to_be_visible()


def _see_ledger(seen: Visit, cost: Decimal) -> None:
    page, say = seen.page, seen.say
    seen.go("/dashboard/credits")
    ledger = page.get_by_role("table", name=say("credits", "Ledger"))
    amounts = [Decimal(value.get_attribute("value") or "") for value in ledger.locator("tr td:nth-child(3) data").all()]
    assert amounts == [-cost, Decimal(10)]
    expect(ledger.get_by_text(say("credits", "Recharge"))).to_be_visible()


def _chat(seen: Visit) -> None:
    page, say = seen.page, seen.say
    seen.go("/dashboard/chat")
    page.get_by_role("textbox", name=say("chat", "Second model, side by side")).click()
    page.get_by_role("option", name="demo-mini").last.click()
    page.get_by_role("textbox", name=say("chat", "Your message")).fill("Hello, both of you!")
    page.get_by_role("button", name=say("chat", "Send")).click()
    expect(page.get_by_role("link", name=say("chat", "Receipt"))).to_have_count(2)
    answers = page.locator("section[aria-label=demo-mini]")
    expect(answers).to_have_count(2)
    expect(answers.first.locator(".markdown")).not_to_be_empty()
    assert Decimal(answers.first.locator("data").get_attribute("value") or "0") > 0
    seen.look("journey-chat")


def _ask_refund(seen: Visit) -> None:
    page, say = seen.page, seen.say
    seen.go("/dashboard/refunds")
    disputes = page.get_by_role("table", name=say("refunds", "Your disputes of charges"))
    expect(disputes.get_by_text(say("refunds", "being decided"))).to_be_visible()
    page.get_by_role("button", name=say("refunds", "Ask for a refund")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(say("refunds", "Reason")).fill("It was only a test.")
    seen.check_accessible("a refund")
    sent = say.like("refunds", "Your request was sent. You will hear from us by {time}.")
    dialog.get_by_role("button", name=say("refunds", "Send request")).click()
    expect(dialog.get_by_text(sent)).to_be_visible()
    dialog.locator("button", has_text=say("components", "Close")).click()
    seen.settle()
    seen.look("journey-refunds")


def _path(link: str) -> str:
    return re.sub(r"^https?://[^/]+", "", link)
