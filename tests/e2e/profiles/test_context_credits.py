"""The profile context-credits, rule by rule: credits priced by the size of the input, on top of somebody's models."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.house import House, open_house
from tests.support.postgres import TestPostgres
from tests.support.server import eventually
from tests.support.visitor import PATIENCE_S, Customer

from farebox.domain.calendar import due_after
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.worker.terms_acceptance import TermsAcceptance

pytestmark = pytest.mark.timeout(300)

PROFILE = "context-credits"
# A stress test that a test can make: so many calls a minute over so many minutes, where the file says 600 over ten.
LOAD, MINUTES = 8, 3
# The puzzle at sign-up is no rule of this profile; payg-simple solves it.
EDITS = (
    ("proof_of_work = true", "proof_of_work = false"),
    ("threshold = 600", f"threshold = {LOAD}"),
    ("window_minutes = 10", f"window_minutes = {MINUTES}"),
)
# The operator's own names, each with its multiplier of the tiers.
MODELS = {"base": 1, "fast": 2, "highest": 10}
# More bytes than 131,072 tokens can have: the dearest tier is held.
LONG = "word " * 200_000


@pytest.fixture(scope="module")
def house(postgres: TestPostgres, module_data_dir: Path) -> Iterator[House]:
    database = postgres.create()
    with open_house(PROFILE, database, module_data_dir, *EDITS) as opened:
        opened.add_channel("claude", kind="anthropic", base_url=opened.provider.url)
        for name, multiplier in MODELS.items():
            opened.sell(name, "claude", rates={"kind": "per_call", "multiplier": multiplier})
        yield opened
    postgres.drop(database)


@pytest.fixture(scope="module")
def people(house: House) -> list[Customer]:
    """Who was here before there were terms; all but the first have accepted them by a click since."""
    made = house.customers(10)
    house.publish_terms("Terms of service")
    for each in made[1:]:
        each.post("/api/account/terms", {"terms_version": 1})
    return made


@pytest.fixture(scope="module")
def newcomer(people: list[Customer]) -> Customer:
    """Has never accepted any terms."""
    return people[0]


@pytest.fixture(scope="module")
def ada(house: House, people: list[Customer]) -> Customer:
    """Has credit."""
    return with_credit(house, people[1])


@pytest.fixture(scope="module")
def crowd(people: list[Customer]) -> Iterator[Customer]:
    """The others; each test takes as many as it needs."""
    return iter(people[2:])


@pytest.fixture(autouse=True)
def healthy(house: House) -> Iterator[None]:
    yield
    house.provider.reset()


def with_credit(house: House, owner: Customer, amount: str = "500") -> Customer:
    house.clerk.decide(f"/admin/accounts/{owner.account_id}/grants", {"amount": amount, "reason": "to begin with"})
    return owner


@pytest.mark.parametrize(
    ("counted", "tier"),
    [(1, 1), (16_384, 1), (16_385, 2), (32_768, 2), (32_769, 5), (131_072, 5), (131_073, 10)],
)
def test_a_call_costs_the_tier_of_the_input_that_the_provider_counts(
    house: House, ada: Customer, counted: int, tier: int
) -> None:
    """<= 16K 1, <= 32K 2, <= 128K 5, above 10 credits, times the model's multiplier; what was held is the most."""
    house.provider.set(prompt_tokens=counted)
    for model in MODELS if counted in (1, 131_073) else ("base",):
        answer = ada.call(model, words=LONG)
        assert answer.status == 200, answer.body
        receipt = ada.receipt(answer.headers["farebox-job-id"])
        assert (receipt["hold"], receipt["charge"]) == (str(10 * MODELS[model]), str(tier * MODELS[model]))
        assert receipt["lines"][0]["class"] == "context_tier"


def test_the_charge_is_never_above_the_tier_that_was_held(house: House, crowd: Iterator[Customer]) -> None:
    """A short call holds 1 credit, and costs no more whatever the provider counts; 0 credits hold nothing."""
    ben = next(crowd)
    assert ben.refusal("base") == (402, "insufficient_credits")
    with_credit(house, ben, "5")
    house.provider.set(prompt_tokens=200_000)
    receipt = ben.receipt(ben.call("base").headers["farebox-job-id"])
    assert (receipt["hold"], receipt["charge"]) == ("1", "1")
    assert ben.refusal("highest") == (402, "insufficient_credits")
    assert ben.balance == 4


