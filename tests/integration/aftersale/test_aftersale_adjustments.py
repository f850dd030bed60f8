"""Adjustments over the control API: once, never more than the charge, within the window."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.support.aftersale import DOLLAR, balance, pay, spend, value
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase

from farebox.domain.calendar import due_after
from farebox.domain.policies.conduct import CalendarPolicy
from farebox.domain.policies.money import AdjustmentPolicy
from farebox.domain.policy import Policy


async def charged(control: RunningControl, dollars: int = 10) -> tuple[SignedIn, UUID, UUID]:
    """A member with 100 dollars paid, and a job that was charged so many of them."""
    member = await control.member()
    assert member.account_id is not None
    await pay(control, member.account_id)
    return member, member.account_id, await spend(control, member.account_id, dollars * DOLLAR)


async def ask(member: SignedIn, job_id: UUID, **more: Any) -> Any:
    return await member.client.post(
        "/api/adjustments", json={"job_id": str(job_id), "description": "The answer was cut off.", **more}
    )


async def test_two_approvals_at_once_give_back_once(database: TestDatabase) -> None:
    """Of two operators who approve in the same moment, one does it and the other is told so."""
    async with running_control(database) as control:
        member, account_id, job_id = await charged(control)
        asked = (await ask(member, job_id, amount="4")).json()
        staff = [await control.operator("money:write") for _ in range(4)]
        answers = await asyncio.gather(
            *(each.client.post(f"/admin/adjustments/{asked['id']}/approve", json={}) for each in staff)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        assert await balance(control, account_id) == 94 * DOLLAR
        shown = (await member.client.get(f"/api/adjustments/{asked['id']}")).json()
        assert (shown["state"], shown["approved"]) == ("approved", "4")
        facts = await value(control, "SELECT facts FROM mail WHERE kind = 'adjustment_decided'")
        assert (facts["decision"], facts["amount"], facts["job_id"]) == ("approved", "4", str(job_id))


async def test_never_more_than_the_charge_comes_back(database: TestDatabase) -> None:
    """Not by one request, nor by several one after the other, nor by an approval of more than was asked for."""
    async with running_control(database) as control:
        member, account_id, job_id = await charged(control)
        staff = await control.operator("money:write")
        assert (await ask(member, job_id, amount="10.000000001")).json()["code"] == "more_than_charged"
        first = (await ask(member, job_id, amount="6")).json()
        assert (await ask(member, job_id)).json()["code"] == "already_open"
        too_much = await staff.client.post(f"/admin/adjustments/{first['id']}/approve", json={"amount": "11"})
        assert (too_much.status_code, too_much.json()["code"]) == (409, "more_than_charged")
        assert (await staff.client.post(f"/admin/adjustments/{first['id']}/approve", json={})).status_code == 200
        second = (await ask(member, job_id)).json()
        reviewed = await staff.client.post(f"/admin/adjustments/{second['id']}/approve", json={})
        assert (reviewed.json()["approved"], reviewed.json()["charge"]["given_back"]) == ("4", "10")
        assert (await ask(member, job_id)).json()["code"] == "nothing_charged"
        assert await balance(control, account_id) == 100 * DOLLAR


async def test_the_window_counts_from_the_call(database: TestDatabase) -> None:
    """After it a customer is refused; a mail that came within it is filed by an operator, due from when it came."""
    policy = Policy(adjustment=AdjustmentPolicy(window_days=0))
    async with running_control(database, policy) as control:
        member, account_id, job_id = await charged(control)
        staff = await control.operator("money:write")
        late = await ask(member, job_id)
        assert (late.status_code, late.json()["code"]) == (409, "too_late")
        finished_at = await value(control, "SELECT finished_at FROM job")
        mail = {"job_id": str(job_id), "account_id": str(account_id), "description": "by mail"}
        for asked_at, code in (
            ((finished_at + timedelta(days=1)).isoformat(), "in_the_future"),
            (datetime.now(UTC).isoformat(), "too_late"),
            ("0001-01-01T00:00:00+14:00", "before_the_call"),
        ):
            refused = await staff.client.post("/admin/adjustments", json={**mail, "asked_at": asked_at})
            assert refused.json()["code"] == code
        filed = await staff.client.post("/admin/adjustments", json={**mail, "asked_at": finished_at.isoformat()})
        assert (filed.status_code, filed.json()["requested_by"]) == (201, None), filed.text
        due_at = datetime.fromisoformat(filed.json()["due_at"])
        assert due_at == due_after(finished_at, 2, CalendarPolicy())
        assert (await member.client.get(f"/api/adjustments/{filed.json()['id']}")).status_code == 200


async def test_a_declined_or_withdrawn_request_gives_nothing(database: TestDatabase) -> None:
    """A decline needs a reason that the customer reads; what is withdrawn cannot be approved any more."""
    async with running_control(database) as control:
        member, account_id, job_id = await charged(control)
        staff = await control.operator("money:write")
        first = (await ask(member, job_id)).json()
        assert (await staff.client.post(f"/admin/adjustments/{first['id']}/decline", json={})).status_code == 422
        declined = await staff.client.post(f"/admin/adjustments/{first['id']}/decline", json={"note": "It was whole."})
        assert (declined.status_code, declined.json()["state"]) == (200, "declined")
        second = (await ask(member, job_id)).json()
        assert (await member.client.post(f"/api/adjustments/{second['id']}/withdraw")).json()["state"] == "withdrawn"
        refused = await staff.client.post(f"/admin/adjustments/{second['id']}/approve", json={})
        assert (refused.status_code, refused.json()["code"]) == (409, "already_decided")
        assert await balance(control, account_id) == 90 * DOLLAR
        actions = await value(control, "SELECT array_agg(action ORDER BY id) FROM audit WHERE action LIKE 'adj%'")
        assert actions == ["adjustment.ask", "adjustment.decline", "adjustment.ask", "adjustment.withdraw"]


async def test_jobs_and_requests_of_others_are_as_good_as_missing(database: TestDatabase) -> None:
    """Another account's job cannot be disputed, its requests neither seen nor withdrawn."""
    async with running_control(database) as control:
        member, _, job_id = await charged(control)
        stranger = await control.member()
        theirs = (await ask(member, job_id)).json()["id"]
        assert (await ask(stranger, job_id)).json() == (await ask(stranger, uuid4())).json()
        assert (await ask(stranger, job_id)).status_code == 404
        for method, path in (("GET", ""), ("POST", "/withdraw")):
            found = await stranger.client.request(method, f"/api/adjustments/{theirs}{path}")
            missing = await stranger.client.request(method, f"/api/adjustments/{uuid4()}{path}")
            assert (found.status_code, found.json()) == (404, missing.json())
        assert await value(control, "SELECT state FROM adjustment_request") == "open"
