"""Refund requests over the control API: the facts, one decision, never more than is unspent, duplicates."""

import asyncio
from typing import Any
from uuid import uuid4

from tests.support.aftersale import DOLLAR, balance, books, pay, spend, value
from tests.support.control import RunningControl, SignedIn, running_control
from tests.support.payment_facts import about, paid
from tests.support.postgres import TestDatabase
from tests.support.posting import charge, hold

from farebox.domain.policies.money import RefundPolicy
from farebox.domain.policy import Policy
from farebox.ledger.store import lock_purse
from farebox.payments import recharge_store
from farebox.payments.fact import DisputeTold
from farebox.payments.merging import apply_fact
from farebox.payments.payment import Payment

# It was free for the customer, and not for us.
A_FAILED_CALL = """
INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at, finished_at,
                 rate_card_id, factor_ppm, hold_nano, cost_nano, input_hash)
SELECT account_id, $1, key_id, 'voided', 'provider_error', endpoint, model, stream, created_at, finished_at,
       rate_card_id, factor_ppm, hold_nano, 7000000000, input_hash
FROM job
"""


async def buyer(control: RunningControl, **terms: Any) -> tuple[SignedIn, Payment]:
    """A member whose account has paid 100 dollars."""
    member = await control.member()
    assert member.account_id is not None
    return member, await pay(control, member.account_id, **terms)


async def paid_again(control: RunningControl, payment: Payment) -> Payment:
    """A second payment of the same recharge."""
    assert payment.recharge_id is not None
    async with control.services.pool.acquire() as connection:
        recharge = await recharge_store.load(connection, payment.recharge_id)
        assert recharge is not None
        await apply_fact(connection, books(control), paid(recharge, f"{payment.ref}_again"))
        row = await connection.fetchrow("SELECT * FROM payment WHERE ref = $1", f"{payment.ref}_again")
    assert row is not None
    return Payment(**row)


async def ask(member: SignedIn, payment: Payment, **more: Any) -> Any:
    return await member.client.post("/api/refunds", json={"payment_id": str(payment.id), **more})


async def test_the_reviewer_sees_the_facts_and_gives_back_what_is_unused(database: TestDatabase) -> None:
    """What jobs have used or hold stays; the rest goes to its source, once, whoever approves at the same time."""
    async with running_control(database) as control:
        member, payment = await buyer(control)
        assert member.account_id is not None
        await spend(control, member.account_id, 30 * DOLLAR)
        async with control.services.pool.acquire() as connection, connection.transaction():
            await hold(connection, control.services.ids, member.account_id, 20 * DOLLAR)
            await connection.execute(A_FAILED_CALL, control.services.ids.new())
        (offered,) = (await member.client.get("/api/refunds/refundable")).json()["data"]
        assert (offered["refundable"], offered["refundable_minor"]) == ("50", 5000)
        asked = await ask(member, payment)
        assert asked.status_code == 201, asked.text
        staff = [await control.operator("money:write") for _ in range(3)]
        path = f"/admin/refund-requests/{asked.json()['id']}"
        seen = (await staff[0].client.get(path)).json()
        assert (seen["payment"]["used"], seen["payment"]["refundable"]) == ("50", "50")
        assert (seen["account"]["charged"], seen["account"]["provider_cost"], seen["account"]["held"]) == (
            "30",
            "7",
            "20",
        )
        assert [lot["remaining"] for lot in seen["lots"]] == ["70"]
        answers = await asyncio.gather(*(each.client.post(f"{path}/approve", json={}) for each in staff))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409], [each.text for each in answers]
        assert await value(control, "SELECT balance_nano FROM account WHERE id = $1", member.account_id) == 20 * DOLLAR
        assert await value(control, "SELECT sum(gross_minor) FROM payment_refund") == 5000
        shown = (await member.client.get(f"/api/refunds/{asked.json()['id']}")).json()
        assert (shown["state"], shown["outcome"], shown["approved"]) == ("approved", "source", "50")
        facts = await value(control, "SELECT facts FROM mail WHERE kind = 'refund_decided'")
        assert (facts["amount"], facts["unit"], facts["decision"]) == ("50", "USD", "approved")


async def test_a_refund_never_yields_more_than_jobs_leave(database: TestDatabase) -> None:
    """Approved in the same moment in which jobs spend: spent and refunded together are what was paid."""
    async with running_control(database) as control:
        member, payment = await buyer(control)
        assert member.account_id is not None
        asked = (await ask(member, payment)).json()
        staff = await control.operator("money:write")

        async def spend_some() -> None:
            for _ in range(8):
                await spend_if_there(control, member, 3 * DOLLAR)

        _, answer = await asyncio.gather(
            spend_some(), staff.client.post(f"/admin/refund-requests/{asked['id']}/approve", json={})
        )
        assert answer.status_code == 200, answer.text
        left = await balance(control, member.account_id)
        charged = await value(control, "SELECT coalesce(sum(charge_nano), 0)::bigint FROM job")
        refunded = await value(control, "SELECT sum(gross_minor) FROM payment_refund") * 10**7
        assert left + charged + refunded == 100 * DOLLAR


