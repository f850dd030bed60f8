"""The rules of signing up: proof of work, approval, one account per person, regions."""

import asyncio
import base64
import json
from typing import Any
from uuid import UUID

import altcha
import pytest
from tests.support.control import RunningControl, running_control
from tests.support.postgres import TestDatabase
from tests.support.signing_up import PASSWORD, execute, form, mails, rows, rules, secrets_for, sign_up, with_region

from farebox.domain.errors import ActionRefused
from farebox.kit.geo import Geo
from farebox.payments.adding import check_adding
from farebox.payments.books import Books

SERVED, REFUSED, REFUSED_6, UNKNOWN = "8.8.8.8", "14.0.128.1", "2001:da8::1", "10.0.0.1"


@pytest.fixture(scope="module")
def geo() -> Geo:
    return Geo()


async def solved(control: RunningControl) -> str:
    """What the widget sends for a new challenge."""
    told = (await control.public.get("/api/sign-up/challenge")).json()
    challenge = altcha.Challenge.from_dict(told)
    solution = await asyncio.to_thread(altcha.solve_challenge, challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def forged(proof: str, **changes: Any) -> str:
    """The same with changed parameters, under the same signature."""
    told = json.loads(base64.b64decode(proof))
    told["challenge"]["parameters"] |= changes
    return base64.b64encode(json.dumps(told).encode()).decode()


async def test_a_proof_of_work_opens_one_door(database: TestDatabase) -> None:
    """Missing, wrong, forged and used ones are refused with what to do; of ten at once with one proof, one gets in."""
    async with running_control(database, rules(proof_of_work=True)) as control:
        assert (await control.public.get("/api/sign-up")).json()["proof_of_work"] is True
        good, other = await solved(control), await solved(control)
        unsolved = json.loads(base64.b64decode(other)) | {"solution": {"counter": 2**32, "derivedKey": "00"}}
        for proof, code in (
            (None, "proof_missing"),
            ("", "proof_missing"),
            ("no base64", "proof_wrong"),
            (base64.b64encode(b"[[[1]]]").decode(), "proof_wrong"),
            (base64.b64encode(json.dumps(unsolved).encode()).decode(), "proof_wrong"),
            (forged(other, keyPrefix="", cost=1), "proof_wrong"),
            (forged(other, expiresAt=1), "proof_over"),
        ):
            refused = await control.public.post("/api/sign-up", json=form(proof=proof))
            assert (refused.status_code, refused.json()["code"]) == (422, code), proof
        assert (await control.public.post("/api/sign-up", json=form(proof="x" * 4_001))).status_code == 422
        tried = await asyncio.gather(
            *(control.public.post("/api/sign-up", json=form(f"p{n}@example.com", proof=good)) for n in range(10))
        )
        assert sorted(answer.status_code for answer in tried) == [202] + [422] * 9
        assert {answer.json().get("code") for answer in tried} == {None, "proof_used"}
        assert await rows(control, "SELECT count(*) AS people FROM person") == [{"people": 1}]
        again = await control.public.post("/api/sign-up/resend", json={"email": "p0@example.com", "proof": good})
        assert again.json()["code"] == "proof_used"


async def test_an_account_waits_for_approval(database: TestDatabase) -> None:
    """Barred, with a case, until an operator decides, once; approved it gets its credit, declined it is closed."""
    async with running_control(database, rules(mode="approved", credit="3")) as control:
        reader, staff = await control.operator("accounts:read"), await control.operator("accounts:write")
        first, second = await sign_up(control), await sign_up(control)
        waiting = (await reader.client.get("/admin/approvals", params={"limit": 1})).json()
        assert (waiting["data"][0]["email"], waiting["data"][0]["code"]) == (first, "approval_pending")
        rest = (await reader.client.get("/admin/approvals", params={"after": waiting["next"]})).json()
        assert [each["email"] for each in rest["data"]] == [second]
        approved, declined = waiting["data"][0]["account_id"], rest["data"][0]["account_id"]
        assert await rows(control, "SELECT DISTINCT barred, balance_nano FROM account") == [
            {"barred": "approval_pending", "balance_nano": 0}
        ]
        url = f"/admin/approvals/{approved}/approve"
        assert (await reader.client.post(url, json={})).status_code == 403
        tried = await asyncio.gather(*(staff.client.post(url, json={}) for _ in range(5)))
        assert sorted(answer.status_code for answer in tried) == [200] + [409] * 4
        no = await staff.client.post(f"/admin/approvals/{declined}/decline", json={"note": "not a business"})
        assert (no.status_code, no.json()["status"], no.json()["bars"]) == (200, "closed", [])
        accounts = await rows(control, "SELECT status, barred, balance_nano FROM account ORDER BY balance_nano")
        assert [tuple(row.values()) for row in accounts] == [("closed", "", 0), ("active", "", 3_000_000_000)]
        assert [kind for kind, _ in await mails(control, first)] == ["verification", "account_approved"]
        told = await mails(control, second)
        assert [kind for kind, _ in told] == ["verification", "account_declined"]
        assert told[1][1] == {"note": "not a business"}
        cases = await rows(control, "SELECT status, decision FROM review_case ORDER BY decision")
        assert [tuple(row.values()) for row in cases] == [("closed", "approved"), ("closed", "declined")]


async def test_an_account_with_credit_is_not_declined(database: TestDatabase) -> None:
    """Nobody's credit is closed away with the account, nor bought while it waits: closings decide about it."""
    async with running_control(database, rules(mode="approved")) as control:
        staff = await control.operator("accounts:write", "accounts:read")
        await sign_up(control)
        waiting = (await staff.client.get("/admin/approvals")).json()["data"][0]["account_id"]
        await control.credit(UUID(waiting), 1_000)
        refused = await staff.client.post(f"/admin/approvals/{waiting}/decline", json={"note": "not a business"})
        assert (refused.status_code, refused.json()["code"]) == (409, "has_credit")
        assert await rows(control, "SELECT status, barred FROM account") == [
            {"status": "active", "barred": "approval_pending"}
        ]
        books = Books(control.services.policy, control.services.ledger, control.services.ids)
        async with control.services.pool.acquire() as connection:
            with pytest.raises(ActionRefused) as barred:
                await check_adding(connection, books, UUID(waiting), "manual", 1_000)
        assert barred.value.code == "approval_pending"


@pytest.mark.parametrize(
    ("rule", "barred", "kinds"),
    [("any", "", []), ("signal", "", ["risk"]), ("approval", "approval_pending", ["account_review"])],
)
async def test_a_second_account_of_one_person(database: TestDatabase, rule: str, barred: str, kinds: list[str]) -> None:
    """Found by mailbox and by device: allowed, a signal, or waiting for the operator, as the policy says."""
    async with running_control(database, rules(accounts_per_person=rule)) as control:
        control.public.headers["farebox-device"] = "the same laptop"
        await sign_up(control, "ada.lovelace@gmail.com")
        await sign_up(control, "AdaLovelace+2@googlemail.com")
        (second,) = await rows(control, "SELECT barred FROM account ORDER BY id DESC LIMIT 1")
        assert second["barred"] == barred
        cases = await rows(control, "SELECT kind, facts FROM review_case")
        assert [case["kind"] for case in cases] == kinds
        if cases:
            assert set(cases[0]["facts"]) == {"reason", "same_mailbox", "same_device"}
            assert cases[0]["facts"]["reason"] == "one_person"
        control.public.headers["farebox-device"] = "another one"
        await sign_up(control, "charles@example.com")
        assert await rows(control, "SELECT barred FROM account ORDER BY id DESC LIMIT 1") == [{"barred": ""}]


async def test_nobody_signs_up_or_in_from_a_refused_region(database: TestDatabase, geo: Geo) -> None:
    """By address, of both families; unknown addresses as the policy says; nothing is changed."""
    said = {"country": "DE"}
    async with running_control(database, with_region(rules(), "HK", "CN"), geo=geo) as control:
        control.public.headers["x-forwarded-for"] = SERVED
        email = await sign_up(control, statements=said)
        credentials = {"email": email, "password": PASSWORD}
        for address in (REFUSED, REFUSED_6):
            control.public.headers["x-forwarded-for"] = address
            refused = await control.public.post("/api/sign-up", json=form(statements=said))
            assert (refused.status_code, refused.json()["code"]) == (451, "region_not_served")
            refused = await control.public.post("/api/session", json=credentials)
            assert (refused.status_code, refused.json()["code"]) == (451, "region_not_served")
        control.public.headers["x-forwarded-for"] = UNKNOWN
        assert (await control.public.post("/api/session", json=credentials)).status_code == 201
        assert await rows(control, "SELECT count(*) AS people FROM person") == [{"people": 1}]
        assert await rows(control, "SELECT country FROM trace WHERE kind = 'sign_up'") == [{"country": "US"}]
    policy = with_region(rules(), "HK", unknown_address="refuse")
    async with running_control(database, policy, geo=geo) as control:
        control.public.headers["x-forwarded-for"] = UNKNOWN
        assert (await control.public.post("/api/session", json=credentials)).status_code == 451


async def test_a_country_that_is_not_served_bars_the_account(database: TestDatabase) -> None:
    """What its members say themselves: calls are refused, the balance stays, and only the operator ends it."""
    async with running_control(database, with_region(rules(), "XX")) as control:
        owner, staff = await control.member(), await control.operator("accounts:write")
        for country in ("XX", "DE"):
            changed = await owner.client.put("/api/account", json={"name": "Ada", "billing": {"country": country}})
            assert (changed.status_code, changed.json()["bars"]) == (200, ["region_not_served"])
        assert changed.json()["billing"]["country"] == "DE"
        url = f"/admin/approvals/{owner.account_id}/allow-region"
        assert (await staff.client.post(url, json={"note": ""})).status_code == 422
        assert (await staff.client.post(url, json={"note": "moved"})).json()["bars"] == []
        assert (await staff.client.post(url, json={"note": "moved"})).status_code == 409
        assert await rows(control, "SELECT status FROM review_case") == [{"status": "closed"}]
        developer = await control.member("developer", account_id=owner.account_id)
        assert (await developer.client.put("/api/account", json={})).json()["code"] == "role_not_allowed"


async def test_terms_are_accepted_with_a_click(database: TestDatabase) -> None:
    """The version in force only; the bar ends with it, and it is recorded once."""
    async with running_control(database, rules()) as control:
        owner = await control.member()
        assert (await owner.client.get("/api/account")).json()["terms_accepted"] is True
        await execute(control, "INSERT INTO terms_version (version, effective_at) VALUES (4, now())")
        await execute(
            control, "INSERT INTO account_bar (account_id, code) SELECT id, 'terms_not_accepted' FROM account"
        )
        await execute(control, "UPDATE account SET barred = 'terms_not_accepted'")
        shown = (await owner.client.get("/api/account")).json()
        assert (shown["terms_accepted"], shown["bars"]) == (False, ["terms_not_accepted"])
        refused = await owner.client.post("/api/account/terms", json={"terms_version": 3})
        assert (refused.status_code, refused.json()["code"]) == (422, "terms_not_accepted")
        for _ in range(2):
            accepted = await owner.client.post("/api/account/terms", json={"terms_version": 4})
            assert (accepted.status_code, accepted.json()["bars"]) == (200, [])
        assert await rows(control, "SELECT how FROM consent") == [{"how": "click"}]
        assert await rows(control, "SELECT barred FROM account") == [{"barred": ""}]


async def test_the_links_of_a_waiting_person_prove_nothing_elsewhere(database: TestDatabase) -> None:
    """An invitation's secret confirms no address by the other door, nor the other way round."""
    async with running_control(database, rules()) as control:
        owner = await control.member()
        await owner.client.post("/api/members/invitations", json={"email": "x@example.com"})
        await control.public.post("/api/sign-up", json=form("y@example.com"))
        (invited,) = await secrets_for(control, "x@example.com", "invitation")
        (link,) = await secrets_for(control, "y@example.com")
        assert (await control.public.post("/api/sign-up/confirm", json={"secret": invited})).status_code == 410
        assert (await control.public.post("/api/invitations/look", json={"secret": link})).status_code == 410
