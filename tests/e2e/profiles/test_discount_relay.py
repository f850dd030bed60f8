"""The profile discount-relay, rule by rule: list prices minus a discount, over several providers."""

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import House, open_house
from tests.support.postgres import TestPostgres
from tests.support.server import eventually
from tests.support.simulator import running_simulator
from tests.support.visitor import PATIENCE_S, Customer

from farebox.kit.ids import IdSource, first_id_at
from farebox.kit.logging import get_logger
from farebox.storage.partitions import ensure_partitions
from farebox.worker.business_retention import BusinessRetention
from farebox.worker.dormancy import Dormancy

pytestmark = pytest.mark.timeout(300)

PROFILE = "discount-relay"
EDITS = (
    # The puzzle at sign-up is no rule of this profile; payg-simple solves it.
    ("proof_of_work = true", "proof_of_work = false"),
    # So many denied calls suspend, where the file says 20 in a day.
    ("threshold = 20", "threshold = 2"),
)
SECRET_WORDS = "walrus-thimble-compass"
VENDORS = ("openai", "anthropic", "gemini", "alibaba", "bytedance")


@pytest.fixture(scope="module")
def house(postgres: TestPostgres, module_data_dir: Path) -> Iterator[House]:
    database = postgres.create()
    with open_house(PROFILE, database, module_data_dir, *EDITS) as opened:
        opened.publish_terms("Terms of service")
        opened.sell("m")
        yield opened
    postgres.drop(database)


@pytest.fixture(scope="module")
def crowd(house: House) -> Iterator[Customer]:
    """People with lasting addresses; each test takes as many as it needs."""
    return iter(house.customers(9))


def with_credit(house: House, owner: Customer, amount: str = "50") -> Customer:
    house.clerk.decide(f"/admin/accounts/{owner.account_id}/grants", {"amount": amount, "reason": "to begin with"})
    return owner


def test_only_a_real_address_opens_an_account(house: House) -> None:
    """Disposable domains are refused; without the link of the mail nothing can be called or bought."""
    ada = house.visitor()
    form = ada.honest_form()
    assert ada.refused("/api/sign-up", form | {"email": "ada@mailinator.com"}) == (422, "disposable_mail")
    ada.post("/api/sign-up", form)
    ada.sign_in()
    assert ada.refused("/api/keys", {}) == (403, "email_not_verified")
    assert ada.refused("/api/recharges", {"method": "stripe", "amount": "20"}) == (403, "email_not_verified")
    ada.confirm(house.link_to(ada.email))
    assert ada.refusal("m") == (402, "insufficient_credits")


def test_several_accounts_of_a_person_are_allowed_and_a_signal(house: House, crowd: Iterator[Customer]) -> None:
    """The second account on a device calls at once; a case tells the operator whose they may be."""
    ben = next(crowd)
    twin = house.visitor(device=ben.device)
    twin.sign_up()
    twin.confirm(house.link_to(twin.email))
    with_credit(house, twin, "5")
    assert twin.call("m").status == 200
    (case,) = house.clerk.get("/admin/cases", kind="risk", status="open", account_id=twin.account_id)["data"]
    assert ben.account_id in case["facts"]["same_device"]


def test_list_price_minus_a_discount_over_five_providers(house: House, crowd: Iterator[Customer]) -> None:
    """Each call is itemised in the log, and a charge is the sum of its lines at the discounted price."""
    cleo = with_credit(house, next(crowd))
    for vendor in VENDORS:
        kind = vendor if vendor in ("openai", "anthropic", "gemini") else "openai-compatible"
        base_url = house.provider.url if kind in ("anthropic", "gemini") else house.provider.base_url
        house.add_channel(vendor, kind=kind, base_url=base_url, provider=vendor)
        house.sell(f"{vendor}-x", vendor)
    house.clerk.post("/admin/discounts", {"name": "Relay", "models": ["*-x"], "off_percent": "20"})
    for vendor in VENDORS:
        answer = cleo.call(f"{vendor}-x")
        usage = answer.json["usage"]
        price = (usage["prompt_tokens"] * Decimal(1000) + usage["completion_tokens"] * Decimal(2000)) / 1_000_000
        receipt = cleo.receipt(answer.headers["farebox-job-id"])
        assert Decimal(receipt["charge"]) == price * Decimal("0.8"), vendor
        assert sum(Decimal(line["amount"]) for line in receipt["lines"]) == Decimal(receipt["charge"])
    logged = cleo.get("/api/jobs")["data"]
    assert [line["model"] for line in logged] == [f"{vendor}-x" for vendor in reversed(VENDORS)]
    assert sum(Decimal(line["charge"]) for line in logged) == 50 - cleo.balance


def test_a_charge_is_disputed_within_thirty_days_of_the_call(house: House, crowd: Iterator[Customer]) -> None:
    """On the thirtieth day it is taken, after it is refused."""
    dora = with_credit(house, next(crowd), "5")
    inside, outside = (dora.call("m").headers["farebox-job-id"] for _ in range(2))
    with house.long_ago(inside, days=29):
        asked = dora.post("/api/adjustments", {"job_id": inside, "description": "empty"})
    assert asked["state"] == "open"
    with house.long_ago(outside, days=31):
        late = {"job_id": outside, "description": "empty"}
        assert dora.refused("/api/adjustments", late) == (409, "too_late")


