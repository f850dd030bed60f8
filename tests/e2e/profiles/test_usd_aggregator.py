"""The profile usd-aggregator, rule by rule: one balance of dollars over Anthropic, OpenAI and Google."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import House, open_house
from tests.support.operator import PROVIDER_KEY
from tests.support.postgres import TestPostgres
from tests.support.server import Answer, eventually
from tests.support.simulator import running_simulator
from tests.support.visitor import PASSWORD, PATIENCE_S, Customer

from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.worker.provider_accounts import ProviderAccounts

pytestmark = pytest.mark.timeout(300)

PROFILE = "usd-aggregator"
EDITS = (
    # The puzzle at sign-up is no rule of this profile; payg-simple solves it.
    ("proof_of_work = true", "proof_of_work = false"),
    # So many denied calls are a signal, where the file says 20 in a day.
    ("threshold = 20", "threshold = 2"),
)
MAINLAND, HONG_KONG, TAIWAN, UNKNOWN = "114.114.114.114", "14.0.128.1", "168.95.1.1", "10.9.8.7"
# The price of the provider's list, per million tokens, of every model here.
INPUT, OUTPUT = Decimal(1000), Decimal(2000)
# What would tell who serves: the simulated provider's organisation, fingerprint, name of the model, and our key there.
MARKS = (b"org-simulated", b"fp_51a7c0ffee", b"sim-chat", PROVIDER_KEY.encode(), b"anthropic", b"openai", b"gemini")


@pytest.fixture(scope="module")
def house(postgres: TestPostgres, module_data_dir: Path) -> Iterator[House]:
    database = postgres.create()
    with open_house(PROFILE, database, module_data_dir, *EDITS) as opened:
        opened.publish_terms("Terms of service")
        for vendor, model in (("anthropic", "claude-x"), ("openai", "gpt-x"), ("gemini", "flash-x")):
            opened.add_channel(f"to-{vendor}", kind=vendor, base_url=address_of(opened, vendor))
            opened.sell(model, f"to-{vendor}", family=model.partition("-")[0])
        yield opened
    postgres.drop(database)


def address_of(house: House, vendor: str) -> str:
    return house.provider.base_url if vendor == "openai" else house.provider.url


@pytest.fixture(scope="module")
def crowd(house: House) -> Iterator[Customer]:
    """People from where everybody is served; each test takes as many as it needs."""
    return iter(house.customers(11))


@pytest.fixture(autouse=True)
def healthy(house: House) -> Iterator[None]:
    yield
    house.provider.reset()


def with_credit(house: House, owner: Customer, amount: str = "50") -> Customer:
    house.clerk.decide(f"/admin/accounts/{owner.account_id}/grants", {"amount": amount, "reason": "to begin with"})
    return owner


def list_price(answer: Answer) -> Decimal:
    usage = answer.json["usage"]
    return (usage["prompt_tokens"] * INPUT + usage["completion_tokens"] * OUTPUT) / 1_000_000


def test_one_balance_over_three_providers_that_never_expires(house: House, crowd: Iterator[Customer]) -> None:
    """Calls of all three are charged by tokens to one balance in USD, which was bought and has no end."""
    ada = next(crowd)
    house.buy(ada, method="stripe", amount="50")
    spent = Decimal()
    for model in ("claude-x", "gpt-x", "flash-x"):
        answer = ada.call(model)
        assert answer.status == 200, answer.body
        assert Decimal(answer.json["usage"]["cost"]) == list_price(answer)
        spent += list_price(answer)
    funds = ada.get("/api/credits")
    assert (funds["unit"], Decimal(funds["balance"])) == ("USD", 50 - spent)
    assert [lot["expires_at"] for lot in funds["lots"]] == [None]


def test_discounts_of_model_families_begin_and_end(house: House, crowd: Iterator[Customer]) -> None:
    """95 % off one family and 70 % off another, from their start to their end; then the list price again."""
    ben = with_credit(house, next(crowd))
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    plans = {"claude-*": ("95", None), "gpt-*": ("70", None), "flash-*": ("50", tomorrow)}
    made = {
        pattern: house.clerk.post(
            "/admin/discounts", {"name": pattern, "models": [pattern], "off_percent": off, "starts_at": starts_at}
        )
        for pattern, (off, starts_at) in plans.items()
    }
    for model, left in (("claude-x", "0.05"), ("gpt-x", "0.3"), ("flash-x", "1")):
        answer = ben.call(model)
        assert Decimal(answer.json["usage"]["cost"]) == list_price(answer) * Decimal(left), model
    assert {offer["off_percent"] for offer in ben.get("/api/public/offers")["data"]} == {"95", "70"}
    for discount in made.values():
        house.clerk.post(f"/admin/discounts/{discount['id']}/end")
    answer = ben.call("claude-x")
    assert Decimal(answer.json["usage"]["cost"]) == list_price(answer)


def test_nobody_is_served_from_the_countries_of_the_list(house: House, crowd: Iterator[Customer]) -> None:
    """By address at sign-up, at sign-in and on calls: 451. Territories with codes of their own are served."""
    stranger = house.visitor(MAINLAND)
    assert stranger.refused("/api/sign-up", stranger.honest_form()) == (451, "region_not_served")

    cleo = with_credit(house, next(crowd))
    key, home = cleo.api_key, cleo.address
    cleo.move_to(MAINLAND)
    credentials = {"email": cleo.email, "password": PASSWORD}
    assert cleo.refused("/api/session", credentials) == (451, "region_not_served")
    cleo.address = MAINLAND
    assert cleo.refusal("gpt-x", key=key) == (451, "region_not_served")
    # What happens with unknown addresses is a value of the policy, here `serve`.
    assert house.policy.region.unknown_address == "serve"
    for address in (HONG_KONG, TAIWAN, UNKNOWN, home):
        cleo.address = address
        cleo.move_to(address)
        cleo.sign_in()
        assert cleo.call("gpt-x", key=key).status == 200, address


def test_a_payment_or_a_statement_from_there_suspends_and_keeps_the_balance(
    house: House, crowd: Iterator[Customer]
) -> None:
    """The payment method's country freezes with a reason, the member's own statement bars until somebody has looked."""
    dora, emil = next(crowd), next(crowd)
    recharge = dora.post("/api/recharges", {"method": "stripe", "amount": "20"})
    house.happen("pay", recharge, country="CN")
    eventually(lambda: dora.get("/api/account")["status"] == "frozen", limit_s=PATIENCE_S)
    assert dora.refusal("gpt-x") == (403, "account_frozen")
    assert dora.balance == 20
    shown = house.clerk.get(f"/admin/accounts/{dora.account_id}")
    assert "not served" in shown["status_reason"]
    assert "not served" in house.mail_to(dora.email, "not served")

    stranger = house.visitor()
    form = stranger.honest_form()
    assert stranger.refused("/api/sign-up", form | {"statements": {"country": "CN"}}) == (451, "region_not_served")
    with_credit(house, emil, "5")
    emil.put("/api/account", {"name": "Emil", "billing": {"country": "CN"}})
    assert emil.refusal("gpt-x") == (451, "region_not_served")
    assert emil.balance == 5
    cases = house.clerk.get("/admin/cases", kind="account_review", status="open")["data"]
    assert {dora.account_id, emil.account_id} <= {case["account_id"] for case in cases}
    house.clerk.post(f"/admin/approvals/{emil.account_id}/allow-region", {"note": "moved to Hong Kong"})
    assert emil.call("gpt-x").status == 200


def test_a_language_is_no_promise_of_service(house: House, crowd: Iterator[Customer]) -> None:
    """Simplified Chinese is spoken to whoever wants it; where somebody is decides whether they are served."""
    from_there = house.visitor(MAINLAND)
    assert from_there.refused("/api/sign-up", from_there.honest_form(language="en"))[0] == 451
    fay = next(crowd)
    fay.put("/api/person", {"display_name": "Fay", "language": "zh-CN"})
    fay.post("/api/password/forgotten", {"email": fay.email})
    assert "新密码" in house.mail_to(fay.email, "新密码")


def test_keys_are_revoked_at_once_and_rotated_in_one_step(house: House, crowd: Iterator[Customer]) -> None:
    """The old key is refused from its next call on; the new one has the same terms."""
    gus = with_credit(house, next(crowd))
    made = gus.new_key(name="server", limits={"requests_per_minute": 100})
    assert gus.call("gpt-x", key=made["secret"]).status == 200
    fresh = gus.post(f"/api/keys/{made['key']['id']}/rotate")
    assert gus.refusal("gpt-x", key=made["secret"]) == (401, "key_revoked")
    assert gus.call("gpt-x", key=fresh["secret"]).status == 200
    assert (fresh["key"]["name"], fresh["key"]["limits"]) == ("server", made["key"]["limits"])
    gus.post(f"/api/keys/{fresh['key']['id']}/revoke")
    assert gus.refusal("gpt-x", key=fresh["secret"]) == (401, "key_revoked")


def test_denials_pass_through_and_the_end_of_a_provider_account_suspends(
    house: House, crowd: Iterator[Customer]
) -> None:
    """The provider's refusal reaches the customer. When the account there ends: a case with the provider's request ids.

    By this profile's policy whoever had it deny calls is suspended; others are not.
    """
    hal, ida = with_credit(house, next(crowd)), with_credit(house, next(crowd))
    message = "Your request was flagged by our content policy."
    with running_simulator() as provider:
        house.add_channel("ending", provider)
        house.sell("short-lived", "ending")
        provider.set(status=400, error_code="content_policy_violation", error_message=message)
        for _ in range(2):
            denied = hal.call("short-lived")
            assert (denied.status, denied.json["error"]["message"]) == (400, message)
        statement = "SELECT count(*) AS seen FROM trace WHERE account_id = $1::text::uuid AND kind = 'denied'"
        eventually(lambda: house.row(statement, hal.account_id)["seen"] >= 2, limit_s=PATIENCE_S)
        house.scan_for_risk()
        assert hal.get("/api/account")["status"] == "active"

        provider.set(status=401, error_code="account_deactivated", error_message="This account has been deactivated.")
        watch = ProviderAccounts(house.policy.risk, IdSource(), get_logger("test"), patience=timedelta(0))

        def look() -> Any:
            # Nobody learns of it unless calls are tried; keys that were refused rest for a moment in between.
            assert ida.call("short-lived").status in (502, 503)
            house.perform(watch.work)
            return house.clerk.get("/admin/cases", kind="provider_account", status="open")["data"]

        (case,) = eventually(look, limit_s=PATIENCE_S)
    named = {call["job_id"]: call["provider_request_id"] for call in case["facts"]["calls"]}
    refused = denied.headers["farebox-job-id"]
    assert named[refused]
    assert house.clerk.get(f"/admin/jobs/{refused}")["provider_request_id"] == named[refused]
    assert named[refused] not in str(hal.get(f"/api/jobs/{refused}")) + denied.body.decode()
    assert hal.get("/api/account")["status"] == "frozen"
    assert ida.get("/api/account")["status"] == "active"


def test_no_answer_tells_who_serves(house: House, crowd: Iterator[Customer]) -> None:
    """Plain, streamed or refused: no name, id, key or fingerprint of the provider's side."""
    jan = with_credit(house, next(crowd))
    answers = [jan.call(model, stream=stream) for model in ("claude-x", "gpt-x", "flash-x") for stream in (False, True)]
    house.provider.set(status=400)
    answers += [jan.call(model) for model in ("claude-x", "gpt-x", "flash-x")]
    for answer in answers:
        seen = answer.body.lower() + repr(answer.headers).lower().encode()
        assert not [mark for mark in MARKS if mark.lower() in seen], answer.body


