"""Closing accounts over the control API: running jobs first, then return or forfeiture by policy and decision."""

import asyncio
from uuid import UUID

import pytest
from tests.support.aftersale import DOLLAR, balance, books, pay, value
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.payment_facts import about, paid
from tests.support.postgres import TestDatabase
from tests.support.posting import hold

from farebox.aftersale import closing
from farebox.aftersale.desk import Desk
from farebox.audit.record import system
from farebox.domain.policies.money import ChargebackPolicy, ClosingPolicy, WithdrawalPolicy
from farebox.domain.policy import Policy
from farebox.payments import recharge_store
from farebox.payments.fact import DisputeTold
from farebox.payments.merging import apply_fact
from farebox.worker.closings import Closings

WISH = {"confirm": "close this account", "reason": "We are done."}


def desk(control: RunningControl) -> Desk:
    services = control.services
    return Desk(services.policy, services.ledger, services.ids)


async def rich(control: RunningControl) -> SignedIn:
    """An owner whose account has paid 100 dollars and was given 5."""
    owner = await control.member()
    assert owner.account_id is not None
    await pay(control, owner.account_id)
    await control.credit(owner.account_id, 5 * DOLLAR)
    return owner


async def test_open_holds_settle_before_anything_is_decided(database: TestDatabase) -> None:
    """Keys are off at once; what runs goes on; then bought credit goes back to its source and given credit ends."""
    async with running_control(database) as control:
        owner = await rich(control)
        assert owner.account_id is not None
        assert (await owner.client.post("/api/keys", json={})).status_code == 201
        async with control.services.pool.acquire() as connection, connection.transaction():
            await hold(connection, control.services.ids, owner.account_id, 20 * DOLLAR)
        assert (await owner.client.post("/api/closing", json={"confirm": "yes"})).status_code == 422
        begun = await owner.client.post("/api/closing", json=WISH)
        assert (begun.status_code, begun.json()["state"]) == (201, "settling"), begun.text
        assert (await owner.client.post("/api/closing", json=WISH)).json()["code"] == "already_closed"
        assert await value(control, "SELECT status FROM api_key") == "revoked"
        staff = [await control.operator("money:write") for _ in range(3)]
        path = f"/admin/closings/{begun.json()['id']}"
        early = await staff[0].client.post(f"{path}/decide", json={"treatment": "return"})
        assert (early.status_code, early.json()["code"]) == (409, "not_to_decide")
        async with control.services.pool.acquire() as connection, connection.transaction():
            await connection.execute("DELETE FROM hold")
            await connection.execute("UPDATE account SET held_nano = 0, open_jobs = 0")
        assert (await staff[0].client.post(f"{path}/decide", json={"treatment": "forfeit", "note": "no"})).json()[
            "code"
        ] == "not_allowed"
        answers = await asyncio.gather(
            *(each.client.post(f"{path}/decide", json={"treatment": "return"}) for each in staff)
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409], [each.text for each in answers]
        assert await balance(control, owner.account_id) == 0
        assert await value(control, "SELECT sum(gross_minor) FROM payment_refund") == 10_000
        shown = (await owner.client.get("/api/closing")).json()
        assert (shown["state"], shown["returned"], shown["forfeited"]) == ("done", "100", "5")
        assert await value(control, "SELECT count(*) FROM mail WHERE kind = 'account_closed'") == 1


async def test_what_cannot_go_to_its_source_becomes_a_withdrawal(database: TestDatabase) -> None:
    """A disputed payment's credit waits: the payout is asked for, and approved once the dispute is decided."""
    policy = Policy(
        chargeback=ChargebackPolicy(freeze=False, claw_back=False), withdrawal=WithdrawalPolicy(two_people_above="50")
    )
    async with running_control(database, policy) as control:
        owner = await control.member()
        assert owner.account_id is not None
        payment = await pay(control, owner.account_id)
        assert payment.recharge_id is not None
        async with control.services.pool.acquire() as connection:
            recharge = await recharge_store.load(connection, payment.recharge_id)
            assert recharge is not None
            fact = paid(recharge)
            dispute = DisputeTold(ref="dp_1", gross_minor=10_000, state="inquiry")
            await apply_fact(connection, books(control), about(fact, dispute=dispute))
        begun = (await owner.client.post("/api/closing", json=WISH)).json()
        assert begun["state"] == "deciding"
        staff = await control.operator("money:write")
        decided = await staff.client.post(f"/admin/closings/{begun['id']}/decide", json={"treatment": "return"})
        assert (decided.status_code, decided.json()["state"]) == (200, "returning"), decided.text
        (queued,) = (await staff.client.get("/admin/withdrawals")).json()["data"]
        assert (queued["closing_id"], queued["amount"], queued["currency"]) == (begun["id"], "100", "USD")
        path = f"/admin/withdrawals/{queued['id']}"
        assert (await staff.client.post(f"{path}/approve", json={})).json()["code"] == "dispute_open"
        async with control.services.pool.acquire() as connection:
            over = DisputeTold(ref="dp_1", gross_minor=10_000, state="inquiry_closed")
            await apply_fact(connection, books(control), about(fact, dispute=over))
        assert (await staff.client.post(f"{path}/approve", json={})).json()["state"] == "seconding"
        other = await control.operator("money:write")
        assert (await other.client.post(f"{path}/approve", json={})).json()["state"] == "approved"
        assert (await other.client.post(f"{path}/paid", json={"reference": "B-1"})).status_code == 200
        async with control.services.pool.acquire() as connection:
            after = await closing.advance(connection, desk(control), UUID(begun["id"]))
        assert after.state == "done"
        assert await balance(control, owner.account_id) == 0


