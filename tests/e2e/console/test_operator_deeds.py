"""What an operator offers, allows and gives, by hand in a real browser and looked for where it takes effect."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.support.desk import Desk, box, button, choose, confirm, dialog_of, row_of
from tests.support.house import Customer, House, open_house
from tests.support.pages import Visit
from tests.support.postgres import TestDatabase
from tests.support.server import eventually
from tests.support.visitor import PASSWORD, Clerk

pytestmark = pytest.mark.timeout(300)

PROFILE = "discount-relay"
EDITS = (("proof_of_work = true", "proof_of_work = false"),)
MODEL = "m"
# As a browser's field takes a moment.
TYPED = "%Y-%m-%dT%H:%M"
# What only a deed has: none of these may be shown to whoever only reads.
_DEEDS = (
    "Give credit",
    "Freeze",
    "Limits",
    "More",
    "Add channel",
    "Add model",
    "Change prices",
    "Make codes",
    "Announce",
)
_RAIL = {
    ("support:write",): ["Support"],
    ("accounts:read", "money:read"): ["Overview", "Jobs", "Review", "Accounts", "Operation"],
    ("catalogue:read", "audit:read"): ["Channels", "Models and prices", "Operation"],
}


@pytest.fixture(scope="module")
def house(module_database: TestDatabase, module_data_dir: Path) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    with open_house(PROFILE, module_database, module_data_dir, *EDITS) as opened:
        opened.sell(MODEL)
        yield opened


@pytest.fixture(scope="module")
def crowd(house: House) -> Iterator[Customer]:
    return iter(house.customers(6))


@pytest.fixture(scope="module")
def desk(house: House, crowd: Iterator[Customer], browser: Browser) -> Desk:
    del crowd
    return Desk(house, browser)


@pytest.fixture(scope="module")
def visit(desk: Desk) -> Iterator[Visit]:
    """All day at one desk."""
    made = desk.sit_down()
    yield made
    made.check()
    made.close()


def area_dialog(visit: Visit, area: str, what: str) -> Locator:
    visit.go(f"/admin/operation/{area}")
    return dialog_of(visit, what)


def cost_of(owner: Customer) -> Decimal:
    """Of a call, in per cent of the list price: 1000 and 2000 for a million tokens."""
    usage = owner.call(MODEL).json["usage"]
    full = (usage["prompt_tokens"] * Decimal(1000) + usage["completion_tokens"] * Decimal(2000)) / 1_000_000
    return Decimal(usage["cost"]) * 100 / full


def test_codes_are_made_redeemed_and_voided(visit: Visit, crowd: Iterator[Customer]) -> None:
    """Each is shown once and is credit once; what nobody redeemed is worth nothing once the batch is void."""
    page, ada = visit.page, next(crowd)
    dialog = area_dialog(visit, "codes", "Make codes")
    box(dialog, "How many").fill("2")
    box(dialog, "Credit of each").fill("3")
    box(dialog, "Note").fill("summer fair")
    button(dialog, "Make codes").click()
    shown = page.get_by_role("dialog", name="The new codes")
    first, second = shown.locator("pre code").inner_text().split()
    visit.check_accessible("new codes")
    button(shown, "Done").click()
    assert ada.post("/api/codes/redeem", {"code": first})["amount"] == "3"
    visit.go("/admin/operation/codes")
    row = row_of(page, "Batches", "summer fair")
    expect(row).to_contain_text("1 / 2")
    assert first not in page.content()
    row.get_by_role("button").click()
    drawer = page.get_by_role("dialog", name="Batch", exact=True)
    confirm(visit, drawer, "Void the batch", reason="a leaflet was copied")
    expect(drawer.get_by_role("table").last.get_by_text("void")).to_have_count(1)
    assert ada.refused("/api/codes/redeem", {"code": second})[0] in (404, 409)
    assert ada.balance == 3


def test_a_token_is_seen_once_does_what_its_scopes_say_and_is_revoked(visit: Visit, house: House) -> None:
    """A program reads accounts with it and nothing else, and from the revocation on nothing at all."""
    page = visit.page
    dialog = area_dialog(visit, "tokens", "Make token")
    box(dialog, "Name").fill("reporting")
    expect(button(dialog, "Make token")).to_be_disabled()
    dialog.get_by_role("checkbox", name="accounts:read").check()
    button(dialog, "Make token").click()
    shown = page.get_by_role("dialog", name="The new token")
    secret = shown.locator("pre code").inner_text()
    visit.check_accessible("new token")
    page.keyboard.press("Escape")
    button(shown, "Done").click()

    def status(path: str) -> int:
        return httpx.get(house.server.url + path, headers={"authorization": f"Bearer {secret}"}).status_code

    assert (status("/admin/accounts"), status("/admin/payments")) == (200, 403)
    row = row_of(page, "Admin tokens", "reporting")
    expect(row).to_contain_text("accounts:read")
    confirm(visit, row, "Revoke")
    expect(row).to_contain_text("revoked")
    assert status("/admin/accounts") == 401


def test_an_operator_is_invited_changed_and_removed(visit: Visit, desk: Desk, house: House, browser: Browser) -> None:
    """Guarded by the second factor; the new one comes in by the link of a mail, and is out again at once."""
    page, email = visit.page, "new@operator.example.com"
    desk.forget_the_factor()
    dialog = area_dialog(visit, "operators", "Add operator")
    box(dialog, "Address").fill(email)
    dialog.get_by_role("checkbox", name="support:write").check()
    box(dialog, "Reason").fill("for the evenings")
    button(dialog, "Add operator").click()
    visit.check_accessible("second factor")
    desk.show_the_factor(page)
    row = row_of(page, "Operators", email)
    expect(row).to_contain_text("support:write")
    expect(row).to_contain_text("missing")

    theirs = Visit(browser, house.server.url)
    theirs.page.goto(house.link_to(email))
    theirs.page.get_by_label("Password").fill(PASSWORD)
    theirs.page.get_by_role("button").filter(has_text=re.compile("password", re.IGNORECASE)).last.click()
    theirs.page.get_by_role("link", name="Sign in").click()
    theirs.page.get_by_label("E-mail address").fill(email)
    theirs.page.get_by_label("Password").fill(PASSWORD)
    button(theirs.page, "Sign in").click()
    theirs.page.wait_for_url("**/admin**")

    button(row, "Change").click()
    dialog = page.get_by_role("dialog", name=email)
    dialog.get_by_role("checkbox", name="risk:read").check()
    visit.check_accessible("change operator")
    button(dialog, "Save").click()
    expect(row).to_contain_text("risk:read, support:write")
    confirm(visit, row, "Revoke", reason="the evenings are over")
    expect(row).to_be_hidden()
    theirs.page.goto("/admin/support")
    theirs.page.wait_for_url("**/sign-in**")
    theirs.close()


def test_people_are_kept_out_let_in_and_erased(visit: Visit, house: House, crowd: Iterator[Customer]) -> None:
    """Signed out at once on every device; what is erased is gone for good, and the account's money stays."""
    page, ben = visit.page, next(crowd)
    visit.go("/admin/operation/people")
    box(page, "Exact address").fill(ben.email)
    rows = page.get_by_role("table", name="People").get_by_role("row")
    expect(rows).to_have_count(2)
    rows.last.get_by_role("button").click()
    drawer = page.get_by_role("dialog", name="Person", exact=True)
    credentials = {"email": ben.email, "password": PASSWORD}
    confirm(visit, drawer, "Keep out", reason="a quarrel at the counter")
    expect(drawer).to_contain_text("kept out")
    assert ben.refused("/api/account", method="GET")[0] == 401
    assert ben.refused("/api/session", credentials)[0] in (401, 403)
    confirm(visit, drawer, "Let in again", reason="made up")
    expect(drawer).to_contain_text("active")
    ben.sign_in()
    button(drawer, "Erase").click()
    dialog = page.get_by_role("dialog", name="Erase", exact=True)
    box(dialog, "Reason").fill("asked for by letter")
    expect(button(dialog, "Erase")).to_be_disabled()
    dialog.get_by_label(re.compile(ben.email)).fill(ben.email)
    button(dialog, "Erase").click()
    expect(dialog.get_by_role("alert")).to_contain_text("owner")
    ben.post("/api/closing", {"confirm": "close this account"})
    button(dialog, "Erase").click()
    expect(dialog).to_be_hidden()
    assert ben.refused("/api/session", credentials)[0] == 401
    kept = "SELECT email FROM person WHERE email = $1"
    assert not house.rows(kept, ben.email)


