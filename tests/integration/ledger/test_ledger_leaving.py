"""Credit paid out, moved and forfeited against a real database, each followed by every invariant."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.support.postgres import TestDatabase
from tests.support.posting import charge, hold

from farebox.domain.errors import IdempotencyConflict, LedgerError
from farebox.kit.ids import IdSource
from farebox.ledger.leaving import GIVEN, Leaving
from farebox.ledger.posting import Paid
from farebox.ledger.service import Ledger
from farebox.ledger.verify import verify
from farebox.storage.database import Connection, connect

DOLLAR = 10**9


@pytest.fixture
def leaving(ids: IdSource) -> Leaving:
    return Leaving("USD", ids)


async def balance(connection: Connection, account_id: UUID) -> int:
    """In whole dollars, once every invariant has been checked."""
    assert (await verify(connection)).problems == []
    found: int = await connection.fetchval("SELECT balance_nano FROM account WHERE id = $1", account_id)
    return found // DOLLAR


async def buy(
    connection: Connection, ledger: Ledger, account_id: UUID, ref: str, dollars: int, paid: Paid, days: int = 0
) -> None:
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    await ledger.credit(
        connection, account_id, dollars * DOLLAR, "paid", ref, reference=ref, paid=paid, expires_at=expires_at
    )


async def test_a_payout_is_worth_what_was_paid(
    connection: Connection, ledger: Ledger, leaving: Leaving, account_id: UUID, ids: IdSource
) -> None:
    """Credit bought at a discount goes out at that price; given credit, holds and other currencies stay."""
    await buy(connection, ledger, account_id, "p1", 100, Paid("stripe", 9_000, "USD"))
    await buy(connection, ledger, account_id, "p2", 50, Paid("stripe", 4_000, "EUR"))
    await ledger.credit(connection, account_id, 10 * DOLLAR, "promo", "promo")
    await hold(connection, ids, account_id, 70 * DOLLAR)
    assert await leaving.payable(connection, account_id, "USD") == (90 * DOLLAR, 8_100)
    assert await leaving.payable(connection, account_id, "EUR") == (50 * DOLLAR, 4_000)
    with pytest.raises(LedgerError, match="90 of credit"):
        await leaving.pay_out(connection, account_id, 91 * DOLLAR, "k", currency="USD", reference="w:1", operator="op")
    paid = [
        await leaving.pay_out(connection, account_id, 40 * DOLLAR, "k", currency="USD", reference="w:1", operator="op")
        for _ in range(2)
    ]
    assert [(each.paid_minor, each.posted.repeated) for each in paid] == [(3_600, False), (3_600, True)]
    assert await balance(connection, account_id) == 120
    with pytest.raises(IdempotencyConflict):
        await leaving.pay_out(connection, account_id, 41 * DOLLAR, "k", currency="USD", reference="w:1", operator="op")


async def test_a_payout_that_failed_goes_back_to_its_lots(
    connection: Connection, ledger: Ledger, leaving: Leaving, account_id: UUID, ids: IdSource
) -> None:
    """Restored, the payment's credit can be refunded as before; what came back of charges goes out at the average."""
    await buy(connection, ledger, account_id, "p1", 100, Paid("stripe", 5_000, "USD"))
    job_id = await charge(connection, ids, account_id, 20 * DOLLAR)
    await ledger.adjust(connection, account_id, job_id, 10 * DOLLAR, "adj", reason="r", operator="op")
    out = await leaving.pay_out(
        connection, account_id, 90 * DOLLAR, "k", currency="USD", reference="w:1", operator="op"
    )
    assert (out.paid_minor, await balance(connection, account_id)) == (4_500, 0)
    paid = Paid("payout", out.paid_minor, "USD")
    await ledger.restore(connection, account_id, 90 * DOLLAR, "back", reference="w:1", paid=paid)
    assert await balance(connection, account_id) == 90
    left = await connection.fetchval("SELECT remaining_nano FROM lot WHERE reference = 'p1'")
    assert left == 80 * DOLLAR
    assert await connection.fetchval("SELECT sum(amount_nano)::bigint FROM entry WHERE detail = 'payout:USD'") == 0