@pytest.mark.parametrize(
    ("rule", "choices"),
    [("return", ["return"]), ("may_forfeit", ["return", "forfeit"]), ("forfeit", ["forfeit"])],
)
async def test_a_breach_costs_what_the_policy_says(database: TestDatabase, rule: str, choices: list[str]) -> None:
    """A forfeiture is an operator's decision with a reason, in the trail, and only where the policy has it."""
    policy = Policy(closing=ClosingPolicy(with_breach=rule))  # type: ignore[arg-type] - of the parameters above
    async with running_control(database, policy) as control:
        owner = await rich(control)
        assert owner.account_id is not None
        staff = await control.operator("money:write", "accounts:write")
        wish = {"account_id": str(owner.account_id), "has_breach": True, "reason": "Keys were resold."}
        begun = (await staff.client.post("/admin/closings", json=wish)).json()
        assert (begun["state"], begun["choices"]) == ("deciding", choices)
        path = f"/admin/closings/{begun['id']}/decide"
        if "forfeit" not in choices:
            assert (await staff.client.post(path, json={"treatment": "forfeit", "note": "x"})).status_code == 409
            return
        assert (await staff.client.post(path, json={"treatment": "forfeit"})).json()["code"] == "reason_missing"
        done = await staff.client.post(path, json={"treatment": "forfeit", "note": "Material breach."})
        assert (done.json()["state"], done.json()["forfeited"]) == ("done", "105"), done.text
        assert await balance(control, owner.account_id) == 0
        assert await value(control, "SELECT sum(amount_nano)::bigint FROM entry WHERE book = 'breakage'") == (
            100 * DOLLAR
        )
        reason = await value(control, "SELECT reason FROM audit WHERE action = 'closing.forfeit'")
        assert reason == "Material breach."


async def test_who_an_account_was_is_erased_after_its_time(database: TestDatabase) -> None:
    """Contact, people who were members of nothing else, and addresses in requests; the money records stay."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        await owner.client.post("/api/support", json={"subject": "s", "message": "m"})
        begun = (await owner.client.post("/api/closing", json=WISH)).json()
        assert begun["state"] == "done"
        async with control.services.pool.acquire() as connection:
            await closing.erase(connection, desk(control), UUID(begun["id"]), system("closing"))
        contact = await value(control, "SELECT email FROM account_contact WHERE account_id = $1", owner.account_id)
        assert contact == ""
        assert await value(control, "SELECT status FROM person WHERE id = $1", owner.person_id) == "erased"
        assert await value(control, "SELECT email FROM support_request") == ""
        assert await value(control, "SELECT erased_at IS NOT NULL FROM closing")
        assert (await owner.client.get("/api/closing")).status_code == 401


async def test_money_that_arrives_after_the_end_is_decided_on(database: TestDatabase) -> None:
    """A payment that was under way is credited and returned as well; nothing stays on a closed account."""
    async with running_control(database) as control:
        owner = await control.member()
        assert owner.account_id is not None
        begun = (await owner.client.post("/api/closing", json=WISH)).json()
        assert begun["state"] == "done"
        await pay(control, owner.account_id)
        services = control.services
        async with services.pool.acquire() as connection:
            await Closings(desk(control), services.logger).work(connection)
        staff = await control.operator("money:write", "accounts:read")
        (queued,) = (await staff.client.get("/admin/closings", params={"state": "deciding"})).json()["data"]
        decided = await staff.client.post(f"/admin/closings/{queued['id']}/decide", json={"treatment": "return"})
        assert (decided.json()["state"], decided.json()["returned"]) == ("done", "100"), decided.text
        assert await balance(control, owner.account_id) == 0


async def test_only_the_owner_closes_an_account(database: TestDatabase) -> None:
    """Not a developer, nor an operator without a fresh second factor; nothing is changed."""
    async with running_control(database) as control:
        owner = await rich(control)
        developer = await control.member("developer", account_id=owner.account_id)
        assert (await developer.client.post("/api/closing", json=WISH)).status_code == 403
        stale = await control.operator("accounts:write", proved=False)
        wish = {"account_id": str(owner.account_id), "has_breach": True, "reason": "x"}
        assert (await stale.client.post("/admin/closings", json=wish)).status_code == 403
        assert (await owner.client.get("/api/closing")).status_code == 404
        assert await value(control, "SELECT status FROM account WHERE id = $1", owner.account_id) == "active"
