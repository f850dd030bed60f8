"""What an operator does about accounts, people and records of money: by hand in a real browser, with real effects."""

import csv
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.support.desk import Desk, box, button
from tests.support.house import House, open_house
from tests.support.pages import Visit
from tests.support.postgres import TestDatabase
from tests.support.server import eventually
from tests.support.visitor import Customer

from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.ledger.service import Ledger
from farebox.payments.books import Books
from farebox.payments.registry import providers_of
from farebox.storage.database import Connection
from farebox.worker.reconciliation import Reconciliation
from farebox.worker.statements import Statements

pytestmark = pytest.mark.timeout(400)

MODEL = "m"
EDITS = (('allowed = "never"', 'allowed = "always"'),)


@pytest.fixture(scope="module")
def house(module_database: TestDatabase, module_data_dir: Path) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    with open_house("usd-aggregator", module_database, module_data_dir, *EDITS) as opened:
        opened.sell(MODEL)
        yield opened


@pytest.fixture(scope="module")
def customers(house: House) -> list[Customer]:
    """Each has bought by card; the first has called, too."""
    found = house.customers(2)
    for each in found:
        house.buy(each, method="stripe", amount="20")
    assert found[0].call(MODEL).status == 200
    return found


@pytest.fixture(scope="module")
def desk(house: House, customers: list[Customer], browser: Browser) -> Desk:
    """With customers that are there already."""
    assert customers
    return Desk(house, browser)


@pytest.fixture
def visit(desk: Desk) -> Iterator[Visit]:
    made = desk.sit_down()
    yield made
    made.check()
    made.close()


def drawer(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name)


def more(page: Page, customer: Customer, action: str) -> Locator:
    """The dialog of a deed that is behind the button More of an account's page."""
    page.goto(f"/admin/accounts/{customer.account_id}")
    button(page, "More").click()
    page.get_by_role("menuitem", name=action).click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    page.get_by_role("menu").wait_for(state="detached")
    return dialog


def saved(page: Page, where: Locator, name: str) -> Path:
    """The file that a button brings."""
    with page.expect_download() as download:
        button(where, name).click()
    return Path(download.value.path())


def test_an_account_is_looked_after(visit: Visit, house: House, customers: list[Customer]) -> None:
    """Group and limits are shown; what a customer wrote by mail is filed for them; evidence is a file of the span."""
    page, (ada, _) = visit.page, customers
    house.clerk.put("/admin/groups/friends", {"price_percent": "80", "description": ""})
    page.goto(f"/admin/accounts/{ada.account_id}")
    facts = page.get_by_role("row", name="Customer group")
    expect(facts).to_contain_text("none")
    choose_group(page)
    expect(facts).to_contain_text("friends")
    set_limit(page)
    file_adjustment(visit, ada)
    file_refund(page, ada)
    file_withdrawal(page, ada)
    collect_evidence(page, ada)


def choose_group(page: Page) -> None:
    button(page, "Customer group").click()
    dialog = page.get_by_role("dialog")
    box(dialog, "Customer group").click()
    page.get_by_role("option", name="friends").click()
    button(dialog, "Save").click()


def set_limit(page: Page) -> None:
    expect(page.get_by_role("row", name="Limits")).to_contain_text("none set")
    button(page, "Limits").click()
    dialog = page.get_by_role("dialog")
    box(dialog, "Requests per minute").fill("600")
    button(dialog, "Save").click()
    expect(page.get_by_role("row", name="Limits")).to_contain_text("Requests per minute: 600")


def file_adjustment(visit: Visit, ada: Customer) -> None:
    """The job is chosen among the newest; the request waits in the queue, where one is led."""
    dialog = more(visit.page, ada, "Disputed charge")
    box(dialog, "Job id").click()
    visit.page.get_by_role("option").filter(has_text=MODEL).first.click()
    box(dialog, "What the customer says").fill("It was cut off.")
    visit.check_accessible("file adjustment")
    button(dialog, "File it").click()
    visit.page.wait_for_url("**/admin/review/adjustments?item=*")
    expect(visit.page.get_by_text("It was cut off.").first).to_be_visible()
    (filed,) = ada.get("/api/adjustments")["data"]
    assert (filed["description"], filed["state"]) == ("It was cut off.", "open")


