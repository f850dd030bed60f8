"""The profile payg-simple, rule by rule: pay as you go with a merchant of record."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import House, open_house
from tests.support.postgres import TestPostgres
from tests.support.visitor import Customer

pytestmark = pytest.mark.timeout(300)

PROFILE = "payg-simple"
PRODUCTS = (
    {"id": "prod_ten", "price": 1000, "currency": "USD"},
    {"id": "prod_fifty", "price": 5000, "currency": "USD"},
)


@pytest.fixture(scope="module")
def house(postgres: TestPostgres, module_data_dir: Path) -> Iterator[House]:
    """The file as it is shipped: all that the operator has at Creem are products with these ids."""
    database = postgres.create()
    with open_house(PROFILE, database, module_data_dir, products=PRODUCTS) as opened:
        opened.publish_terms("Terms of service")
        opened.sell("m")
        yield opened
    postgres.drop(database)


@pytest.fixture(scope="module")
def crowd(house: House) -> Iterator[Customer]:
    """Grown-ups with accurate details; each test takes as many as it needs."""
    return iter(house.customers(6))


def payment_of(house: House, owner: Customer, package: str = "ten") -> tuple[Any, Any]:
    """A package that was paid at Creem: the recharge and its payment."""
    recharge = house.buy(owner, method="creem", package=package)
    return recharge, owner.get("/api/payments")["data"][0]


def test_sign_up_asks_for_age_and_accurate_details(house: House) -> None:
    """18 or older by statement, accurate details by statement; both are kept with their moment."""
    ada = house.visitor()
    rules = ada.get("/api/sign-up")
    assert (rules["mode"], rules["least_age"], rules["accurate_details"]) == ("open", 18, True)
    form = ada.honest_form()
    for missing in ("of_age", "accurate_details"):
        said = {name: value for name, value in form["statements"].items() if name != missing}
        assert ada.refused("/api/sign-up", form | {"statements": said})[0] == 422
    assert not house.rows("SELECT id FROM person WHERE email = $1", ada.email)
    ada.post("/api/sign-up", form)
    ada.confirm(house.link_to(ada.email))
    statements = ada.get("/api/person/export")["data"]["statements"]
    assert {each["kind"] for each in statements} >= {"of_age", "accurate_details"}
    assert all(each["at"] for each in statements)


def test_a_second_account_of_one_person_waits_for_approval(house: House, crowd: Iterator[Customer]) -> None:
    """The same device, or the same mailbox spelled another way: a case for the operator, and no call before."""
    ben = next(crowd)
    on_the_same_device = house.visitor(device=ben.device)
    in_the_same_mailbox = house.visitor()
    on_the_same_device.sign_up()
    in_the_same_mailbox.sign_up(email=ben.email.replace("@", "+again@"))
    for twin, by in ((on_the_same_device, "same_device"), (in_the_same_mailbox, "same_mailbox")):
        twin.confirm(house.link_to(twin.email))
        assert twin.refusal("m") == (403, "approval_pending")
        (case,) = house.clerk.get("/admin/cases", kind="account_review", account_id=twin.account_id)["data"]
        assert ben.account_id in case["facts"][by]
        house.clerk.post(f"/admin/approvals/{twin.account_id}/approve", {"note": "two companies of one person"})
        assert twin.refusal("m") == (402, "insufficient_credits")
    assert ben.refusal("m") == (402, "insufficient_credits")


def test_dollars_by_creem_are_charged_by_tokens(house: House, crowd: Iterator[Customer]) -> None:
    """Creem is the only way to pay; a call costs its tokens at the price in force."""
    cleo = next(crowd)
    offers = cleo.get("/api/recharges/options")
    assert (offers["unit"], [each["method"] for each in offers["methods"]]) == ("USD", ["creem"])
    assert cleo.refused("/api/recharges", {"method": "stripe", "package": "ten"}) == (409, "method_not_offered")
    recharge, payment = payment_of(house, cleo)
    assert (recharge["state"], payment["provider"], cleo.balance) == ("credited", "creem", 10)
    answer = cleo.call("m")
    usage = answer.json["usage"]
    price = (usage["prompt_tokens"] * Decimal(1000) + usage["completion_tokens"] * Decimal(2000)) / 1_000_000
    assert (Decimal(usage["cost"]), cleo.balance) == (price, 10 - price)


def test_sales_are_final_but_for_the_operators_discretion(house: House, crowd: Iterator[Customer]) -> None:
    """Customers have no right to a refund. The operator refunds unused credit: the whole by Creem, a part by hand.

    What was done by hand in Creem's dashboard is confirmed by Creem's event.
    """
    dora = next(crowd)
    (whole, first), (part, second) = payment_of(house, dora), payment_of(house, dora, "fifty")
    wish = {"payment_id": first["id"], "reason": "we close down"}
    assert dora.refused("/api/refunds", wish) == (409, "not_refundable")

    filed = house.clerk.decide("/admin/refund-requests", {**wish, "account_id": dora.account_id})
    done = house.clerk.decide(f"/admin/refund-requests/{filed['id']}/approve", {"note": "for once"})
    assert (done["state"], done["outcome"]) == ("approved", "source")
    house.told_by_providers()
    assert [each["state"] for each in refunds_of(house, first)] == ["succeeded"]
    assert (whole["credit"], dora.balance) == ("10", 50)

    some = {"account_id": dora.account_id, "payment_id": second["id"], "amount": "20", "reason": "a part of it"}
    filed = house.clerk.decide("/admin/refund-requests", some)
    house.clerk.decide(f"/admin/refund-requests/{filed['id']}/approve", {})
    assert [each["state"] for each in refunds_of(house, second)] == ["manual"]
    assert dora.balance == 30
    house.happen("refund", part, amount=2000)
    assert [(each["state"], each["gross_minor"]) for each in refunds_of(house, second)] == [("succeeded", 2000)]
    assert dora.balance == 30


def refunds_of(house: House, payment: Any) -> Any:
    return house.clerk.get(f"/admin/payments/{payment['id']}")["refunds"]


def test_prices_rise_after_notice_that_is_mailed(house: House, crowd: Iterator[Customer]) -> None:
    """Scheduled, announced and mailed to everybody; calls keep the old price until then."""
    emil = next(crowd)
    house.sell("dear")
    rates = {"kind": "per_token", "prices": {"input": "3000", "output": "6000"}}
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    early = {"model": "dear", "rates": rates, "starts_at": tomorrow}
    assert house.clerk.refused("/admin/prices", early) == (422, "notice_too_short")
    done = house.clerk.post("/admin/prices", {"model": "dear", "rates": rates, "reason": "our provider's did"})
    starts_at = datetime.fromisoformat(done["starts_at"])
    assert starts_at >= datetime.now(UTC) + timedelta(days=house.policy.price_change.notice_days) - timedelta(hours=1)
    announced = [each for each in emil.get("/api/public/announcements")["data"] if each["kind"] == "price_change"]
    assert "dear" in announced[0]["title"]
    house.mail_broadcasts()
    assert "dear" in house.mail_to(emil.email, "dear")
    payment_of(house, emil)
    usage = emil.call("dear").json["usage"]
    assert Decimal(usage["cost"]) == Decimal(usage["prompt_tokens"] + 2 * usage["completion_tokens"]) / 1000


def test_keys_are_regenerated_at_once_and_misuse_is_looked_into(house: House, crowd: Iterator[Customer]) -> None:
    """The old key is refused from its next call on; a report opens a support request and a risk review."""
    fay = next(crowd)
    payment_of(house, fay)
    made = fay.new_key(name="server")
    assert fay.call("m", key=made["secret"]).status == 200
    fresh = fay.post(f"/api/keys/{made['key']['id']}/rotate")
    assert fay.refusal("m", key=made["secret"]) == (401, "key_revoked")
    assert fay.call("m", key=fresh["secret"]).status == 200

    for _ in range(2):
        fay.post(f"/api/keys/{fresh['key']['id']}/report-leak", {"description": "calls that are not ours"})
    assert fay.refusal("m", key=fresh["secret"]) == (401, "key_revoked")
    (request,) = fay.get("/api/support")["data"]
    assert fresh["key"]["prefix"] in request["subject"]
    thread = house.clerk.get(f"/admin/support/{request['id']}")
    assert [each["message"] for each in thread["messages"]] == ["calls that are not ours"]
    cases = house.clerk.get("/admin/cases", kind="risk", account_id=fay.account_id, status="open")["data"]
    assert [each["facts"]["signal"] for each in cases if each["subject"].startswith("key:")] == ["key_reported"]


def test_an_account_is_closed_on_request_or_for_a_violation(house: House, crowd: Iterator[Customer]) -> None:
    """On request what is left goes back; after a violation it is forfeited by a decision that is recorded."""
    gus, (hal,) = next(crowd), house.customers(1)
    for owner in (gus, hal):
        payment_of(house, owner)
    gus.post("/api/closing", {"confirm": "close this account"})
    assert gus.refused("/api/keys", {})[0] >= 400
    (wished,) = [row for row in house.clerk.get("/admin/closings")["data"] if row["account_id"] == gus.account_id]
    assert (wished["state"], wished["choices"]) == ("deciding", ["return"])
    done = house.clerk.decide(f"/admin/closings/{wished['id']}/decide", {"treatment": "return"})
    assert (done["returned"], done["forfeited"]) == ("10", "0")
    house.told_by_providers()

    house.clerk.post(f"/admin/accounts/{hal.account_id}/freeze", {"reason": "attacks on others"})
    assert hal.refused("/api/recharges", {"method": "creem", "package": "ten"}) == (403, "account_frozen")
    closing = {"account_id": hal.account_id, "has_breach": True, "reason": "attacks on others"}
    begun = house.clerk.decide("/admin/closings", closing)
    assert begun["choices"] == ["return", "forfeit"]
    decision = {"treatment": "forfeit", "note": "a material breach"}
    ended = house.clerk.decide(f"/admin/closings/{begun['id']}/decide", decision)
    assert (ended["forfeited"], ended["note"], hal.balance) == ("10", "a material breach", 0)
    trail = {line["action"] for line in house.clerk.get("/admin/audit", account_id=hal.account_id)["data"]}
    assert {"account.freeze", "account.close", "closing.forfeit"} <= trail


def test_changed_terms_are_mailed_to_every_registered_member(house: House, crowd: Iterator[Customer]) -> None:
    """With or without a balance, also to those who never paid; not to those whose account has ended."""
    del crowd
    published = house.publish_terms("Terms of the autumn", days_ahead=house.policy.terms.notice_days + 1)
    assert published["is_material"]
    house.mail_broadcasts()
    registered = house.rows(
        "SELECT person.email FROM person JOIN member ON person_id = person.id JOIN account ON account.id = account_id"
        " WHERE account.status <> 'closed' AND email_verified_at IS NOT NULL"
    )
    assert len(registered) > 3
    for each in registered:
        assert "We have made them clearer." in house.mail_to(each["email"], "Terms of the autumn")