def test_a_year_without_use_warns_and_then_freezes(house: House, crowd: Iterator[Customer]) -> None:
    """12 months without a call or a recharge: a mail, then frozen. The balance is withdrawn, or moved, on request."""
    emil = next(crowd)
    house.buy(emil, method="stripe", amount="20")
    away = {"kind": "payout", "amount": "5", "currency": "USD", "destination": "DE02 1203"}
    assert emil.refused("/api/withdrawals", away) == (409, "not_offered")
    dormancy = Dormancy(house.policy.dormancy, IdSource(), get_logger("test"))
    age(house, emil, months=12)
    house.perform(dormancy.work)
    assert "12" in house.mail_to(emil.email, "12")
    assert emil.get("/api/account")["status"] == "active"
    house.rows(
        "UPDATE dormancy_warning SET warned_at = now() - make_interval(days => $2) WHERE account_id = $1::text::uuid",
        emil.account_id,
        house.policy.dormancy.warned_days_ahead,
    )
    house.perform(dormancy.work)
    assert emil.refusal("m") == (403, "account_frozen")
    assert emil.balance == 20

    payout = emil.post("/api/withdrawals", away)
    house.clerk.decide(f"/admin/withdrawals/{payout['id']}/approve", {"note": "it is theirs"})
    paid = house.clerk.decide(f"/admin/withdrawals/{payout['id']}/paid", {"reference": "SEPA 1"})
    assert (paid["state"], emil.balance) == ("done", 15)
    other = next(crowd)
    move = {"kind": "migration", "amount": "15", "to_account_id": other.account_id, "account_id": emil.account_id}
    filed = house.clerk.decide("/admin/withdrawals", move)
    assert house.clerk.refused(f"/admin/withdrawals/{filed['id']}/approve", {}) == (403, "own_request")
    second = house.another_clerk()
    second.decide(f"/admin/withdrawals/{filed['id']}/approve", {})
    assert (emil.balance, other.balance) == (0, 15)


def age(house: House, owner: Customer, *, months: int) -> None:
    """The account was made, paid and called so long ago."""
    passed = f"interval '{months} months'"
    for statement in (
        f"UPDATE account_contact SET created_at = created_at - {passed} WHERE account_id = $1::text::uuid",
        f"UPDATE lot SET created_at = created_at - {passed} WHERE account_id = $1::text::uuid",
        f"UPDATE account SET last_us = extract(epoch FROM now() - {passed}) * 1000000 WHERE id = $1::text::uuid",
    ):
        house.rows(statement, owner.account_id)


def test_nothing_is_refundable_but_the_end_of_the_service_repays(house: House, crowd: Iterator[Customer]) -> None:
    """A refund is refused in principle; winding down lists every bought balance and tracks its repayment."""
    fay = next(crowd)
    house.buy(fay, method="stripe", amount="30")
    (payment,) = fay.get("/api/payments")["data"]
    wish = {"payment_id": payment["id"], "reason": "changed our mind"}
    assert fay.refused("/api/refunds", wish) == (409, "not_refundable")
    assert house.clerk.post("/admin/wind-down")["added"] >= 1
    listed = {row["account_id"]: row for row in house.clerk.get("/admin/wind-down")["data"]}
    assert (listed[fay.account_id]["refundable"], listed[fay.account_id]["state"]) == ("30", "open")
    mark = f"/admin/wind-down/{fay.account_id}/mark"
    assert house.clerk.refused(mark, {"state": "paid"}) == (409, "balance_left")
    closing = {"account_id": fay.account_id, "has_breach": False, "reason": "the service ends"}
    begun = house.clerk.decide("/admin/closings", closing)
    house.clerk.decide(f"/admin/closings/{begun['id']}/decide", {"treatment": "return"})
    house.told_by_providers()
    house.clerk.post(mark, {"state": "paid", "note": "back on their card"})
    assert house.clerk.get(f"/admin/wind-down/{fay.account_id}")["state"] == "paid"