def file_refund(page: Page, ada: Customer) -> None:
    dialog = more(page, ada, "Refund")
    box(dialog, "Payment").click()
    page.get_by_role("option").filter(has_text="$20.00").click()
    box(dialog, "Amount").fill("3")
    box(dialog, "Reason").fill("We stopped the project.")
    button(dialog, "File it").click()
    page.wait_for_url("**/admin/review/refunds?item=*")
    (filed,) = ada.get("/api/refunds")["data"]
    assert (filed["amount"], filed["reason"], filed["state"]) == ("3", "We stopped the project.", "open")


def file_withdrawal(page: Page, ada: Customer) -> None:
    dialog = more(page, ada, "Withdrawal")
    box(dialog, "Amount (USD)").fill("2")
    box(dialog, "Where to pay to").fill("IBAN DE02 1203 0000 0000 2020 51")
    button(dialog, "File it").click()
    page.wait_for_url("**/admin/review/withdrawals?item=*")
    (filed,) = ada.get("/api/withdrawals")["data"]
    assert (filed["amount"], filed["state"]) == ("2", "asked")


def collect_evidence(page: Page, ada: Customer) -> None:
    dialog = more(page, ada, "Evidence for authorities")
    box(dialog, "Reason").fill("order 12/34 of the court")
    with zipfile.ZipFile(saved(page, dialog, "Collect")) as bundle:
        told = json.loads(bundle.read("manifest.json"))
    assert told["account_id"] == ada.account_id
    assert told["files"]["calls.csv"]["rows"] == 1


def test_a_person_is_found_handed_their_data_and_kept_out(visit: Visit, customers: list[Customer]) -> None:
    """From the account to the person; what is stored is handed out as a file; erasing asks for the address first."""
    page, (_, ben) = visit.page, customers
    page.goto(f"/admin/accounts/{ben.account_id}")
    page.get_by_role("link", name=ben.email).click()
    person = drawer(page, "Person")
    expect(person.get_by_text("owner")).to_be_visible()
    visit.check_accessible("person")
    button(person, "Hand out their data").click()
    dialog = drawer(page, "Hand out their data")
    box(dialog, "Reason").fill("they asked by mail")
    told = json.loads(saved(page, dialog, "Hand out their data").read_text())
    assert ben.email in json.dumps(told["data"])
    for deed, status in (("Keep out", 401), ("Let in again", 200)):
        button(person, deed).click()
        dialog = drawer(page, deed)
        box(dialog, "Reason").fill("a stolen laptop")
        button(dialog, deed).click()
        expect(dialog).to_be_hidden()
        if status == 401:
            assert ben.http.get("/api/credits").status_code == status
    button(person, "Erase").click()
    dialog = drawer(page, "Erase")
    box(dialog, "Reason").fill("on their request")
    expect(button(dialog, "Erase")).to_be_disabled()
    button(dialog, "Cancel").click()
    ben.sign_in()


def test_codes_are_made_saved_found_and_voided(visit: Visit, customers: list[Customer]) -> None:
    """The file holds the codes that are shown this once; each is found again, and one alone is voided."""
    page, (ada, _) = visit.page, customers
    page.goto("/admin/operation/codes")
    button(page, "Make codes").click()
    dialog = page.get_by_role("dialog")
    box(dialog, "How many").fill("2")
    box(dialog, "Credit of each").fill("5")
    button(dialog, "Make codes").click()
    made = drawer(page, "The new codes")
    table = saved(page, made, "Save as CSV").read_text("utf-8-sig")
    rows = list(csv.DictReader(table.splitlines()))
    for row in rows:
        expect(made).to_contain_text(row["code"])
    assert [(row["amount"], row["unit"]) for row in rows] == [("5", "USD")] * 2
    button(made, "Done").click()
    ada.post("/api/codes/redeem", {"code": rows[0]["code"]})
    find_code(page, rows[0]["code"])
    batch = drawer(page, "Batch")
    expect(batch.get_by_role("row", name="Redeemed by Open the account")).to_be_visible()
    visit.check_accessible("batch")
    button(batch, "Void").click()
    dialog = page.get_by_role("dialog", name="Void:")
    box(dialog, "Reason").fill("sent to the wrong address")
    button(dialog, "Void").click()
    expect(batch.get_by_role("table", name="Codes").get_by_text("void", exact=True)).to_be_visible()
    assert ada.refused("/api/codes/redeem", {"code": rows[1]["code"]})[0] == 409


