"""What waits for an operator's decision, decided by hand and by keyboard in a real browser, with its real effects."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.support.desk import Desk, box, button, dialog_of
from tests.support.house import Customer, House, open_house
from tests.support.pages import Visit
from tests.support.postgres import TestDatabase
from tests.support.server import eventually

pytestmark = pytest.mark.timeout(300)

PROFILE = "discount-relay"
EDITS = (
    ("proof_of_work = true", "proof_of_work = false"),
    ('accounts_per_person = "signal"', 'accounts_per_person = "approval"'),
    ('unused = "none"', 'unused = "review"'),
    ('allowed = "frozen"', 'allowed = "always"'),
)
MODEL = "m"


@pytest.fixture(scope="module")
def house(module_database: TestDatabase, module_data_dir: Path) -> Iterator[House]:
    """Made before the browser and left after it, whose driver keeps the loop of this thread."""
    with open_house(PROFILE, module_database, module_data_dir, *EDITS) as opened:
        opened.sell(MODEL)
        yield opened


@pytest.fixture(scope="module")
def crowd(house: House) -> Iterator[Customer]:
    return iter(house.customers(10))


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


def queue(visit: Visit, name: str) -> Page:
    """The queue with its first item open, by keyboard."""
    visit.go(f"/admin/review/{name}")
    visit.page.keyboard.press("j")
    expect(current(visit.page)).to_have_count(1)
    visit.settle()
    return visit.page


def current(page: Page) -> Locator:
    return page.locator(".queue-item[aria-current=true]")


def decide(visit: Visit, key: str, decision: str, *, note: str = "", **fields: str) -> None:
    """By its key, its fields and its button; then the next item is open, or nothing waits."""
    page = visit.page
    page.keyboard.press(key)
    for label, value in fields.items():
        box(page, label.replace("_", " ")).fill(value)
    box(page, "Note").fill(note)
    visit.check_accessible(decision)
    button(page, decision).click()
    expect(page.get_by_text(f"Done: {decision}").first).to_be_visible()
    expect(box(page, "Note")).to_be_hidden()


def nothing_waits(page: Page) -> None:
    expect(page.get_by_text("Nothing waits here")).to_be_visible()


def bought(house: House, owner: Customer, amount: str = "20") -> Any:
    return house.buy(owner, method="stripe", amount=amount)


def test_charges_are_given_back_in_part_or_not(visit: Visit, house: House, crowd: Iterator[Customer]) -> None:
    """j and k move, a gives back as much as is typed, r rejects with a note that the customer reads."""
    ada = next(crowd)
    bought(house, ada)
    jobs = [ada.call(MODEL).headers["farebox-job-id"] for _ in range(2)]
    asked = [ada.post("/api/adjustments", {"job_id": job, "description": f"empty {job}"}) for job in jobs]
    before = ada.balance
    page = queue(visit, "adjustments")
    first = current(page).inner_text()
    page.keyboard.press("j")
    expect(current(page)).not_to_have_text(first)
    page.keyboard.press("k")
    expect(current(page)).to_have_text(first, use_inner_text=True)
    decide(visit, "a", "Approve", Amount="0.001")
    assert ada.balance == before + Decimal("0.001")
    expect(current(page)).not_to_have_text(first)
    decide(visit, "r", "Reject", note="the answer was complete")
    nothing_waits(page)
    decided = {each["id"]: each for each in ada.get("/api/adjustments")["data"]}
    assert sorted(decided[each["id"]]["state"] for each in asked) == ["approved", "declined"]
    assert "the answer was complete" in {each["note"] for each in decided.values()}
    assert ada.balance == before + Decimal("0.001")


def test_a_refund_is_back_at_the_payment_provider(visit: Visit, house: House, crowd: Iterator[Customer]) -> None:
    """Approved, or refunded in part on the payment's own page, it is money on the card; rejected it is not."""
    page, ben = visit.page, next(crowd)
    bought(house, ben)
    (payment,) = ben.get("/api/payments")["data"]
    wish = {"payment_id": payment["id"], "reason": "we need less"}
    ben.post("/api/refunds", {**wish, "amount": "8"})
    queue(visit, "refunds")
    decide(visit, "a", "Approve", note="as asked")
    nothing_waits(page)
    eventually(lambda: refunded(house) == 800)
    assert ben.balance == 12
    ben.post("/api/refunds", {**wish, "amount": "2"})
    queue(visit, "refunds")
    decide(visit, "r", "Reject", note="once is enough")
    assert "once is enough" in str(ben.get("/api/refunds"))

    visit.go(f"/admin/operation/payments?payment={payment['id']}")
    dialog = dialog_of(visit, "Refund")
    box(dialog, "Amount").fill("3")
    box(dialog, "Reason").fill("asked by phone")
    button(dialog, "Refund").click()
    expect(dialog).to_be_hidden()
    eventually(lambda: refunded(house) == 1100)
    assert ben.balance == 9