def test_a_discount_is_on_the_site_and_in_the_price_until_it_ends(
    visit: Visit, house: House, crowd: Iterator[Customer], browser: Browser
) -> None:
    """A stranger reads of it; a call costs that much less, and the full price again after its end."""
    page, cleo = visit.page, next(crowd)
    give(house, cleo)
    dialog = area_dialog(visit, "discounts", "Add discount")
    box(dialog, "Name").fill("Opening week")
    box(dialog, "Models").fill(MODEL)
    box(dialog, "Models").press("Enter")
    box(dialog, "Per cent off").fill("40")
    button(dialog, "Add discount").click()
    row = row_of(page, "Discounts", "Opening week")
    expect(row).to_contain_text("running")
    stranger = Visit(browser, house.server.url)
    stranger.go("/")
    expect(stranger.page.get_by_text("Opening week")).to_be_visible()
    assert cost_of(cleo) == 60
    confirm(visit, row, "End now")
    expect(row).to_contain_text("ended")
    assert cost_of(cleo) == 100
    eventually(lambda: not cleo.get("/api/public/offers")["data"])
    stranger.go("/")
    expect(stranger.page.get_by_text("Opening week")).to_be_hidden()
    stranger.check()
    stranger.close()


def give(house: House, owner: Customer, amount: str = "50") -> None:
    house.clerk.decide(f"/admin/accounts/{owner.account_id}/grants", {"amount": amount, "reason": "to begin with"})