def find_code(page: Page, code: str) -> None:
    button(page, "Find a code").click()
    dialog = drawer(page, "Find a code")
    box(dialog, "Code").fill(code.lower())
    button(dialog, "Find").click()


def test_a_refund_by_hand_is_ended(visit: Visit, house: House, customers: list[Customer]) -> None:
    """A transfer goes back by a transfer: that it was made is said with its reference."""
    page, (ada, _) = visit.page, customers
    wish = {"method": "manual", "amount": "30", "evidence": "wire 4711"}
    recharge = ada.post("/api/recharges", wish)
    house.clerk.decide(f"/admin/recharges/{recharge['id']}/approve", {"note": ""})
    page.goto(f"/admin/accounts/{ada.account_id}")
    page.get_by_role("link", name="Payments").click()
    page.get_by_role("table", name="Payments").get_by_role("row").filter(has_text="transfer").get_by_role(
        "button"
    ).click()
    payment = drawer(page, "Payment")
    button(payment, "Refund").click()
    dialog = drawer(page, "Refund")
    box(dialog, "Amount").fill("10")
    box(dialog, "Reason").fill("paid too much")
    button(dialog, "Refund").click()
    expect(payment.get_by_text("to be made by hand")).to_be_visible()
    button(payment, "End this refund").click()
    dialog = drawer(page, "End this refund")
    box(dialog, "Reference of the transfer").fill("out-99")
    box(dialog, "Reason").fill("sent today")
    visit.check_accessible("end refund")
    button(dialog, "End this refund").click()
    expect(payment.get_by_text("succeeded")).to_be_visible()
    expect(payment.get_by_text("out-99")).to_be_visible()


def test_the_books_are_compared_and_stated(visit: Visit, house: House, customers: list[Customer]) -> None:
    """That nothing differs is shown, and what differs as soon as it does; statements are there to print and to save."""
    page, (ada, _) = visit.page, customers
    house.told_by_providers()
    house.perform(lambda connection: _compare(house, connection))
    page.goto("/admin/operation/reconciliation")
    table = page.get_by_role("table", name="Comparisons")
    stripe = table.get_by_role("row").filter(has_text="list of stripe")
    expect(stripe).to_contain_text("2 payments")
    expect(stripe).to_contain_text("nothing differs")
    house.rows("UPDATE payment SET price_minor = price_minor - 1 WHERE provider = 'stripe' RETURNING id")
    house.perform(lambda connection: _compare(house, connection))
    house.rows("UPDATE payment SET price_minor = price_minor + 1 WHERE provider = 'stripe' RETURNING id")
    page.reload()
    wash = table.get_by_role("row").filter(has_text="wash book").first
    expect(wash).to_contain_text("1 differ")
    wash.get_by_role("button").click()
    expect(page.get_by_role("dialog").get_by_text("stripe:USD")).to_be_visible()
    visit.check_accessible("comparison")
    read_statement(page, house, ada)


async def _compare(house: House, connection: Connection) -> None:
    async with httpx.AsyncClient() as http:
        providers = providers_of(house.payments.stripe, house.payments.creem, http)
        await Reconciliation(_books(house), providers, get_logger("test")).work(connection)


def _books(house: House) -> Books:
    ids = IdSource()
    return Books(house.policy, Ledger(house.policy.unit, ids), ids)


