"""The review queue over HTTP: what a reviewer sees, and what each decision does, once, to one account."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.support.conduct import Conduct
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase

from farebox.domain.end_user import end_user_id
from farebox.domain.policies.risk import RiskPolicy, RiskRule
from farebox.kit.logging import get_logger
from farebox.worker.risk_scan import RiskScan

POLICY = RiskPolicy(
    rules=(
        RiskRule(signal="card_testing", threshold=3, action="freeze"),
        RiskRule(signal="failed_payments", threshold=2),
        RiskRule(signal="key_reported", threshold=1, action="note"),
    )
)


@pytest.fixture
async def control(database: TestDatabase) -> AsyncIterator[RunningControl]:
    async with running_control(database) as running:
        yield running


async def _suspect(control: RunningControl, *, cards: int = 3) -> tuple[SignedIn, str]:
    """A customer whose cards failed, and the case that came of it."""
    owner = await control.member()
    assert owner.account_id is not None
    await control.credit(owner.account_id, 5 * 10**9)
    async with control.services.pool.acquire() as connection:
        made = Conduct(connection)
        for n in range(cards):
            await made.failed_payment(owner.account_id, fingerprint=f"{owner.account_id} {n}")
        await made.report_key(owner.account_id)
        await RiskScan(POLICY, control.services.ids, get_logger("test")).work(connection)
        case_id = await connection.fetchval("SELECT id FROM review_case WHERE account_id = $1", owner.account_id)
    return owner, str(case_id)


async def _decide(staff: SignedIn, case_id: str, decision: str, **body: Any) -> httpx.Response:
    return await staff.client.post(f"/admin/risk/{case_id}/decide", json={"decision": decision, **body})


async def _trail(control: RunningControl, account_id: UUID | None) -> list[str]:
    async with control.services.pool.acquire() as connection:
        rows = await connection.fetch("SELECT action FROM audit WHERE account_id = $1 ORDER BY at", account_id)
    return [row["action"] for row in rows if row["action"] != "key.report_leak"]


async def test_a_reviewer_sees_all_and_decides_in_steps(control: RunningControl) -> None:
    """Queue, page, note, unfreeze: each decision stays on the page, the customer is told, the case closes once."""
    owner, case_id = await _suspect(control)
    reviewer = await control.operator("risk:write")
    (line,) = (await reviewer.client.get("/admin/risk")).json()["data"]
    assert (line["id"], line["email"], line["account_status"], line["balance"]) == (case_id, owner.email, "frozen", "5")
    assert (line["signals"], line["has_frozen"]) == (["card_testing", "failed_payments"], True)
    page = (await reviewer.client.get(f"/admin/risk/{case_id}")).json()
    assert sorted(each["kind"] for each in page["signals"]) == ["card_testing", "failed_payments", "key_reported"]
    assert len(page["payments"]) == 3
    assert page["account"]["credits"]["balance"] == "5"
    assert {"keys", "jobs", "statement", "members", "traces"} <= page["account"].keys()
    noted = await _decide(reviewer, case_id, "note", note="wrote to the customer")
    assert (noted.status_code, noted.json()["case"]["status"]) == (200, "open")
    freed = await _decide(reviewer, case_id, "unfreeze", note="lost cards, all right")
    assert (freed.status_code, freed.json()["case"]["status"]) == (200, "closed"), freed.text
    assert freed.json()["account"]["status"] == "active"
    told = [(each["decision"], each["note"], each["decided_by"]) for each in freed.json()["decisions"]]
    assert told == [
        ("unfreeze", "lost cards, all right", str(reviewer.person_id)),
        ("note", "wrote to the customer", str(reviewer.person_id)),
    ]
    assert (await reviewer.client.get("/admin/risk")).json()["data"] == []
    (closed,) = (await reviewer.client.get("/admin/risk", params={"status": "closed"})).json()["data"]
    assert (closed["id"], closed["decision"]) == (case_id, "unfreeze")
    for late in ("nothing", "note"):
        again = await _decide(reviewer, case_id, late, note="too late")
        assert (again.status_code, again.json()["code"]) == (409, "already_closed")
    assert await _trail(control, owner.account_id) == ["account.freeze", "case.note", "account.unfreeze"]
    async with control.services.pool.acquire() as connection:
        mails = await connection.fetch("SELECT kind FROM mail WHERE person_id = $1 ORDER BY id", owner.person_id)
    assert [row["kind"] for row in mails] == ["account_frozen", "account_unfrozen"]


async def test_freezing_and_limiting_are_decisions_too(control: RunningControl) -> None:
    """A freeze by hand tells the customer nothing of the note; limits replace those there were."""
    owner, case_id = await _suspect(control, cards=2)
    reviewer = await control.operator("risk:write")
    frozen = await _decide(reviewer, case_id, "freeze", note="a ring, see the other three")
    account = frozen.json()["account"]
    assert (account["status"], "ring" in account["status_reason"]) == ("frozen", False)
    other, other_case = await _suspect(control, cards=2)
    limited = await _decide(reviewer, other_case, "limits", limits={"daily_spend": "2.5", "concurrency": 1})
    assert limited.status_code == 200, limited.text
    limits = limited.json()["account"]["limits"]
    assert (limits["daily_spend"], limits["concurrency"], limits["monthly_spend"]) == ("2.5", 1, None)
    assert await _trail(control, owner.account_id) == ["account.freeze"]
    assert await _trail(control, other.account_id) == ["account.limit"]
    async with control.services.pool.acquire() as connection:
        mails = await connection.fetch("SELECT kind, facts::text FROM mail")
    assert [row["kind"] for row in mails] == ["account_frozen"]
    assert "ring" not in mails[0]["facts"]


async def test_two_reviewers_one_decision(control: RunningControl) -> None:
    """Of decisions at once one counts; the others hear that they are late, and change nothing."""
    owner, case_id = await _suspect(control, cards=2)
    reviewer = await control.operator("risk:write")
    answers = await asyncio.gather(*(_decide(reviewer, case_id, "freeze") for _ in range(4)))
    assert sorted(each.status_code for each in answers) == [200, 409, 409, 409]
    assert await _trail(control, owner.account_id) == ["account.freeze"]


async def test_what_cannot_be_decided_changes_nothing(control: RunningControl) -> None:
    """Without a second factor, without the scope, as a customer, of another kind of case, with half a decision."""
    owner, case_id = await _suspect(control, cards=2)
    stale, reader = await control.operator("risk:write", proved=False), await control.operator("risk:read")
    for decision in ("freeze", "unfreeze", "limits"):
        refused = await _decide(stale, case_id, decision, limits={} if decision == "limits" else None)
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required"), decision
    writer = await control.operator("risk:write")
    for body, code in (
        ({"decision": "unfreeze"}, "not_frozen"),
        ({"decision": "note"}, "note_missing"),
        ({"decision": "limits"}, "limits_missing"),
        ({"decision": "nothing", "limits": {}}, "limits_missing"),
    ):
        refused = await writer.client.post(f"/admin/risk/{case_id}/decide", json=body)
        assert refused.json()["code"] == code, body
    assert (await _decide(reader, case_id, "nothing")).status_code == 403
    for method, path in (
        ("GET", "/admin/risk"),
        ("GET", f"/admin/risk/{case_id}"),
        ("GET", f"/admin/risk/end-users/{'0' * 40}"),
        ("GET", "/admin/signals"),
        ("GET", "/admin/signals/rules"),
        ("POST", f"/admin/risk/{case_id}/decide"),
    ):
        assert (await owner.client.request(method, path, json={"decision": "nothing"})).status_code == 404, path
    assert (await reader.client.get(f"/admin/risk/{uuid4()}")).status_code == 404
    assert owner.account_id is not None
    found = await reader.client.get(f"/admin/risk/end-users/{end_user_id(owner.account_id)}")
    assert found.json() == {"account_id": str(owner.account_id)}
    assert (await reader.client.get(f"/admin/risk/end-users/{'0' * 40}")).status_code == 404
    assert await _trail(control, owner.account_id) == []


async def test_signals_are_listed_and_the_rules_shown(control: RunningControl) -> None:
    """Noted ones among them; by account, kind and action; page by page."""
    owner, _ = await _suspect(control)
    await _suspect(control, cards=2)
    reader = await control.operator("risk:read")
    found = (await reader.client.get("/admin/signals")).json()["data"]
    of_two, of_three = ["failed_payments", "key_reported"], ["card_testing", "failed_payments", "key_reported"]
    assert sorted(each["kind"] for each in found[:2]) == of_two
    assert sorted(each["kind"] for each in found[2:]) == of_three
    first = (await reader.client.get("/admin/signals", params={"limit": 3})).json()
    rest = (await reader.client.get("/admin/signals", params={"limit": 3, "after": first["next"]})).json()
    assert (first["data"] + rest["data"], rest["next"]) == (found, None)
    for query, count in (({"account_id": owner.account_id}, 3), ({"kind": "card_testing"}, 1), ({"action": "note"}, 2)):
        answer = await reader.client.get("/admin/signals", params=query)
        assert len(answer.json()["data"]) == count, query
    rules = (await reader.client.get("/admin/signals/rules")).json()
    assert {"signal", "threshold", "window_minutes", "action", "least"} == rules[0].keys()
    assert len(rules) == len(control.services.policy.risk.rules)