def refunded(house: House) -> int:
    return house.payments.books()["stripe"]["USD"]["refunded"]


def test_a_payment_made_twice_becomes_credit(visit: Visit, house: House, crowd: Iterator[Customer]) -> None:
    """It stands among those that fit no recharge until somebody credits it, once."""
    page, cleo = visit.page, next(crowd)
    house.pay_again(bought(house, cleo))
    visit.go("/admin/operation/payments?odd=true")
    page.get_by_role("table", name="Payments").get_by_role("row").nth(1).get_by_role("button").click()
    dialog = dialog_of(visit, "Credit it")
    box(dialog, "Reason").fill("they want it as credit")
    button(dialog, "Credit it").click()
    expect(dialog).to_be_hidden()
    assert cleo.balance == 40


def test_a_chargeback_is_won_or_lost_and_its_debt_forgiven(
    visit: Visit, house: House, crowd: Iterator[Customer]
) -> None:
    """Won, all of it is back; lost, what was spent is a debt until it is given up."""
    dora, eli = next(crowd), next(crowd)
    for owner in (eli, dora):
        recharge = bought(house, owner)
        assert owner.call(MODEL).status == 200
        house.happen("dispute", recharge)
        assert owner.refusal(MODEL) == (403, "account_frozen")
    left = 20 - owed(eli)
    page = queue(visit, "disputes")
    # Who waits longest comes first.
    decide(visit, "a", "Won: give it back", note="the bank was called")
    assert (eli.balance, eli.call(MODEL).status) == (left, 200)
    decide(visit, "r", "Lost: it stays taken", note="no reply in time")
    nothing_waits(page)
    assert (dora.balance, owed(dora) > 0) == (0, True)
    visit.go(f"/admin/accounts/{dora.account_id}")
    dialog = dialog_of(visit, "Forgive debt")
    box(dialog, "Reason").fill("too little to ask for")
    button(dialog, "Forgive debt").click()
    expect(dialog).to_be_hidden()
    assert owed(dora) == 0


def owed(owner: Customer) -> Decimal:
    return Decimal(owner.get("/api/credits")["debt"])


def test_a_withdrawal_is_paid_or_rejected_and_decided_once(
    visit: Visit, desk: Desk, house: House, crowd: Iterator[Customer]
) -> None:
    """Approved and paid it has left; rejected it is back. A second operator with the same item open is told."""
    fay = next(crowd)
    bought(house, fay)
    wish = {"kind": "payout", "amount": "5", "currency": "USD", "destination": "DE02 1203"}
    fay.post("/api/withdrawals", wish)
    page = queue(visit, "withdrawals")
    second = Desk(house, desk.browser, house.another_clerk()).sit_down()
    queue(second, "withdrawals")
    second.page.keyboard.press("a")
    box(second.page, "Note").fill("me, too")
    decide(visit, "a", "Approve", note="it is theirs")
    button(second.page, "Approve").click()
    expect(second.page.get_by_role("alert")).to_contain_text("decided")
    second.check_accessible("decided by somebody else")
    second.check()
    second.close()
    queue(visit, "withdrawals")
    decide(visit, "a", "Paid out", Reference_of_the_payout="SEPA 1")
    nothing_waits(page)
    assert (fay.balance, states(fay)) == (15, ["done"])
    fay.post("/api/withdrawals", wish)
    assert fay.balance == 15
    queue(visit, "withdrawals")
    decide(visit, "r", "Reject", note="another name on the account")
    nothing_waits(page)
    assert (fay.balance, states(fay)) == (15, ["declined", "done"])