async def test_a_migrated_balance_keeps_its_origin(
    connection: Connection, ledger: Ledger, leaving: Leaving, account_id: UUID, ids: IdSource
) -> None:
    """Lots arrive with kind, expiry, price and reference; given credit stays, and a chargeback hits who paid."""
    other = ids.new()
    await connection.execute("INSERT INTO account (id) VALUES ($1)", other)
    await buy(connection, ledger, account_id, "p1", 100, Paid("stripe", 9_000, "USD"), days=30)
    await ledger.credit(connection, account_id, 10 * DOLLAR, "promo", "promo")
    with pytest.raises(LedgerError, match="100 of credit"):
        await leaving.migrate(connection, account_id, other, 101 * DOLLAR, "m", operator="op")
    first = await leaving.migrate(connection, account_id, other, 50 * DOLLAR, "m", operator="op")
    again = await leaving.migrate(connection, account_id, other, 50 * DOLLAR, "m", operator="op")
    assert (first.repeated, again.repeated) == (False, True)
    assert (await balance(connection, account_id), await balance(connection, other)) == (60, 50)
    lots = await connection.fetch(
        "SELECT kind, reference, paid_minor, paid_currency, expires_at FROM lot WHERE reference = 'p1' ORDER BY id"
    )
    assert [tuple(lot)[:4] for lot in lots] == [("paid", "p1", 9_000, "USD"), ("paid", "p1", 4_500, "USD")]
    assert lots[0]["expires_at"] == lots[1]["expires_at"]
    taken = await ledger.claw_back(
        connection, account_id, 100 * DOLLAR, "c", reference="p1", paid=Paid("stripe", 9_000, "USD")
    )
    assert taken.debt_nano == 40 * DOLLAR
    assert (await balance(connection, account_id), await balance(connection, other)) == (0, 50)
    with pytest.raises(LedgerError, match="owes 40"):
        await leaving.migrate(connection, account_id, other, DOLLAR, "m2", operator="op")


async def test_accounts_that_swap_balances_do_not_wait_for_each_other(
    database: TestDatabase, connection: Connection, ledger: Ledger, leaving: Leaving, account_id: UUID, ids: IdSource
) -> None:
    """Migrations both ways at once end, and the sum stays."""
    other = ids.new()
    await connection.execute("INSERT INTO account (id) VALUES ($1)", other)
    for each in (account_id, other):
        await buy(connection, ledger, each, f"p:{each}", 100, Paid("stripe", 10_000, "USD"))
    opened = [await connect(database.app_url, application_name="test-ledger") for _ in range(6)]
    async with asyncio.timeout(20):
        await asyncio.gather(
            *(
                leaving.migrate(
                    one, *((account_id, other) if turn % 2 else (other, account_id)), DOLLAR, f"m{turn}", operator="op"
                )
                for turn, one in enumerate(opened)
            )
        )
    assert (await balance(connection, account_id), await balance(connection, other)) == (100, 100)
    for one in opened:
        await one.close()


async def test_a_forfeiture_takes_what_no_hold_needs(
    connection: Connection, ledger: Ledger, leaving: Leaving, account_id: UUID, ids: IdSource
) -> None:
    """Given credit goes back to where it came from, bought credit is breakage; nothing left is nothing done."""
    await buy(connection, ledger, account_id, "p1", 100, Paid("stripe", 10_000, "USD"))
    await ledger.credit(connection, account_id, 10 * DOLLAR, "promo", "promo")
    await ledger.credit(connection, account_id, 5 * DOLLAR, "grant", "grant")
    given = await leaving.forfeit(connection, account_id, "f1", kinds=GIVEN, reason="closed", operator="op")
    assert given is not None
    assert given.amount_nano == -15 * DOLLAR
    await hold(connection, ids, account_id, 30 * DOLLAR)
    rest = await leaving.forfeit(connection, account_id, "f2", reason="breach", operator="op")
    assert rest is not None
    assert rest.amount_nano == -70 * DOLLAR
    assert await leaving.forfeit(connection, account_id, "f3", reason="breach", operator="op") is None
    assert await balance(connection, account_id) == 30
    assert await connection.fetchval("SELECT amount_nano FROM entry WHERE book = 'breakage'") == 70 * DOLLAR
