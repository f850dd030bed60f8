"""What a customer does about money and terms, by hand in a real browser, and what becomes of it on the other side."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.support.house import House, open_house
from tests.support.pages import Visit
from tests.support.postgres import TestDatabase
from tests.support.server import eventually
from tests.support.visitor import Customer

pytestmark = pytest.mark.timeout(300)

_MODEL = "m"
# About a tenth of a credit for a call.
_PRICES = ("1000", "6000")


@pytest.fixture(scope="module")
def house(module_database: TestDatabase, module_data_dir: Path) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    edits = (("auto_recharge = false", "auto_recharge = true"), ("new_account_days = 7", "new_account_days = 0"))
    with open_house("discount-relay", module_database, module_data_dir, *edits) as opened:
        opened.sell(_MODEL, prices=_PRICES)
        yield opened


@pytest.fixture(scope="module")
def customers(house: House) -> list[Customer]:
    return house.customers(3)


@pytest.fixture
def at_home(house: House, browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Pages as a customer sees them who is signed in; in the end each visit is asked whether all was well."""
    made: list[Visit] = []

    def begin(customer: Customer, **options: str) -> Visit:
        visit = Visit(browser, house.server.url, **options)
        made.append(visit)
        jar = customer.http.cookies.jar
        visit.page.context.add_cookies(
            [{"name": each.name, "value": each.value or "", "url": house.server.url} for each in jar]
        )
        return visit

    yield begin
    for each in made:
        each.check()
        each.close()


def test_a_transfer_waits_for_the_operator_and_says_so(
    house: House, customers: list[Customer], at_home: Callable[..., Visit]
) -> None:
    """Handed in with its reference, looked at, credited with a word: the customer sees each step, and the balance."""
    customer = customers[0]
    seen = at_home(customer)
    page = seen.page
    seen.go("/dashboard/recharge")
    amount = page.get_by_role("textbox", name="Credit to add")
    for wrong in ("1,000", "$20", "0"):
        amount.fill(wrong)
        amount.press("Enter")
        expect(page.get_by_text("Write a number above 0")).to_be_visible()
        amount.press("Backspace")
        expect(page.get_by_text("Write a number above 0")).to_be_hidden()
    # As an East Asian keyboard gives them.
    amount.fill(" \uff12\uff15 ")
    expect(amount).to_have_value("25")
    page.get_by_role("radio", name="Bank transfer").check()
    page.get_by_role("textbox", name="Reference of your transfer").fill("RF18 5390 0754 7034")
    page.get_by_role("textbox", name="Note for the operator (optional)").fill("Sent on Monday.")
    page.get_by_role("button", name="Hand in transfer").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("being reviewed")).to_be_visible()
    expect(drawer.get_by_text("RF18 5390 0754 7034")).to_be_visible()
    seen.settle()
    seen.look("paying-transfer")
    assert customer.balance == 0
    recharge = _parameter(page, "recharge")
    house.clerk.decide(f"/admin/recharges/{recharge}/approve", {"note": "Seen on the statement."})
    seen.go(f"/dashboard/recharge?recharge={recharge}")
    expect(drawer.get_by_text("Credit was added")).to_be_visible()
    expect(drawer.get_by_text("Seen on the statement.")).to_be_visible()
    expect(_spendable(page, "$25.00")).to_be_attached()
    assert customer.balance == 25


def test_a_code_brings_credit_once(house: House, customers: list[Customer], at_home: Callable[..., Visit]) -> None:
    """A good one, the same again, and nonsense: each time it is said what became of the money."""
    customer = customers[1]
    code = _codes(house, "1")[0]
    seen = at_home(customer)
    page = seen.page
    seen.go("/dashboard/recharge")
    _redeem(page, code)
    expect(page.get_by_text("$1.00 were added.")).to_be_visible()
    expect(_spendable(page, "$1.00")).to_be_attached()
    _redeem(page, code)
    expect(page.get_by_text("This code was redeemed here before; nothing was added.")).to_be_visible()
    _redeem(page, "NO-SUCH-CODE-1234")
    wrong = page.get_by_role("alert")
    expect(wrong).to_contain_text("No money was moved.")
    seen.look("paying-code")
    assert customer.balance == 1


