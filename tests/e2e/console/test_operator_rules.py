"""Caps of a provider, prices of every kind, a verdict on conduct: by hand in a real browser, with their effect."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect
from tests.support.desk import Desk, box, button
from tests.support.house import House, open_house
from tests.support.pages import Visit
from tests.support.postgres import TestDatabase
from tests.support.server import eventually
from tests.support.visitor import PATIENCE_S, Customer

from farebox.domain.end_user import end_user_id

pytestmark = pytest.mark.timeout(400)

PROFILE = "usd-aggregator"
MODEL = "rules-1"
PROVIDER = "elsewhere"
COST = {"kind": "per_token", "prices": {"input": "500", "output": "1000"}}
# What no form may lose on the way.
RATES: dict[str, Any] = {
    "kind": "per_token",
    "prices": {"input": "1000", "output": "2000", "cached_input": "100", "cache_write": "1250", "reasoning": "2500"},
    "per_request": "0.001",
    "overrides": [{"above_input_tokens": 200_000, "prices": {"input": "2000", "output": "4000"}}],
    "images": [{"size": "", "quality": "", "price": "0.04"}],
    "characters": "15",
    "audio_second": "0.0001",
    "search_unit": "0.002",
}


@pytest.fixture(scope="module")
def house(module_database: TestDatabase, module_data_dir: Path) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    with open_house(PROFILE, module_database, module_data_dir) as opened:
        opened.add_channel("dear", provider=PROVIDER)
        route = {"channel": "dear", "upstream_model": "sim-chat", "cost": COST}
        opened.clerk.post("/admin/models", {"name": MODEL, "routes": [route], "rates": RATES})
        yield opened


@pytest.fixture(scope="module")
def customer(house: House) -> Customer:
    """With credit, and with a key that was seen elsewhere."""
    (owner,) = house.customers(1)
    house.buy(owner, method="stripe", amount="30")
    assert owner.call(MODEL).status == 200
    leaked = owner.new_key(name="leaked")["key"]
    owner.post(f"/api/keys/{leaked['id']}/report-leak", {"description": "on a paste site"})
    house.scan_for_risk()
    return owner


@pytest.fixture(scope="module")
def desk(house: House, customer: Customer, browser: Browser) -> Desk:
    """With a customer who is there already."""
    assert customer.account_id
    return Desk(house, browser)


def test_rules_are_set_by_hand(desk: Desk, customer: Customer) -> None:
    """Caps, prices and a verdict hold from the next call on; what is not touched stays as it was to the last digit."""
    visit = desk.sit_down()
    cap_the_provider(visit, customer)
    lower_a_price(visit, desk.house, customer)
    set_prices_of_every_kind(visit, desk.house)
    price_by_the_call(visit, desk.house)
    cost_by_the_call(visit, desk.house)
    read_the_signals(visit, customer)
    limit_the_account(visit, customer)
    visit.check()
    visit.close()


def cap_the_provider(visit: Visit, customer: Customer) -> None:
    """What a provider may cost on a day is the end of its calls, until the cap is lifted."""
    page = visit.page
    visit.go("/admin/channels?providers=true")
    one = page.get_by_role("region", name=PROVIDER)
    for cap in ("0.000001", ""):
        button(one, "Caps").click()
        dialog = page.get_by_role("dialog", name=f"Caps: {PROVIDER}")
        box(dialog, "Daily cap (provider cost)").fill(cap)
        visit.check_accessible("caps of a provider")
        button(dialog, "Save").click()
        expect(dialog).to_be_hidden()
        if cap:
            expect(one.get_by_text("$0.000001")).to_be_visible()
            eventually(lambda: customer.call(MODEL).status == 503, limit_s=PATIENCE_S)
    eventually(lambda: customer.call(MODEL).status == 200, limit_s=PATIENCE_S)


def lower_a_price(visit: Visit, house: House, customer: Customer) -> None:
    """One price is changed and previewed; all the others are sent as they were, and the next receipt has it.

    Below what the provider takes, the loss is named and has to be meant.
    """
    page = visit.page
    visit.go(f"/admin/models/{MODEL}")
    expect(page.get_by_role("cell", name="Input · Above 200,000 tokens")).to_be_visible()
    button(page, "Change prices").click()
    dialog = page.get_by_role("dialog")
    box(dialog, "Input").fill("499.9")
    loss = dialog.get_by_role("status").filter(has_text="Less than the provider charges")
    expect(loss).to_contain_text("Input: $499.90 < $500.00 (dear)")
    expect(button(dialog, "Change prices")).to_be_disabled()
    visit.look("price-below-cost")
    dialog.get_by_role("checkbox", name="Sell at a loss all the same").check()
    expect(button(dialog, "Change prices")).to_be_enabled()
    box(dialog, "Input").fill("900")
    expect(loss).to_be_hidden()
    button(dialog, "Preview the effect").click()
    expect(dialog.get_by_text("Would be charged")).to_be_visible()
    visit.check_accessible("prices of a model")
    button(dialog, "Change prices").click()
    expect(dialog).to_be_hidden()
    wanted = deepcopy(RATES)
    wanted["prices"]["input"] = "900"
    assert newest(house) == wanted

    def charged() -> set[str]:
        receipt = customer.receipt(customer.call(MODEL).headers["farebox-job-id"])
        return {line["unit_price"] for line in receipt["lines"] if line["class"] == "input"}

    eventually(lambda: charged() == {"0.0009"}, limit_s=PATIENCE_S)


def set_prices_of_every_kind(visit: Visit, house: House) -> None:
    """An override and a price of images are added; a class is emptied; a rise keeps the notice."""
    page = visit.page
    button(page, "Change prices").click()
    dialog = page.get_by_role("dialog")
    button(dialog, "Other classes (empty: as input or output) 3").click()
    box(dialog, "Cache write").fill("")
    button(dialog, "Other classes (empty: as input or output) 2").click()
    button(dialog, "Large inputs 1").click()
    button(dialog, "Add override").click()
    second = dialog.get_by_role("group").filter(has_text="Override 2")
    box(second, "Above (tokens of input)").fill("100000")
    box(second, "Input").fill("1500")
    box(second, "Output").fill("3000")
    button(dialog, "Large inputs 2").click()
    button(dialog, "Images 1").click()
    button(dialog, "Add image price").click()
    box(dialog, "Size").last.fill("1024x1024")
    box(dialog, "Quality").last.fill("high")
    box(dialog, "Price of one").last.fill("0.17")
    visit.check_accessible("prices of every kind")
    button(dialog, "Change prices").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("table", name="Prices over time").get_by_text("coming")).to_be_visible()
    wanted = deepcopy(RATES)
    wanted["prices"] = {"input": "900", "output": "2000", "cached_input": "100", "reasoning": "2500"}
    wanted["overrides"].insert(0, {"above_input_tokens": 100_000, "prices": {"input": "1500", "output": "3000"}})
    wanted["images"].append({"size": "1024x1024", "quality": "high", "price": "0.17"})
    assert newest(house) == wanted


def price_by_the_call(visit: Visit, house: House) -> None:
    """Whoever only looks at the other kind of price loses nothing; tiers are set by hand."""
    page = visit.page
    button(page, "Change prices").click()
    dialog = page.get_by_role("dialog")
    by_call, by_token = dialog.get_by_text("Per call", exact=True), dialog.get_by_text("Per token", exact=True)
    by_call.click()
    by_token.click()
    expect(box(dialog, "Input")).to_have_value("900")
    by_call.click()
    dialog.get_by_role("switch", name="The tiers of the policy").uncheck()
    box(dialog, "Price of a call").fill("0.5")
    button(dialog, "Add tier").click()
    box(dialog, "Up to (tokens of input)").first.fill("32000")
    box(dialog, "Price of a call").last.fill("1")
    button(dialog, "Change prices").click()
    expect(dialog).to_be_hidden()
    tiers = [{"up_to_input_tokens": 32_000, "per_call": "0.5"}, {"up_to_input_tokens": None, "per_call": "1"}]
    assert newest(house) == {"kind": "per_call", "tiers": tiers, "multiplier": 1}


def cost_by_the_call(visit: Visit, house: House) -> None:
    """What the provider charges is set like a price, and the settings around it stay."""
    page = visit.page
    before = house.clerk.get(f"/admin/models/{MODEL}")
    button(page, "Settings and routes").click()
    dialog = page.get_by_role("dialog")
    button(dialog, "All that the provider charges…").click()
    expect(box(dialog, "Input")).to_have_value("500")
    dialog.get_by_text("Per call", exact=True).click()
    box(dialog, "Price of a call").fill("0.25")
    visit.check_accessible("cost of a route")
    button(dialog, "Save").click()
    expect(dialog).to_be_hidden()
    cost = {"kind": "per_call", "tiers": [{"up_to_input_tokens": None, "per_call": "0.25"}], "multiplier": 1}
    after = house.clerk.get(f"/admin/models/{MODEL}")
    assert after["routes"] == [{**before["routes"][0], "cost": cost}]
    assert {name: after[name] for name in after if name != "routes"} == {
        name: before[name] for name in before if name != "routes"
    }


def read_the_signals(visit: Visit, customer: Customer) -> None:
    """What rules found, of one account; the rules with their thresholds; and whom a provider means."""
    page = visit.page
    visit.go("/admin/operation/signals")
    box(page, "Account id").fill(customer.account_id)
    expect(page.get_by_role("table", name="Signals").get_by_text("key reported leaked")).to_be_visible()
    visit.look("admin-signals")
    button(page, "Rules and thresholds").click()
    rules = page.get_by_role("dialog", name="Rules and thresholds")
    expect(rules.get_by_text("key used from many networks")).to_be_visible()
    visit.check_accessible("rules and thresholds")
    page.keyboard.press("Escape")
    button(page, "Find an end user").click()
    finder = page.get_by_role("dialog", name="Find an end user")
    box(finder, "Id that the provider names").fill(end_user_id(UUID(customer.account_id)))
    button(finder, "Find").click()
    found = finder.get_by_role("link", name="Open the account")
    expect(found).to_have_attribute("href", f"/admin/accounts/{customer.account_id}")


def limit_the_account(visit: Visit, customer: Customer) -> None:
    """A note leaves the case open; limits close it, replace those of the account and hold for its next call."""
    page = visit.page
    visit.go("/admin/review/risk")
    page.get_by_role("button", name=customer.email).filter(has_text="key reported leaked").click()
    expect(page.get_by_text("1 measured; raised from 1 on")).to_be_visible()
    visit.look("admin-review-risk-open")
    button(page, "Leave a note").click()
    box(page, "Note").fill("asked by mail")
    button(page, "Leave a note").click()
    expect(page.get_by_text("Leave a note · asked by mail")).to_be_visible()
    button(page, "Set limits").click()
    box(page, "Requests per minute").fill("1")
    box(page, "Note").fill("until the mail is answered")
    visit.check_accessible("verdict with limits")
    button(page, "Set limits").click()
    expect(page.get_by_text("Done: Set limits")).to_be_visible()

    def is_limited() -> bool:
        return 429 in {customer.call(MODEL).status for _ in range(2)}

    eventually(is_limited, limit_s=PATIENCE_S)


def newest(house: House) -> Any:
    """The rates of the newest version of the model's prices, as the API tells them; without classes that have none."""
    rates = house.clerk.get("/admin/prices", model=MODEL)["data"][0]["rates"]
    return without_none(rates)


def without_none(value: Any) -> Any:
    """Of prices: a class that is null has none. The end of a tier is null when there is none."""
    if isinstance(value, dict):
        return {k: without_none(v) for k, v in value.items() if v is not None or k == "up_to_input_tokens"}
    return [without_none(each) for each in value] if isinstance(value, list) else value