def test_what_succeeded_at_the_provider_is_charged_and_the_status_page_shows_faults(
    house: House, crowd: Iterator[Customer]
) -> None:
    """A slow answer costs what it used, a cut one what was delivered; a family whose calls fail is shown so."""
    kim = with_credit(house, next(crowd))
    house.provider.set(ttft_ms=1500)
    slow = kim.call("gpt-x")
    assert Decimal(slow.json["usage"]["cost"]) == list_price(slow)
    house.provider.reset()
    house.provider.set(cut=4)
    cut = kim.call("gpt-x", stream=True)
    receipt = kim.receipt(cut.headers["farebox-job-id"])
    assert receipt["outcome"] == "provider_cut"
    assert Decimal(receipt["charge"]) > 0

    house.sell("wobbly", "up", family="wobbly")
    house.provider.reset()
    assert kim.call("wobbly").status == 200
    house.provider.set(status=500)
    for _ in range(3):
        assert kim.refusal("wobbly")[0] in (502, 503)
    counted = "SELECT coalesce(sum(status_faults), 0) AS faults FROM traffic_hour WHERE model = 'wobbly'"
    eventually(lambda: house.row(counted)["faults"] >= 1, limit_s=PATIENCE_S)
    families = {each["family"]: each for each in kim.get("/api/public/status")["data"]}
    assert families["wobbly"]["state"] in ("degraded", "down")
    assert families["claude"]["models"] == ["claude-x"]


