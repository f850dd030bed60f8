"""Withdrawals over the control API: two people above the limit, money that leaves once and can come back."""

import asyncio
from typing import Any
from uuid import uuid4

from tests.support.aftersale import DOLLAR, balance, pay, value
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.postgres import TestDatabase

from farebox.accounts import service as accounts
from farebox.domain.policies.money import WithdrawalPolicy
from farebox.domain.policy import Policy

ALWAYS = Policy(withdrawal=WithdrawalPolicy(allowed="always", migration="always", two_people_above="50"))
TO_BANK = {"kind": "payout", "destination": "IBAN DE02 1203 0000 0000 2020 51"}


async def rich(control: RunningControl) -> SignedIn:
    """An owner whose account has paid 100 dollars."""
    owner = await control.member()
    assert owner.account_id is not None
    await pay(control, owner.account_id)
    return owner


async def ask(owner: SignedIn, amount: str, **more: Any) -> Any:
    return await owner.client.post("/api/withdrawals", json={**TO_BANK, "amount": amount, **more})


async def test_above_the_limit_two_people_approve(database: TestDatabase) -> None:
    """Neither the same operator twice nor who filed it, nor a program; then the credit is gone, once."""
    async with running_control(database, ALWAYS) as control:
        owner = await rich(control)
        assert owner.account_id is not None
        first, second, third = [await control.operator("money:write") for _ in range(3)]
        filed = await first.client.post(
            "/admin/withdrawals", json={**TO_BANK, "amount": "60", "account_id": str(owner.account_id)}
        )
        assert filed.status_code == 201, filed.text
        path = f"/admin/withdrawals/{filed.json()['id']}"
        own = await first.client.post(f"{path}/approve", json={})
        assert (own.status_code, own.json()["code"]) == (403, "own_request")
        half = await second.client.post(f"{path}/approve", json={})
        assert (half.status_code, half.json()["state"]) == (200, "seconding"), half.text
        twice = await second.client.post(f"{path}/approve", json={})
        assert (twice.status_code, twice.json()["code"]) == (403, "two_people")
        assert await balance(control, owner.account_id) == 100 * DOLLAR
        done = await third.client.post(f"{path}/approve", json={})
        assert (done.json()["state"], done.json()["paid_minor"]) == ("approved", 6_000), done.text
        assert done.json()["approved_by"] != done.json()["seconded_by"]
        assert await balance(control, owner.account_id) == 40 * DOLLAR


async def test_approvals_at_once_pay_out_once(database: TestDatabase) -> None:
    """Below the limit one operator is enough, and of several at once one has done it."""
    async with running_control(database, ALWAYS) as control:
        owner = await rich(control)
        assert owner.account_id is not None
        asked = (await ask(owner, "30")).json()
        assert (await ask(owner, "30")).json()["code"] == "already_open"
        staff = [await control.operator("money:write") for _ in range(4)]
        path = f"/admin/withdrawals/{asked['id']}"
        answers = await asyncio.gather(*(each.client.post(f"{path}/approve", json={}) for each in staff))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
        assert await balance(control, owner.account_id) == 70 * DOLLAR
        paid = await staff[0].client.post(f"{path}/paid", json={"reference": "BANK-1"})
        assert (paid.json()["state"], paid.json()["payout_ref"]) == ("done", "BANK-1")
        refused = await owner.client.post(f"/api/withdrawals/{asked['id']}/cancel")
        assert (refused.status_code, refused.json()["code"]) == (409, "already_decided")
        again = (await ask(owner, "30")).json()
        assert (await staff[0].client.post(f"/admin/withdrawals/{again['id']}/approve", json={})).status_code == 200
        used = await staff[0].client.post(f"/admin/withdrawals/{again['id']}/paid", json={"reference": "bank-1"})
        assert (used.status_code, used.json()["code"]) == (409, "reference_used")
        back = await staff[0].client.post(f"/admin/withdrawals/{again['id']}/give-back", json={"note": "wrong IBAN"})
        assert (back.status_code, back.json()["state"]) == (200, "failed"), back.text
        assert await balance(control, owner.account_id) == 70 * DOLLAR
        offered = (await owner.client.get("/api/refunds/refundable")).json()["data"]
        assert offered[0]["refundable"] == "70"
        told = await value(
            control, "SELECT array_agg(facts->>'decision' ORDER BY id) FROM mail WHERE kind = 'withdrawal_decided'"
        )
        assert told == ["approved", "approved", "returned"]


