"""Credit, adjustment, claw-back and expiry against a real database, each followed by every invariant."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.support.postgres import TestDatabase
from tests.support.posting import charge, hold

from farebox.domain.errors import IdempotencyConflict, LedgerError
from farebox.domain.money import MAX_NANO
from farebox.kit.ids import IdSource
from farebox.ledger.posting import Paid
from farebox.ledger.service import Ledger
from farebox.ledger.verify import verify
from farebox.storage.database import Connection, connect

DOLLAR = 10**9


def dollars(amount: int) -> Paid:
    return Paid("stripe", amount * 100, "USD")


async def money(connection: Connection, account_id: UUID) -> tuple[int, int]:
    """Balance and debt in whole dollars, once every invariant has been checked."""
    report = await verify(connection)
    assert report.problems == []
    balance_nano = await connection.fetchval("SELECT balance_nano FROM account WHERE id = $1", account_id)
    owed_nano = await connection.fetchval("SELECT owed_nano FROM receivable WHERE account_id = $1", account_id)
    return balance_nano // DOLLAR, (owed_nano or 0) // DOLLAR


async def books(connection: Connection, txn_id: UUID) -> dict[tuple[str, str, str], int]:
    rows = await connection.fetch("SELECT book, detail, unit, amount_nano FROM entry WHERE txn_id = $1", txn_id)
    return {(row["book"], row["detail"], row["unit"]): row["amount_nano"] // 10**7 for row in rows}


async def test_credit_is_posted_once(connection: Connection, ledger: Ledger, account_id: UUID) -> None:
    """The same key with the same input is a no-op that says so; with other input it is an error and changes nothing."""
    first = await ledger.credit(connection, account_id, 5 * DOLLAR, "paid", "p1", reference="p1", paid=dollars(5))
    again = await ledger.credit(connection, account_id, 5 * DOLLAR, "paid", "p1", reference="p1", paid=dollars(5))
    assert (first.repeated, again.repeated, again.txn_id, again.amount_nano) == (False, True, first.txn_id, 5 * DOLLAR)
    with pytest.raises(IdempotencyConflict):
        await ledger.credit(connection, account_id, 6 * DOLLAR, "paid", "p1", reference="p1", paid=dollars(6))
    assert await money(connection, account_id) == (5, 0)
    assert await books(connection, first.txn_id) == {("customer", "", "USD"): 500, ("wash", "stripe:USD", "USD"): -500}


async def test_a_balance_stays_within_what_the_ledger_can_hold(
    connection: Connection, ledger: Ledger, account_id: UUID
) -> None:
    """Credit that the balance's column could not hold is refused in words, before anything is written."""
    await ledger.credit(connection, account_id, MAX_NANO - 1, "grant", "k1")
    with pytest.raises(LedgerError, match="larger"):
        await ledger.credit(connection, account_id, 2, "grant", "k2")
    await ledger.credit(connection, account_id, 1, "grant", "k2")
    assert await money(connection, account_id) == (MAX_NANO // DOLLAR, 0)


async def test_a_key_of_another_account_is_a_conflict(
    connection: Connection, ledger: Ledger, account_id: UUID, ids: IdSource
) -> None:
    """An idempotency key belongs to one operation on one account."""
    other = ids.new()
    await connection.execute("INSERT INTO account (id) VALUES ($1)", other)
    await ledger.credit(connection, account_id, DOLLAR, "grant", "k")
    with pytest.raises(IdempotencyConflict):
        await ledger.credit(connection, other, DOLLAR, "grant", "k")
    assert await money(connection, other) == (0, 0)


async def test_concurrent_credits_post_once(database: TestDatabase, ledger: Ledger, account_id: UUID) -> None:
    """The same payment told by eight webhooks at once credits once."""
    opened = [await connect(database.app_url, application_name="test-ledger") for _ in range(8)]
    posting = [ledger.credit(one, account_id, DOLLAR, "paid", "p", reference="p", paid=dollars(1)) for one in opened]
    posted = await asyncio.gather(*posting)
    assert sorted(one.repeated for one in posted) == [False] + [True] * 7
    assert await money(opened[0], account_id) == (1, 0)
    for one in opened:
        await one.close()


async def test_another_currency_passes_through_exchange(
    connection: Connection, ids: IdSource, account_id: UUID
) -> None:
    """A recharge of credits paid in euros sums to zero in credits and in euros."""
    posted = await Ledger("credit", ids).credit(
        connection, account_id, 100 * DOLLAR, "paid", "p", reference="p", paid=Paid("creem", 900, "EUR")
    )
    assert await money(connection, account_id) == (100, 0)
    assert await books(connection, posted.txn_id) == {
        ("customer", "", "credit"): 10000,
        ("exchange", "EUR", "credit"): -10000,
        ("exchange", "EUR", "EUR"): 900,
        ("wash", "creem:EUR", "EUR"): -900,
    }


async def test_a_claw_back_takes_what_open_holds_do_not_need(
    connection: Connection, ledger: Ledger, account_id: UUID, ids: IdSource
) -> None:
    """100 paid, 60 spent, 10 held: a dispute takes 30 and makes a debt of 70, which the next credit repays first."""
    await ledger.credit(connection, account_id, 100 * DOLLAR, "paid", "p", reference="p", paid=dollars(100))
    await charge(connection, ids, account_id, 60 * DOLLAR)
    await hold(connection, ids, account_id, 10 * DOLLAR)
    taken: dict[str, Any] = {"reference": "p", "paid": dollars(100)}
    clawed = await ledger.claw_back(connection, account_id, 100 * DOLLAR, "dispute", **taken)
    assert (clawed.amount_nano, clawed.debt_nano) == (-30 * DOLLAR, 70 * DOLLAR)
    assert (await ledger.claw_back(connection, account_id, 100 * DOLLAR, "dispute", **taken)).debt_nano == 70 * DOLLAR
    assert await money(connection, account_id) == (10, 70)
    first = await ledger.credit(connection, account_id, 50 * DOLLAR, "paid", "q", reference="q", paid=dollars(50))
    assert first.repaid_nano == 50 * DOLLAR
    assert await money(connection, account_id) == (10, 20)
    await ledger.credit(connection, account_id, 50 * DOLLAR, "grant", "r")
    assert await money(connection, account_id) == (40, 0)


async def test_no_more_is_taken_back_than_was_credited(
    connection: Connection, ledger: Ledger, account_id: UUID
) -> None:
    """Refund and dispute of one payment together cannot exceed it, nor touch a payment that is not there."""
    await ledger.credit(connection, account_id, 10 * DOLLAR, "paid", "p", reference="p", paid=dollars(10))
    await ledger.claw_back(connection, account_id, 7 * DOLLAR, "refund", reference="p", paid=dollars(7))
    with pytest.raises(LedgerError, match="3 of credit left"):
        await ledger.claw_back(connection, account_id, 7 * DOLLAR, "dispute", reference="p", paid=dollars(7))
    with pytest.raises(LedgerError):
        await ledger.claw_back(connection, account_id, DOLLAR, "other", reference="nothing", paid=dollars(1))
    assert await money(connection, account_id) == (3, 0)


async def test_promotional_credit_that_comes_back_keeps_its_expiry(
    connection: Connection, ledger: Ledger, account_id: UUID, ids: IdSource
) -> None:
    """The latest expiry of the promotional lots that the job can have spent; later promotions do not lengthen it."""
    now = datetime.now(UTC)
    earlier, later = now + timedelta(days=3), now + timedelta(days=9)
    for key, expires_at in (("s", earlier), ("t", later)):
        await ledger.credit(connection, account_id, 5 * DOLLAR, "promo", key, expires_at=expires_at)
    job_id = await charge(connection, ids, account_id, 0, 2 * DOLLAR)
    await ledger.credit(connection, account_id, 5 * DOLLAR, "promo", "u")
    await ledger.adjust(connection, account_id, job_id, 2 * DOLLAR, "a", reason="wrong", operator="o")
    back = await connection.fetch("SELECT kind, expires_at FROM lot WHERE reference = $1", f"job:{job_id}")
    assert [tuple(row) for row in back] == [("promo", later)]


async def test_a_payment_has_a_reference(connection: Connection, ledger: Ledger, account_id: UUID) -> None:
    """An empty reference would match every payment without one: neither credit nor claw-back goes by it."""
    with pytest.raises(LedgerError, match="reference"):
        await ledger.credit(connection, account_id, DOLLAR, "paid", "p", paid=dollars(1))
    await ledger.credit(connection, account_id, DOLLAR, "paid", "q", reference="q", paid=dollars(1))
    for reference in ("", " "):
        with pytest.raises(LedgerError, match="reference"):
            await ledger.claw_back(connection, account_id, DOLLAR, "r", reference=reference, paid=dollars(1))
    assert await money(connection, account_id) == (1, 0)


async def test_adjustments_never_exceed_the_charge(
    connection: Connection, ledger: Ledger, account_id: UUID, ids: IdSource
) -> None:
    """What was paid comes back first, then what was given goes back to its own kind; never more than the charge."""
    await ledger.credit(connection, account_id, 10 * DOLLAR, "paid", "p", reference="p", paid=dollars(10))
    await ledger.credit(connection, account_id, 10 * DOLLAR, "promo", "s")
    job_id = await charge(connection, ids, account_id, 4 * DOLLAR, 2 * DOLLAR)

    async def adjust(amount: int, key: str) -> Any:
        return await ledger.adjust(connection, account_id, job_id, amount * DOLLAR, key, reason="wrong", operator="o")

    await adjust(3, "a")
    second = await adjust(2, "b")
    assert await books(connection, second.txn_id) == {
        ("customer", "", "USD"): 200,
        ("adjustments", "", "USD"): -100,
        ("promo", "", "USD"): -100,
    }
    assert (await adjust(2, "b")).repeated
    with pytest.raises(LedgerError, match="1 can still be given back"):
        await adjust(2, "c")
    await adjust(1, "c")
    assert await money(connection, account_id) == (20, 0)


async def test_expiry_takes_only_what_open_holds_do_not_need(
    connection: Connection, ledger: Ledger, account_id: UUID, ids: IdSource
) -> None:
    """An expired lot gives what is free now, and the rest when the hold has ended."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    await ledger.credit(connection, account_id, 10 * DOLLAR, "promo", "s", expires_at=past)
    await ledger.credit(connection, account_id, 5 * DOLLAR, "grant", "g")
    job_id = await hold(connection, ids, account_id, 8 * DOLLAR)
    expired = await ledger.expire_lots(connection, account_id)
    assert expired is not None
    assert expired.amount_nano == -7 * DOLLAR
    assert await ledger.expire_lots(connection, account_id) is None
    assert await money(connection, account_id) == (8, 0)
    await connection.execute("DELETE FROM hold WHERE job_id = $1", job_id)
    await connection.execute("UPDATE account SET held_nano = 0, open_jobs = 0")
    rest = await ledger.expire_lots(connection, account_id)
    assert rest is not None
    assert rest.amount_nano == -3 * DOLLAR
    assert await money(connection, account_id) == (5, 0)


async def test_a_callers_transaction_carries_the_posting(
    connection: Connection, ledger: Ledger, account_id: UUID
) -> None:
    """A recharge and what it belongs to stand or fall together."""
    transaction = connection.transaction()
    await transaction.start()
    await ledger.credit(connection, account_id, DOLLAR, "grant", "k")
    await transaction.rollback()
    assert await money(connection, account_id) == (0, 0)
    assert not (await ledger.credit(connection, account_id, DOLLAR, "grant", "k")).repeated


@pytest.mark.parametrize("amount_nano", [0, -1, 2**62 + 1])
async def test_amounts_that_are_none_are_refused(
    connection: Connection, ledger: Ledger, account_id: UUID, amount_nano: int
) -> None:
    """Nothing, less than nothing and more than a ledger can hold are no credit."""
    with pytest.raises(LedgerError):
        await ledger.credit(connection, account_id, amount_nano, "grant", "k")