def read_statement(page: Page, house: House, ada: Customer) -> None:
    """That of a month which is taken for over."""
    month = datetime.now(UTC).date().replace(day=1)
    end: date = (month + timedelta(days=32)).replace(day=1)
    statements = Statements(_books(house), "", get_logger("test"))
    house.perform(lambda connection: statements.state_until(connection, end))
    page.goto(f"/admin/operation/statements?account={ada.account_id}")
    row = page.get_by_role("table", name="Monthly statements").get_by_role("row").filter(has_text=f"{month:%Y-%m}")
    with page.expect_popup() as opened:
        row.get_by_role("link", name="Print").click()
    expect(opened.value.get_by_text(ada.account_id).first).to_be_visible()
    with page.expect_download() as download:
        row.get_by_role("link", name="CSV").click()
    assert "recharge" in Path(download.value.path()).read_text()


def test_the_rules_in_force_are_found(visit: Visit) -> None:
    """By section, name or value; what this deployment has changed is marked."""
    page = visit.page
    page.goto("/admin/operation/policy")
    box(page, "Search").fill("withdrawal.allowed")
    rule = page.get_by_role("table", name="withdrawal").get_by_role("row").filter(has_text="allowed")
    expect(rule).to_contain_text("always")
    expect(rule).to_contain_text("changed")
    expect(page.get_by_role("table")).to_have_count(1)
    expect(box(page, "Search")).to_be_focused()


def test_a_service_is_wound_down(visit: Visit, house: House, customers: list[Customer]) -> None:
    """Explained, made in two steps, and never more than the ledger: repaid is only who has nothing bought left."""
    page, (ada, _) = visit.page, customers
    page.goto("/admin/operation/winddown")
    expect(page.get_by_text("No list has been made")).to_be_visible()
    button(page, "Make the list").click()
    dialog = page.get_by_role("dialog")
    expect(button(dialog, "Make the list")).to_be_disabled()
    dialog.get_by_role("switch").check()
    visit.check_accessible("make the list")
    button(dialog, "Make the list").click()
    expect(page.get_by_text("2 accounts were added.")).to_be_visible()
    lots = list(csv.DictReader(saved(page, page.locator("main"), "Export CSV").read_text("utf-8-sig").splitlines()))
    assert {lot["email"] for lot in lots} == {each.email for each in customers}
    page.get_by_role("cell", name=ada.email).get_by_role("button").click()
    account = drawer(page, "Account")
    button(account, "Mark").click()
    mark(page, ada, "repaid")
    expect(page.get_by_role("alert")).to_contain_text("Bought credit is left")
    mark(page, ada, "not reachable")
    expect(account.get_by_text("the mail came back")).to_be_visible()
    told = house.clerk.get(f"/admin/wind-down/{ada.account_id}")
    assert (told["state"], told["note"]) == ("unreachable", "the mail came back")


def mark(page: Page, ada: Customer, state: str) -> None:
    dialog = drawer(page, f"Mark: {ada.email}")
    dialog.get_by_text(state, exact=True).click()
    box(dialog, "Note").fill("the mail came back")
    button(dialog, "Mark").click()


def test_chargebacks_wait_on_the_overview_and_accounts_close(
    visit: Visit, house: House, customers: list[Customer]
) -> None:
    """The overview tells of a chargeback by itself; an account is closed only by whoever types its address."""
    page, (_, ben) = visit.page, customers
    page.goto("/admin")
    waiting = page.get_by_role("link", name="Chargebacks")
    expect(page.get_by_role("heading", name="Waiting for a decision")).to_be_visible()
    expect(waiting).to_be_hidden()
    (recharge,) = ben.get("/api/recharges")["data"]
    house.happen("dispute", recharge)
    waiting.click()
    expect(page).to_have_url(f"{visit.url}/admin/review/disputes")
    house.happen("win", recharge)
    eventually(lambda: ben.call(MODEL).status == 200)
    close(page, ben)
    eventually(lambda: ben.call(MODEL).status == 401)
    closed: Any = house.clerk.get(f"/admin/accounts/{ben.account_id}")
    assert (closed["status"], closed["group"]) == ("closed", None)


def close(page: Page, ben: Customer) -> None:
    dialog = more(page, ben, "Close the account")
    box(dialog, "Reason").fill("on their request")
    expect(button(dialog, "Close the account")).to_be_disabled()
    box(dialog, f"Type {ben.email} to confirm").fill(ben.email)
    button(dialog, "Close the account").click()
    expect(dialog).to_be_hidden()