async def test_a_balance_moves_to_another_account(database: TestDatabase) -> None:
    """Once approved it is there at once; to itself, to nobody, or to people whom one does not belong to, it cannot go.

    An operator may file what the customer may not ask for.
    """
    async with running_control(database, ALWAYS) as control:
        owner, other, stranger = await rich(control), await control.member(), await control.member()
        assert owner.account_id is not None
        assert other.account_id is not None
        async with control.services.pool.acquire() as connection:
            belong = "INSERT INTO member (account_id, person_id, role) VALUES ($1, $2, 'billing')"
            await connection.execute(belong, other.account_id, owner.person_id)
        move = {"kind": "migration", "amount": "20"}
        for target in (owner.account_id, uuid4(), stranger.account_id):
            refused = await owner.client.post("/api/withdrawals", json={**move, "to_account_id": str(target)})
            assert (refused.status_code, refused.json()["code"]) == (409, "no_such_account")
        by_mail = {**move, "account_id": str(owner.account_id), "to_account_id": str(stranger.account_id)}
        clerk = await control.operator("money:write")
        filed = await clerk.client.post("/admin/withdrawals", json=by_mail)
        assert filed.status_code == 201, filed.text
        assert (await owner.client.post(f"/api/withdrawals/{filed.json()['id']}/cancel")).status_code == 200
        asked = await owner.client.post("/api/withdrawals", json={**move, "to_account_id": str(other.account_id)})
        assert asked.status_code == 201, asked.text
        staff = await control.operator("money:write")
        done = await staff.client.post(f"/admin/withdrawals/{asked.json()['id']}/approve", json={})
        assert (done.status_code, done.json()["state"]) == (200, "done"), done.text
        assert await balance(control, owner.account_id) == 80 * DOLLAR
        assert await balance(control, other.account_id) == 20 * DOLLAR
        assert (await other.client.get(f"/api/withdrawals/{asked.json()['id']}")).status_code == 404
        # Credit does not shake off a chargeback by moving on: while its origin owes, it is not paid out.
        async with control.services.pool.acquire() as connection:
            await connection.execute("INSERT INTO receivable (account_id, owed_nano) VALUES ($1, 1)", owner.account_id)
        payout = await ask(other, "20")
        assert payout.status_code == 201, payout.text
        tainted = await staff.client.post(f"/admin/withdrawals/{payout.json()['id']}/approve", json={})
        assert (tainted.status_code, tainted.json()["code"]) == (409, "origin_disputed")


async def test_where_only_frozen_balances_leave(database: TestDatabase) -> None:
    """An active account is refused, a frozen one asks; by default nobody can, and given credit never leaves."""
    policy = Policy(withdrawal=WithdrawalPolicy(allowed="frozen"))
    async with running_control(database, policy) as control:
        owner = await rich(control)
        assert owner.account_id is not None
        assert (await ask(owner, "10")).json()["code"] == "not_offered"
        async with control.services.pool.acquire() as connection:
            await accounts.freeze(connection, owner.account_id, "dormant")
        await control.credit(owner.account_id, 5 * DOLLAR)
        assert (await ask(owner, "101")).json()["code"] == "more_than_payable"
        assert (await ask(owner, "100")).status_code == 201
        moved = await owner.client.post(
            "/api/withdrawals", json={"kind": "migration", "amount": "1", "to_account_id": str(uuid4())}
        )
        assert moved.json()["code"] == "not_offered"
        assert (await ask(owner, "0")).status_code == 422
        assert (await ask(owner, "1", destination="")).status_code == 422
        assert await value(control, "SELECT count(*) FROM withdrawal") == 1


async def test_withdrawals_of_others_are_as_good_as_missing(database: TestDatabase) -> None:
    """Another account's withdrawal is neither seen nor cancelled; only owners ask."""
    async with running_control(database, ALWAYS) as control:
        owner, stranger = await rich(control), await control.member()
        developer = await control.member("developer", account_id=owner.account_id)
        assert (await ask(developer, "1")).status_code == 403
        theirs = (await ask(owner, "10")).json()["id"]
        for method, path in (("GET", ""), ("POST", "/cancel")):
            found = await stranger.client.request(method, f"/api/withdrawals/{theirs}{path}")
            missing = await stranger.client.request(method, f"/api/withdrawals/{uuid4()}{path}")
            assert (found.status_code, found.json()) == (404, missing.json())
        assert (await owner.client.post(f"/api/withdrawals/{theirs}/cancel")).json()["state"] == "cancelled"


async def test_what_could_be_withdrawn_is_said_before(database: TestDatabase) -> None:
    """What was bought and is left, and what would be paid for it; nothing where the rules allow nothing."""
    async with running_control(database, ALWAYS) as control:
        owner = await rich(control)
        assert (await ask(owner, "30")).status_code == 201
        offered = (await owner.client.get("/api/withdrawals/offer")).json()
        assert offered == {
            "payout": True,
            "migration": True,
            "payable": [{"currency": "USD", "amount": "100", "paid_minor": 10_000}],
            "movable": "100",
        }
    only_frozen = Policy(withdrawal=WithdrawalPolicy(allowed="frozen"))
    async with running_control(database, only_frozen) as control:
        again = await control.member()
        nothing = {"payout": False, "migration": False, "payable": [], "movable": "0"}
        assert (await again.client.get("/api/withdrawals/offer")).json() == nothing
        assert again.account_id is not None
        async with control.services.pool.acquire() as connection:
            await accounts.freeze(connection, again.account_id, "dormant")
        frozen = (await again.client.get("/api/withdrawals/offer")).json()
        assert (frozen["payout"], frozen["migration"]) == (True, False)
