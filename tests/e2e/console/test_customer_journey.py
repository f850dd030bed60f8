"""A customer's whole journey through the console, by hand in a real browser, in English and Chinese, light and dark."""

import re
from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from tests.support.pages import Visit
from tests.support.server import Server

pytestmark = pytest.mark.timeout(420)
_PASSWORD = "a long enough one"


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("zh-CN", "dark")])
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
    # And stays there: what the page was told while nobody was signed in no longer counts.
    seen.settle()
    expect(page.get_by_role("heading", name=say("logs", "Logs"))).to_be_visible()


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
    # Both clicks of a double click mean one key.
    dialog.get_by_role("button", name=say("keys", "Create key")).dblclick()
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
