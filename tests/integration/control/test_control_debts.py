"""Debts that an operator gives up: with a fresh second factor, once, never more than is owed, in the trail."""

from uuid import uuid4

from tests.support.aftersale import DOLLAR, balance, books, pay, spend, value
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.payment_facts import NOON
from tests.support.postgres import TestDatabase

from farebox.payments.fact import DisputeTold, PaymentFact
from farebox.payments.merging import apply_fact


async def debtor(control: RunningControl) -> SignedIn:
    """Has spent 60 of 100 dollars, all of which the bank has taken back."""
    owner = await control.member()
    assert owner.account_id is not None
    payment = await pay(control, owner.account_id)
    await spend(control, owner.account_id, 60 * DOLLAR)
    dispute = DisputeTold(ref="dp_1", gross_minor=payment.gross_minor, state="open")
    fact = PaymentFact(provider="stripe", mode=payment.mode, occurred_at=NOON, payment_ref=payment.ref, dispute=dispute)
    async with control.services.pool.acquire() as connection:
        await apply_fact(connection, books(control), fact)
    return owner


async def test_a_debt_is_given_up_once_and_never_more_than_it_is(database: TestDatabase) -> None:
    """The same key again changes nothing; the customer sees what is left; the trail has both debts."""
    async with running_control(database) as control:
        owner, staff = await debtor(control), await control.operator("money:write")
        path = f"/admin/accounts/{owner.account_id}/forgive"
        key = {"idempotency-key": uuid4().hex}
        for _ in range(2):
            reply = await staff.client.post(path, json={"amount": "45.5", "reason": "goodwill"}, headers=key)
            assert (reply.status_code, reply.json()["debt"]) == (201, "14.5"), reply.text
        assert (await owner.client.get("/api/credits")).json()["debt"] == "14.5"
        for amount in ("14.6", "0"):
            refused = await staff.client.post(path, json={"amount": amount, "reason": "goodwill"})
            assert (refused.status_code, refused.json()["code"]) == (409, "ledger_refused"), refused.text
        assert (await staff.client.post(path, json={"amount": "14.5", "reason": "goodwill"})).json()["debt"] == "0"
        assert owner.account_id is not None
        assert await balance(control, owner.account_id) == 0
        trail = await value(
            control,
            "SELECT array_agg(array[before->>'debt', after->>'debt'] ORDER BY id)"
            " FROM audit WHERE action = 'account.forgive'",
        )
        assert trail == [["60", "14.5"], ["14.5", "0"]]
        nobody = await staff.client.post(f"/admin/accounts/{uuid4()}/forgive", json={"amount": "1", "reason": "x"})
        assert nobody.status_code == 404


async def test_giving_up_a_debt_is_dangerous(database: TestDatabase) -> None:
    """Neither without a fresh second factor nor without the scope."""
    async with running_control(database) as control:
        owner = await debtor(control)
        path = f"/admin/accounts/{owner.account_id}/forgive"
        for staff, code in (
            (await control.operator("money:write", proved=False), "second_factor_required"),
            (await control.operator("accounts:write"), "scope_missing"),
        ):
            refused = await staff.client.post(path, json={"amount": "1", "reason": "goodwill"})
            assert (refused.status_code, refused.json()["code"]) == (403, code)
        assert (await owner.client.get("/api/credits")).json()["debt"] == "60"