def states(owner: Customer) -> list[str]:
    return sorted(each["state"] for each in owner.get("/api/withdrawals")["data"])


def test_what_is_left_of_a_closed_account_goes_back(visit: Visit, house: House, crowd: Iterator[Customer]) -> None:
    """To the card from which it came."""
    gus = next(crowd)
    bought(house, gus)
    before = refunded(house)
    gus.post("/api/closing", {"confirm": "close this account"})
    page = queue(visit, "closings")
    expect(page.get_by_text("Return it")).to_have_count(0)
    decide(visit, "a", "Decide", note="farewell")
    nothing_waits(page)
    eventually(lambda: refunded(house) == before + 2000)


def test_conduct_is_judged(visit: Visit, house: House, crowd: Iterator[Customer]) -> None:
    """A note leaves the case open; nothing, a freeze and an end of it close it, and are in force for the next call."""
    hal, ida, jan = (next(crowd) for _ in range(3))
    for owner in (hal, ida, jan):
        key = owner.new_key(name="lost")["key"]
        owner.post(f"/api/keys/{key['id']}/report-leak", {"description": "on a paste site"})
    house.scan_for_risk()
    house.clerk.post(f"/admin/accounts/{jan.account_id}/freeze", {"reason": "to be sure"})
    page = visit.page

    def judge(owner: Customer, key: str, verdict: str, note: str) -> None:
        visit.go("/admin/review/risk")
        page.get_by_role("button", name=owner.email).filter(has_text="key reported leaked").click()
        # Not all have a key.
        expect(button(page, "Leave a note")).to_be_visible()
        page.keyboard.press(key) if key else button(page, verdict).click()
        box(page, "Note").fill(note)
        visit.check_accessible(verdict)
        button(page, verdict).click()
        expect(page.get_by_text(f"Done: {verdict}").first).to_be_visible()

    judge(hal, "", "Leave a note", "asked by mail")
    judge(hal, "a", "Nothing to do", "revoked in time")
    judge(ida, "r", "Freeze", "others pay for it")
    judge(jan, "a", "Unfreeze", "it was theirs")
    assert [owner.get("/api/account")["status"] for owner in (hal, ida, jan)] == ["active", "frozen", "active"]


def test_new_accounts_are_let_in_or_kept_out(visit: Visit, house: House) -> None:
    """Who shares a device with another account waits, and learns what was decided."""
    device = "d" * 32
    first, let_in, kept_out = (house.visitor(device=device) for _ in range(3))
    for each in (first, let_in, kept_out):
        each.sign_up()
        each.confirm(house.link_to(each.email))
    page = queue(visit, "approvals")
    expect(current(page)).to_contain_text(let_in.email)
    assert kept_out.refusal(MODEL) == (403, "approval_pending")
    decide(visit, "a", "Let in", note="two companies of one person")
    expect(current(page)).to_contain_text(kept_out.email)
    decide(visit, "r", "Keep out", note="no third one, please")
    nothing_waits(page)
    assert let_in.refusal(MODEL) == (402, "insufficient_credits")
    assert kept_out.refusal(MODEL)[0] in (401, 403)
    assert "no third one, please" in house.mail_to(kept_out.email, "no third one")


def test_a_case_is_closed_with_words_for_the_record(visit: Visit, house: House) -> None:
    """What a rule, a duty or a provider's event left to a person."""
    page = queue(visit, "cases")
    open_before = house.clerk.get("/admin/cases", status="open")["data"]
    decide(visit, "a", "Close the case", note="seen", Decision="nothing to do")
    (closed,) = [each for each in house.clerk.get("/admin/cases", status="closed")["data"] if each["note"] == "seen"]
    assert closed["decision"] == "nothing to do"
    assert closed["id"] in {each["id"] for each in open_before}
    del page
