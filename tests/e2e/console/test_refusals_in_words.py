"""What is refused is said in the reader's language: at the field, beside the button, in the log."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.support.house import House, open_house
from tests.support.pages import Visit
from tests.support.postgres import TestDatabase
from tests.support.visitor import Customer

pytestmark = pytest.mark.timeout(240)

_MODEL = "m"


@pytest.fixture(scope="module")
def house(module_database: TestDatabase, module_data_dir: Path) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    with open_house("discount-relay", module_database, module_data_dir) as opened:
        opened.sell(_MODEL, prices=("1", "2"))
        yield opened


def _at_home(browser: Browser, house: House, customer: Customer, **options: str) -> Visit:
    visit = Visit(browser, house.server.url, **options)
    jar = customer.http.cookies.jar
    visit.page.context.add_cookies(
        [{"name": each.name, "value": each.value or "", "url": house.server.url} for each in jar]
    )
    return visit


def test_a_form_says_what_is_wrong_with_a_field_at_the_field(house: House, browser: Browser) -> None:
    """In the visitor's language and with the bounds of the rule; what is right now is not complained of again."""
    visit = Visit(browser, house.server.url, language="zh-CN")
    page, say = visit.page, visit.say
    visit.go("/sign-up")
    page.get_by_role("textbox", name=say("signup", "E-mail address")).fill("ada@example.com")
    password = page.get_by_role("textbox", name=say("signup", "Password"))
    password.fill("aaaaaaaaaa")
    for each in page.get_by_role("checkbox").all():
        each.check()
    page.get_by_role("button", name=say("signup", "Sign up"), exact=True).click()
    expect(password).to_have_accessible_description(re.compile("^密码须为 10 至 200 个字符"))
    expect(page.get_by_role("alert")).to_have_count(0)
    visit.look("refusal-at-the-field")
    password.fill("a better password")
    page.get_by_role("button", name=say("signup", "Sign up"), exact=True).click()
    expect(page.get_by_role("heading", name=say("signup", "Look into your mail"))).to_be_visible()
    visit.check()
    visit.close()


def test_what_is_refused_names_its_bounds_in_ones_own_way(house: House, browser: Browser) -> None:
    """Amounts come with their unit; a refused call says why in the log, with its code for programs beside it."""
    [customer] = house.customers(1)
    assert customer.refusal("no-such-model") == (404, "model_not_found")
    visit = _at_home(browser, house, customer, language="ja", scheme="dark")
    page, say = visit.page, visit.say
    visit.go("/dashboard/recharge")
    amount = page.get_by_role("textbox", name=say("recharge", "Credit to add"))
    amount.fill("999999")
    page.get_by_role("radio", name=say("recharge", "Bank transfer")).check()
    page.get_by_role("textbox", name=say("recharge", "Reference of your transfer")).fill("RF18")
    page.get_by_role("button", name=say("recharge", "Hand in transfer")).click()
    expect(page.get_by_text("の間で指定してください。")).to_be_visible()
    visit.look("refusal-of-an-amount")
    visit.go("/dashboard/logs")
    page.get_by_role("row").filter(has_text="no-such-model").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text(say("logs/refusals", "There is no such model"))).to_be_visible()
    expect(drawer.get_by_text("model_not_found, 404")).to_be_visible()
    visit.settle()
    visit.look("refusal-of-a-call")
    visit.check()
    visit.close()