def test_a_kept_card_recharges_by_itself_until_it_is_told_to_stop(
    house: House, customers: list[Customer], at_home: Callable[..., Visit]
) -> None:
    """Kept with a payment, agreed to in plain words, charged when the balance is low, ended with one click."""
    customer = customers[0]
    seen = at_home(customer)
    page, before = seen.page, customer.balance
    seen.go("/dashboard/recharge")
    expect(page.get_by_text("Keep a card with your next recharge first.")).to_be_visible()
    page.get_by_role("textbox", name="Credit to add").fill("10")
    page.get_by_role("radio", name="Card (Stripe)").check()
    page.get_by_role("checkbox", name="Keep this card for automatic recharges").check()
    page.get_by_role("button", name="Go to checkout").click()
    page.locator("button[value=pay]").click()
    expect(page.get_by_role("dialog").get_by_text("Credit was added")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Your payment has arrived: $10.00 can be spent.")).to_be_visible()
    assert customer.balance == before + 10
    seen.go("/dashboard/recharge")
    agree = page.get_by_role("checkbox", name=re.compile("I agree that my kept card is charged"))
    page.get_by_role("textbox", name="Below", exact=True).fill("50")
    page.get_by_role("textbox", name="Add", exact=True).fill("50")
    page.get_by_role("textbox", name="At most per month").fill("60")
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    agree.check()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text(re.compile("^On since"))).to_be_visible()
    seen.look("paying-automatic")
    # The balance is below the threshold: the card is charged.
    eventually(lambda: customer.balance == before + 10 + 50, limit_s=60)
    page.get_by_role("button", name="End", exact=True).click()
    expect(agree).to_be_visible()
    assert customer.get("/api/auto-recharge")["is_on"] is False


def test_a_low_balance_is_said_with_a_way_out(
    house: House, customers: list[Customer], at_home: Callable[..., Visit]
) -> None:
    """Whoever cannot go on for another day reads so on the overview, and is one click from recharging."""
    customer = customers[2]
    customer.post("/api/codes/redeem", {"code": _codes(house, "1")[0]})
    while customer.call(_MODEL, max_tokens=16).status == 200:
        pass
    assert 0 < customer.balance < Decimal("0.2")
    seen = at_home(customer, language="zh-CN", scheme="dark")
    page, say = seen.page, seen.say
    seen.go("/dashboard")
    expect(page.get_by_text(say("overview", "Your balance is low"))).to_be_visible()
    reason = say("overview", "At the pace of the last week it will not last another day.")
    expect(page.get_by_text(reason)).to_be_visible()
    seen.look("paying-low-balance")
    hint = page.get_by_role("alert").filter(has_text=reason)
    hint.get_by_role("link", name=say("overview", "Recharge")).click()
    page.wait_for_url("**/dashboard/recharge")


def test_new_terms_are_read_and_accepted(
    house: House, customers: list[Customer], at_home: Callable[..., Visit]
) -> None:
    """A notice leads to them from every page, and is gone for the account once they are accepted."""
    seen = at_home(customers[0])
    page = seen.page
    house.publish_terms("Terms of the house")
    seen.go("/dashboard/logs")
    expect(page.get_by_text("There are new terms to be accepted.")).to_be_visible()
    page.get_by_role("link", name="Read them").click()
    expect(page.get_by_role("heading", name="Terms of the house")).to_be_visible()
    expect(page.get_by_text("1. Be kind.")).to_be_visible()
    seen.settle()
    seen.look("paying-terms")
    page.get_by_role("button", name=re.compile("^Accept version")).click()
    expect(page.get_by_text("The terms in force are accepted.")).to_be_visible()
    expect(page.get_by_text("There are new terms to be accepted.")).to_be_hidden()
    assert customers[0].get("/api/account")["terms_accepted"] is True


def _codes(house: House, amount: str) -> list[str]:
    batch: Any = house.clerk.decide("/admin/codes", {"kind": "promo", "count": 1, "amount": amount})
    return [each["code"] for each in batch["codes"]]


def _redeem(page: Page, code: str) -> None:
    page.get_by_role("textbox", name="Code", exact=True).fill(code)
    page.get_by_role("button", name="Redeem").click()


def _spendable(page: Page, amount: str) -> Locator:
    return page.get_by_role("link", name=f"Spendable {amount}. Recharge")


def _parameter(page: Page, name: str) -> str:
    page.wait_for_url(f"**{name}=**")
    return page.url.partition(f"{name}=")[2].partition("&")[0]