def test_faults_of_the_platform_are_free_and_streams_that_are_left_are_not(
    house: House, crowd: Iterator[Customer]
) -> None:
    """A provider that fails or cuts costs nothing; a stream left after dispatch costs the whole hold, for good."""
    cleo = with_credit(house, next(crowd), "50")
    house.provider.set(status=500)
    assert cleo.refusal("base") == (502, "provider_error")
    house.provider.reset()
    house.provider.set(cut=2)
    cut = cleo.call("base", stream=True)
    assert cleo.receipt(cut.headers["farebox-job-id"])["outcome"] == "provider_cut"
    assert cleo.balance == 50

    house.provider.reset()
    house.provider.set(chunks=1000, gap_ms=50, prompt_tokens=10)
    body = {"model": "base", "messages": [{"role": "user", "content": LONG}], "stream": True}
    headers = {"authorization": f"Bearer {cleo.api_key}"}
    with cleo.http.stream("POST", "/v1/chat/completions", json=body, headers=headers) as stream:
        assert stream.status_code == 200
        next(stream.iter_bytes())
        job_id = stream.headers["farebox-job-id"]
    left = cleo.receipt(job_id)
    assert (left["outcome"], left["hold"], left["charge"]) == ("client_disconnected", "10", "10")
    assert cleo.balance == 40


def test_credits_accumulate_for_ever_and_are_not_refundable(house: House, crowd: Iterator[Customer]) -> None:
    """Two packages are one balance without an end; a refund of either is refused."""
    dora = next(crowd)
    for package in ("starter", "team"):
        house.buy(dora, method="stripe", package=package)
    funds = dora.get("/api/credits")
    assert (funds["unit"], funds["balance"]) == ("credit", "6000")
    assert [(lot["expires_at"], lot["refundable"]) for lot in funds["lots"]] == [(None, "0")] * 2
    payment = dora.get("/api/payments")["data"][0]
    wish = {"payment_id": payment["id"], "reason": "changed our mind"}
    assert dora.refused("/api/refunds", wish) == (409, "not_refundable")
    filed = {**wish, "account_id": dora.account_id}
    assert house.clerk.refused("/admin/refund-requests", filed) == (409, "not_refundable")


def test_a_terminated_account_forfeits_its_credits(house: House, crowd: Iterator[Customer]) -> None:
    """By a decision with its reason that is recorded; there is no other choice."""
    emil = next(crowd)
    house.buy(emil, method="stripe", package="starter")
    closing = {"account_id": emil.account_id, "has_breach": True, "reason": "sold its key on"}
    begun = house.clerk.decide("/admin/closings", closing)
    assert (begun["state"], begun["choices"]) == ("deciding", ["forfeit"])
    decide = f"/admin/closings/{begun['id']}/decide"
    assert house.clerk.refused(decide, {"treatment": "return"}) == (409, "not_allowed")
    assert house.clerk.refused(decide, {"treatment": "forfeit"}) == (422, "reason_missing")
    done = house.clerk.decide(decide, {"treatment": "forfeit", "note": "by the terms"})
    assert (done["state"], done["forfeited"], emil.balance) == ("done", "1000", 0)
    trail = {line["action"]: line for line in house.clerk.get("/admin/audit", account_id=emil.account_id)["data"]}
    assert trail["closing.forfeit"]["reason"] == "by the terms"