async def test_a_payment_made_twice_goes_as_the_customer_prefers(database: TestDatabase) -> None:
    """As credit or back to its source; a request for the one that was credited is not about a duplicate."""
    async with running_control(database) as control:
        member, first = await buyer(control)
        again = await paid_again(control, first)
        assert again.problem == "duplicate"
        assert (await ask(member, first, prefers="credit")).json()["code"] == "credit_already"
        asked = await ask(member, again, prefers="credit")
        assert (asked.status_code, asked.json()["kind"]) == (201, "duplicate"), asked.text
        staff = await control.operator("money:write")
        done = await staff.client.post(f"/admin/refund-requests/{asked.json()['id']}/approve", json={})
        assert (done.status_code, done.json()["outcome"], done.json()["approved"]) == (200, "credit", "100"), done.text
        assert await balance(control, again.account_id) == 200 * DOLLAR  # type: ignore[arg-type]

        other, second = await buyer(control)
        twice = await paid_again(control, second)
        to_source = (await ask(other, twice)).json()
        done = await staff.client.post(f"/admin/refund-requests/{to_source['id']}/approve", json={})
        assert (done.status_code, done.json()["outcome"]) == (200, "source"), done.text
        assert await balance(control, twice.account_id) == 100 * DOLLAR  # type: ignore[arg-type]
        assert await value(control, "SELECT gross_minor FROM payment_refund") == 10_000


async def test_abuse_and_disputes_come_first(database: TestDatabase) -> None:
    """While a dispute or a risk case is open nothing goes back; declined, the customer reads why."""
    async with running_control(database) as control:
        member, payment = await buyer(control)
        asked = (await ask(member, payment)).json()
        staff = await control.operator("money:write")
        approve = f"/admin/refund-requests/{asked['id']}/approve"
        async with control.services.pool.acquire() as connection:
            case_id = control.services.ids.new()
            await connection.execute(
                "INSERT INTO review_case (id, kind, subject, account_id) VALUES ($1, 'risk', 'x', $2)",
                case_id,
                member.account_id,
            )
            assert (await staff.client.post(approve, json={})).json()["code"] == "risk_case_open"
            await connection.execute("UPDATE review_case SET status = 'closed'")
            recharge = await recharge_store.load(connection, payment.recharge_id)  # type: ignore[arg-type]
            assert recharge is not None
            dispute = DisputeTold(ref="dp_1", gross_minor=10_000, state="open")
            await apply_fact(connection, books(control), about(paid(recharge), dispute=dispute))
        assert (await staff.client.post(approve, json={})).status_code == 409
        seen = (await staff.client.get(f"/admin/refund-requests/{asked['id']}")).json()
        assert (seen["payment"]["has_open_dispute"], seen["account"]["disputes"]) == (True, 1)
        declined = await staff.client.post(
            f"/admin/refund-requests/{asked['id']}/decline", json={"note": "The payment is disputed."}
        )
        assert (declined.status_code, declined.json()["note"]) == (200, "The payment is disputed.")


async def test_what_the_rules_do_not_refund_cannot_be_asked_for(database: TestDatabase) -> None:
    """At the operator's discretion only an operator files; where nothing is refundable, not even that."""
    for rule, filed_status in (("discretion", 201), ("none", 409)):
        policy = Policy(refund=RefundPolicy(unused=rule))  # type: ignore[arg-type]
        async with running_control(database, policy) as control:
            member, payment = await buyer(control)
            refused = await ask(member, payment)
            assert (refused.status_code, refused.json()["code"]) == (409, "not_refundable")
            staff = await control.operator("money:write")
            filed = await staff.client.post(
                "/admin/refund-requests", json={"payment_id": str(payment.id), "account_id": str(member.account_id)}
            )
            assert filed.status_code == filed_status, filed.text


async def test_payments_and_requests_of_others_are_as_good_as_missing(database: TestDatabase) -> None:
    """Another account's payment cannot be asked back, its requests neither seen nor withdrawn; nothing changes."""
    async with running_control(database) as control:
        member, payment = await buyer(control)
        stranger = await control.member()
        theirs = (await ask(member, payment)).json()["id"]
        found = await ask(stranger, payment)
        missing = await stranger.client.post("/api/refunds", json={"payment_id": str(uuid4())})
        assert (found.status_code, found.json()) == (404, missing.json())
        for method, path in (("GET", ""), ("POST", "/withdraw")):
            found = await stranger.client.request(method, f"/api/refunds/{theirs}{path}")
            missing = await stranger.client.request(method, f"/api/refunds/{uuid4()}{path}")
            assert (found.status_code, found.json()) == (404, missing.json())
        assert await value(control, "SELECT state FROM refund_request") == "open"
        not_fresh = await control.operator("money:write", proved=False)
        refused = await not_fresh.client.post(f"/admin/refund-requests/{theirs}/approve", json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")


async def spend_if_there(control: RunningControl, member: SignedIn, nano: int) -> None:
    """A job under the account's lock, as the till does it; none when the credit is not there any more."""
    assert member.account_id is not None
    async with control.services.pool.acquire() as connection, connection.transaction():
        purse = await lock_purse(connection, member.account_id)
        if purse.spendable_nano >= nano:
            await charge(connection, control.services.ids, member.account_id, nano)