def on_account(visit: Visit, owner: Customer) -> Page:
    visit.go(f"/admin/accounts/{owner.account_id}")
    return visit.page


def funds(owner: Customer) -> Any:
    return owner.get("/api/credits")


def test_an_account_is_given_limits_a_group_and_credit(
    visit: Visit, desk: Desk, house: House, crowd: Iterator[Customer]
) -> None:
    """In force for the next call; credit above the policy's amount asks for the second factor."""
    dora = next(crowd)
    dialog = area_dialog(visit, "groups", "Add group")
    box(dialog, "Name").fill("schools")
    box(dialog, "Per cent of the price").fill("50")
    box(dialog, "Description").fill("by contract")
    button(dialog, "Save").click()
    expect(row_of(visit.page, "Customer groups", "schools")).to_contain_text("50")

    page = on_account(visit, dora)
    dialog = dialog_of(visit, "Give credit")
    dialog.get_by_label(re.compile("^Amount")).fill("20")
    box(dialog, "Reason").fill("a welcome")
    button(dialog, "Give credit").click()
    expect(dialog).to_be_hidden()
    assert funds(dora)["balance"] == "20"
    desk.forget_the_factor()
    dialog = dialog_of(visit, "Give credit")
    dialog.get_by_label(re.compile("^Amount")).fill("100.5")
    box(dialog, "Reason").fill("a large welcome")
    button(dialog, "Give credit").click()
    desk.show_the_factor(page)
    expect(dialog).to_be_hidden()
    assert funds(dora)["balance"] == "120.5"

    dialog = dialog_of(visit, "Customer group")
    choose(page, "Customer group", "schools (50 %)")
    button(dialog, "Save").click()
    expect(dialog).to_be_hidden()
    assert cost_of(dora) == 50
    dialog = dialog_of(visit, "Limits")
    box(dialog, "Requests per minute").fill("1")
    box(dialog, "Spend per day").fill("100")
    button(dialog, "Save").click()
    expect(dialog).to_be_hidden()
    assert dora.refusal(MODEL)[0] == 429
    visit.go("/admin/operation/groups")
    expect(row_of(page, "Customer groups", "schools")).to_contain_text("1")


def test_an_announcement_is_a_banner_and_a_mail_until_it_is_withdrawn(
    visit: Visit, desk: Desk, house: House, crowd: Iterator[Customer]
) -> None:
    """In the language of whoever reads it; what was sent can be read in the outbox."""
    page, eve = visit.page, next(crowd)
    dialog = area_dialog(visit, "announcements", "Announce")
    choose(page, "Kind", "Maintenance")
    box(dialog, "Title").fill("A new database")
    box(dialog, "Text").fill("Calls may fail for a minute.")
    dialog.get_by_role("tab", name="简体中文").click()
    box(dialog, "Title").fill("更换数据库")
    box(dialog, "Text").fill("调用可能会失败一分钟。")
    dialog.get_by_label("Begins").fill("2030-01-31T12:00")
    choose(page, "By mail, too", "to everybody")
    visit.check_accessible("maintenance")
    button(dialog, "Announce").click()
    row = row_of(page, "Announcements", "A new database")
    expect(row).to_contain_text("published")
    theirs = Visit(desk.browser, house.server.url, language="zh-CN")
    theirs.go("/")
    expect(theirs.page.get_by_role("link", name="更换数据库")).to_be_visible()
    house.mail_broadcasts()
    house.mail_to(eve.email, "A new database")
    visit.go("/admin/operation/mail")
    row_of(page, "Mail", "Planned maintenance").first.get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_contain_text("Calls may fail for a minute.")
    visit.check_accessible("a mail")
    visit.go("/admin/operation/announcements")
    confirm(visit, row, "Withdraw")
    expect(row).to_contain_text("withdrawn")
    eventually(lambda: "A new database" not in str(eve.get("/api/public/announcements")))
    theirs.go("/")
    expect(theirs.page.get_by_role("link", name="更换数据库")).to_be_hidden()
    theirs.check()
    theirs.close()