def test_a_wrong_deduction_is_looked_at_within_two_business_days(house: House, crowd: Iterator[Customer]) -> None:
    """By job id and description, in the console or filed by the operator from a mail; what is right comes back."""
    fay = with_credit(house, next(crowd), "20")
    jobs = [fay.call("base").headers["farebox-job-id"] for _ in range(2)]
    asked = fay.post("/api/adjustments", {"job_id": jobs[0], "description": "The answer was empty."})
    received = datetime.now(UTC)
    mailed = {"account_id": fay.account_id, "job_id": jobs[1], "description": "As above, by mail."}
    filed = house.clerk.decide("/admin/adjustments", {**mailed, "asked_at": received.isoformat()})
    calendar = house.policy.calendar
    for request, since in ((asked, moment(asked["created_at"])), (filed, received)):
        assert abs(moment(request["due_at"]) - due_after(since, 2, calendar)) < timedelta(seconds=5)
    assert fay.balance == 18
    for request in (asked, filed):
        done = house.clerk.decide(f"/admin/adjustments/{request['id']}/approve", {"note": "sorry"})
        assert (done["state"], done["approved"]) == ("approved", "1")
    assert fay.balance == 20
    assert jobs[0] in house.mail_to(fay.email, jobs[0])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_changed_terms_are_mailed_and_accepted_by_going_on(house: House, ada: Customer, newcomer: Customer) -> None:
    """A change keeps its notice and is mailed to all; a call after the date accepts, is recorded, and nothing stops.

    An account that never accepted any terms cannot call.
    """
    with_credit(house, newcomer)
    assert (ada.get("/api/account")["terms_accepted"], newcomer.get("/api/account")["terms_accepted"]) == (True, False)
    early = {"texts": {"en": {"title": "Terms, again", "body": "2."}}, "effective_at": datetime.now(UTC).isoformat()}
    assert house.clerk.refused("/admin/terms", early) == (422, "notice_too_short")
    published = house.publish_terms("Terms with prices", days_ahead=house.policy.terms.notice_days + 1)
    house.mail_broadcasts()
    assert "We have made them clearer." in house.mail_to(ada.email, "Terms with prices")

    # The notice passes: the version is dated back by the owner of the schema.
    version = published["version"]
    house.rows("UPDATE terms_version SET effective_at = now() - interval '1 second' WHERE version = $1", version)
    assert not ada.get("/api/account")["terms_accepted"]
    assert ada.call("base").status == 200
    house.perform(TermsAcceptance(IdSource(), get_logger("test")).work)
    assert ada.get("/api/account")["terms_accepted"]
    trail = house.clerk.get("/admin/audit", account_id=ada.account_id)["data"]
    (accepted,) = [line for line in trail if line["action"] == "terms.accept" and line["actor_kind"] == "system"]
    assert accepted["after"] == {"version": version, "how": "by_use"}
    assert moment(accepted["at"]) <= datetime.now(UTC)
    assert ada.call("base").status == 200

    assert newcomer.refusal("base") == (403, "terms_not_accepted")
    newcomer.post("/api/account/terms", {"terms_version": version})
    assert newcomer.call("base").status == 200


def test_a_shared_key_is_reviewed_and_a_stress_test_is_stopped(house: House, crowd: Iterator[Customer]) -> None:
    """One key from many networks opens a case with the facts; load beyond the policy's freezes the account at once."""
    gus, hal = with_credit(house, next(crowd)), with_credit(house, next(crowd))
    (networks,) = [rule for rule in house.policy.risk.rules if rule.signal == "key_networks"]
    for number in range(networks.threshold):
        gus.address = f"81.{100 + number}.0.7"
        assert gus.call("base").status == 200
    assert hal.call("base").status == 200
    wait_for_traces(house, gus, networks.threshold)
    house.scan_for_risk()
    (case,) = house.clerk.get("/admin/cases", kind="risk", status="open", account_id=gus.account_id)["data"]
    assert case["facts"]["key_networks"]["measured"] == networks.threshold
    assert gus.call("base").status == 200

    for _ in range(LOAD * MINUTES):
        hal.call("base")
    house.scan_for_risk()
    assert hal.refusal("base") == (403, "account_frozen")
    assert gus.call("base").status == 200


def wait_for_traces(house: House, owner: Customer, count: int) -> None:
    """What is remembered of where calls come from is written every few seconds."""
    statement = (
        "SELECT count(DISTINCT address) AS seen FROM trace WHERE account_id = $1::text::uuid AND key_id IS NOT NULL"
    )
    eventually(lambda: house.row(statement, owner.account_id)["seen"] >= count, limit_s=PATIENCE_S)