def test_what_is_left_is_returned_unless_a_breach_forfeits_it(house: House) -> None:
    """Without a breach the unused balance goes back to its source; with one it may be forfeited, on the record."""
    lou, mia = house.customers(2)
    for owner in (lou, mia):
        house.buy(owner, method="stripe", amount="20")
    closing = {"account_id": lou.account_id, "has_breach": False, "reason": "we part as friends"}
    friendly = house.clerk.decide("/admin/closings", closing)
    assert friendly["choices"] == ["return"]
    done = house.clerk.decide(f"/admin/closings/{friendly['id']}/decide", {"treatment": "return"})
    assert (done["returned"], done["forfeited"]) == ("20", "0")
    house.told_by_providers()
    assert house.payments.books()["stripe"]["USD"]["refunded"] == 2000
    breach = house.clerk.decide("/admin/closings", {**closing, "account_id": mia.account_id, "has_breach": True})
    assert breach["choices"] == ["return", "forfeit"]
    done = house.clerk.decide(
        f"/admin/closings/{breach['id']}/decide", {"treatment": "forfeit", "note": "resold its access"}
    )
    assert (done["forfeited"], done["note"]) == ("20", "resold its access")


def test_changed_terms_are_mailed_to_accounts_with_a_balance(house: House) -> None:
    """And only to them; the date of the terms moves."""
    noa, otto = house.customers(2)
    with_credit(house, noa, "1")
    published = house.publish_terms("Terms of the autumn", days_ahead=house.policy.terms.notice_days + 1)
    house.mail_broadcasts()
    assert "We have made them clearer." in house.mail_to(noa.email, "Terms of the autumn")
    told = house.rows("SELECT email FROM mail JOIN person ON person.id = person_id WHERE kind = 'terms_changed'")
    assert noa.email in {row["email"] for row in told}
    assert otto.email not in {row["email"] for row in told}
    terms = otto.get("/api/public/terms")
    (coming,) = terms["coming"]
    assert (terms["in_force"]["version"], coming["version"]) == (1, published["version"])
    assert coming["effective_at"] == published["effective_at"] > terms["in_force"]["effective_at"]