def test_terms_are_published_with_the_notice_of_the_policy(visit: Visit, house: House) -> None:
    """A date that is too early is refused with words, and nothing typed is lost."""
    page = visit.page
    house.publish_terms("Terms of service")
    dialog = area_dialog(visit, "terms", "Publish terms")
    box(dialog, "Title").fill("Terms of the winter")
    box(dialog, "Text").fill("1. Be kind. 2. Wear a hat.")
    box(dialog, "What changes").fill("Hats.")
    soon, later = (datetime.now(UTC) + timedelta(days=days) for days in (2, 9))
    dialog.get_by_label("In force from").fill(soon.strftime(TYPED))
    button(dialog, "Publish terms").click()
    expect(dialog.get_by_role("alert")).to_contain_text("7 days")
    dialog.get_by_label("In force from").fill(later.strftime(TYPED))
    button(dialog, "Publish terms").click()
    expect(row_of(page, "Versions", "Terms of the winter")).to_contain_text("material")
    (coming,) = house.visitor().get("/api/public/terms")["coming"]
    assert (coming["title"], coming["is_material"]) == ("Terms of the winter", True)


@pytest.fixture(scope="module")
def known(house: House, crowd: Iterator[Customer]) -> Customer:
    """Somebody with an open item of several kinds."""
    fay = next(crowd)
    recharge = house.buy(fay, method="stripe", amount="20")
    job = fay.call(MODEL).headers["farebox-job-id"]
    fay.post("/api/adjustments", {"job_id": job, "description": "empty"})
    fay.post("/api/support", {"subject": "An invoice", "message": "With our number, please."})
    house.happen("inquire", recharge)
    return fay


@pytest.mark.parametrize("scopes", _RAIL)
def test_an_operator_with_few_scopes_sees_no_dead_end(
    house: House, known: Customer, browser: Browser, scopes: tuple[str, ...]
) -> None:
    """The rail leads to what may be seen, nothing that is asked for is refused, and no deed is offered in vain."""
    clerk = Clerk(house.server.url, "81.102.0.9")
    email = f"{scopes[0].replace(':', '.')}@operator.example.com"
    made = house.operator.cli("operator", "add", "--email", email, "--scopes", ",".join(scopes))
    clerk.begin(made["email"], made["password"])
    visit = Desk(house, browser, clerk).sit_down()
    page, refused = visit.page, list[str]()
    page.on("response", lambda answer: refused.append(answer.url) if answer.status == 403 else None)
    visit.go("/admin")
    rail = page.get_by_role("navigation", name="Navigation").get_by_role("link")
    assert rail.all_inner_texts() == _RAIL[scopes]
    for path in _leading(visit, rail):
        visit.go(path)
        page.keyboard.press("j")
        visit.settle()
        page.keyboard.press("a")
        for deed in _DEEDS:
            assert button(page, deed).count() == 0, (path, deed)
    if "accounts:read" in scopes:
        visit.go(f"/admin/accounts/{known.account_id}")
        assert not [deed for deed in _DEEDS if button(page, deed).count()]
        visit.look("scopes-account")
    assert not refused, refused
    visit.check()
    visit.close()
    clerk.close()


def _leading(visit: Visit, rail: Locator) -> list[str]:
    """Where the rail leads, and from there queues and areas."""
    found = [each.get_attribute("href") or "" for each in rail.all()]
    for path in list(found):
        if path in ("/admin/review", "/admin/operation"):
            visit.go(path)
            inner = visit.page.locator(f"main a[href^='{path}/']")
            found += [each.get_attribute("href") or "" for each in inner.all()]
    return found