def test_violating_calls_suspend_at_once_and_leave_evidence(house: House, crowd: Iterator[Customer]) -> None:
    """Frozen with its balance; authorities get metadata: when, which model, which key, usage, errors; no content."""
    gus = with_credit(house, next(crowd), "5")
    asked = f"{SECRET_WORDS}, please"
    assert gus.call("m", words=asked).status == 200
    left = gus.balance
    house.provider.set(status=400, error_code="content_policy_violation", error_message="Against our content policy.")
    for _ in range(2):
        assert gus.call("m", words=asked).status == 400
    house.provider.reset()
    denied = "SELECT count(*) AS seen FROM trace WHERE account_id = $1::text::uuid AND kind = 'denied'"
    eventually(lambda: house.row(denied, gus.account_id)["seen"] >= 2, limit_s=PATIENCE_S)
    house.scan_for_risk()
    assert gus.refusal("m") == (403, "account_frozen")
    assert gus.balance == left

    wanted = {"account_id": gus.account_id, "reason": "file 4711 of the prosecutor"}
    span = {"since": moment(days=-1), "until": moment(days=1)}
    answer = house.clerk.http.post("/admin/evidence", json=wanted | span)
    assert answer.is_success, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
        files = {name: bundle.read(name).decode() for name in bundle.namelist()}
    manifest = json.loads(files["manifest.json"])
    assert manifest["account_id"] == gus.account_id
    everything = "\n".join(files.values())
    prefix = gus.get("/api/keys")["data"][0]["prefix"]
    for told in ("account_frozen", prefix, '"m"' if '"m"' in everything else ",m,"):
        assert told in everything
    assert SECRET_WORDS not in everything
    assert gus.api_key not in everything
    trail = house.clerk.get("/admin/audit", account_id=gus.account_id)["data"]
    assert "file 4711 of the prosecutor" in {line["reason"] for line in trail if line["action"] == "evidence.export"}


def moment(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


def test_only_metadata_is_logged_and_fraud_metadata_leaves_after_thirty_days(
    house: House, crowd: Iterator[Customer]
) -> None:
    """Refused calls are in the log, too, with their code; what is older than the policy says is dropped."""
    hal = next(crowd)
    assert hal.refusal("m", words=SECRET_WORDS) == (402, "insufficient_credits")
    refused = eventually(lambda: hal.get("/api/jobs", status="refused")["data"], limit_s=PATIENCE_S)[0]
    assert (refused["model"], refused["code"], refused["http_status"]) == ("m", "insufficient_credits", 402)

    old = datetime.now(UTC) - timedelta(days=house.policy.retention.metadata_days + 1)
    house.perform(lambda connection: make_day(connection, old.date()))
    copied = first_id_at(int(old.timestamp() * 1000))
    house.rows(
        "INSERT INTO trace (id, account_id, kind, address, at) VALUES ($1, $2::text::uuid, 'call', '81.100.0.1', $3)",
        copied,
        hal.account_id,
        old,
    )
    house.rows(
        "INSERT INTO refusal (account_id, id, key_id, at, endpoint, model, status, code)"
        " VALUES ($2::text::uuid, $1, $1, $3, 'chat.completions', 'm', 402, 'insufficient_credits')",
        copied,
        hal.account_id,
        old,
    )
    house.perform(BusinessRetention(house.policy.retention, get_logger("test")).work)
    for table in ("trace", "refusal"):
        assert not house.rows(f"SELECT FROM {table} WHERE id = $1", copied)
        assert house.rows(f"SELECT FROM {table} WHERE account_id = $1::text::uuid", hal.account_id)


async def make_day(connection: Any, day: date) -> None:
    """The day's partitions, as they were made when it began."""
    await ensure_partitions(connection, day, days_ahead=0)


def test_maintenance_and_terms_are_told_ahead(house: House, crowd: Iterator[Customer]) -> None:
    """Maintenance is on the site before it begins; material changes of terms are mailed 7 days ahead, not later."""
    ida = next(crowd)
    house.clerk.post(
        "/admin/announcements",
        {
            "kind": "maintenance",
            "texts": {"en": {"title": "A new database", "body": "Calls may fail for a minute."}},
            "starts_at": moment(days=2),
            "ends_at": moment(days=2, hours=1),
            "is_banner": True,
        },
    )
    shown = {each["title"]: each for each in house.visitor().get("/api/public/announcements")["data"]}
    assert shown["A new database"]["starts_at"] > moment()
    early = {"texts": {"en": {"title": "Terms, again", "body": "2."}}, "effective_at": moment(days=6)}
    assert house.clerk.refused("/admin/terms", early) == (422, "notice_too_short")
    house.publish_terms("Terms of the winter", days_ahead=7)
    house.mail_broadcasts()
    assert "We have made them clearer." in house.mail_to(ida.email, "Terms of the winter")


def test_another_channel_serves_and_another_model_where_it_is_listed(house: House) -> None:
    """A model with two channels falls back to the second; `models` goes on to the next model, which is charged."""
    (jan,) = house.customers(1)
    with_credit(house, jan, "5")
    with running_simulator(status=500) as broken:
        house.add_channel("broken", broken)
        house.sell("steady", "broken", "up")
        house.sell("fragile", "broken")
        served = jan.call("steady")
        assert (served.status, served.json["model"]) == (200, "steady")
        listed = jan.call("fragile", models=["fragile", "m"])
        assert (listed.status, listed.json["model"]) == (200, "m")
        assert jan.refusal("fragile")[0] in (502, 503)
    charges = {line["model"]: Decimal(line["charge"] or 0) for line in jan.get("/api/jobs")["data"]}
    assert charges["fragile"] == 0
    assert charges["steady"] > 0
    assert charges["m"] == Decimal(listed.json["usage"]["cost"])
