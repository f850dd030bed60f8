"""Claw-backs that turn out to be wrong, bonuses, and debts: each followed by every invariant."""

from uuid import UUID

import pytest

from farebox.domain.errors import LedgerError
from farebox.ledger.posting import Paid
from farebox.ledger.service import Ledger
from farebox.ledger.verify import verify
from farebox.storage.database import Connection

DOLLAR = 10**9
TEN = Paid("stripe", 1000, "USD")


async def lots(connection: Connection, account_id: UUID) -> list[tuple[str, str, int]]:
    """Kind, reference and remainder in dollars of the lots with credit left, once every invariant was checked."""
    assert (await verify(connection)).problems == []
    rows = await connection.fetch(
        "SELECT kind, reference, remaining_nano FROM lot WHERE account_id = $1 AND remaining_nano > 0 ORDER BY 1, 2",
        account_id,
    )
    return [(row["kind"], row["reference"], row["remaining_nano"] // DOLLAR) for row in rows]


async def owed(connection: Connection, account_id: UUID) -> int:
    return (
        await connection.fetchval("SELECT owed_nano FROM receivable WHERE account_id = $1", account_id) or 0
    ) // DOLLAR


async def buy(ledger: Ledger, connection: Connection, account_id: UUID, reference: str) -> None:
    await ledger.credit(connection, account_id, 10 * DOLLAR, "paid", reference, reference=reference, paid=TEN)


async def test_what_was_taken_goes_back_to_the_lots_that_it_came_from(
    connection: Connection, ledger: Ledger, account_id: UUID
) -> None:
    """Restored credit is as it was: the same lots, the same kinds; no more than was taken, and once per key."""
    await buy(ledger, connection, account_id, "p1")
    await ledger.credit(connection, account_id, 3 * DOLLAR, "promo", "b1", reference="p1:bonus")
    before = await lots(connection, account_id)
    await ledger.claw_back(connection, account_id, 10 * DOLLAR, "t1", reference="p1", paid=TEN)
    await ledger.claw_back(connection, account_id, 3 * DOLLAR, "t2", reference="p1:bonus", paid=None)
    assert await lots(connection, account_id) == []
    for _ in range(2):
        await ledger.restore(connection, account_id, 10 * DOLLAR, "r1", reference="p1", paid=TEN)
    await ledger.restore(connection, account_id, 3 * DOLLAR, "r2", reference="p1:bonus", paid=None)
    assert await lots(connection, account_id) == before
    with pytest.raises(LedgerError, match="cannot be restored"):
        await ledger.restore(connection, account_id, 1, "r3", reference="p1", paid=TEN)
    await ledger.claw_back(connection, account_id, 10 * DOLLAR, "t3", reference="p1", paid=TEN)
    assert await lots(connection, account_id) == [("promo", "p1:bonus", 3)]


async def test_a_restored_debt_is_repaid_or_becomes_credit(
    connection: Connection, ledger: Ledger, account_id: UUID
) -> None:
    """Spent credit that was taken is a debt; restored, it is gone; repaid meanwhile, it comes back as credit."""
    await buy(ledger, connection, account_id, "p1")
    await connection.execute("UPDATE account SET held_nano = 6000000000 WHERE id = $1", account_id)
    await ledger.claw_back(connection, account_id, 10 * DOLLAR, "t1", reference="p1", paid=TEN)
    await connection.execute("UPDATE account SET held_nano = 0 WHERE id = $1", account_id)
    assert (await lots(connection, account_id), await owed(connection, account_id)) == ([("paid", "p1", 6)], 6)
    await ledger.restore(connection, account_id, 10 * DOLLAR, "r1", reference="p1", paid=TEN)
    assert (await lots(connection, account_id), await owed(connection, account_id)) == ([("paid", "p1", 10)], 0)
    await connection.execute("UPDATE account SET held_nano = 6000000000 WHERE id = $1", account_id)
    await ledger.claw_back(connection, account_id, 10 * DOLLAR, "t2", reference="p1", paid=TEN)
    await connection.execute("UPDATE account SET held_nano = 0 WHERE id = $1", account_id)
    await buy(ledger, connection, account_id, "p2")
    assert (await lots(connection, account_id), await owed(connection, account_id)) == (
        [("paid", "p1", 6), ("paid", "p2", 4)],
        0,
    )
    await ledger.restore(connection, account_id, 10 * DOLLAR, "r2", reference="p1", paid=TEN)
    assert await lots(connection, account_id) == [("adjustment", "", 6), ("paid", "p1", 10), ("paid", "p2", 4)]


async def test_a_debt_is_collected_and_forgiven(connection: Connection, ledger: Ledger, account_id: UUID) -> None:
    """What holds let go of repays the debt, as far as it goes; no more than is owed can be forgiven."""
    await buy(ledger, connection, account_id, "p1")
    await connection.execute("UPDATE account SET held_nano = 4000000000 WHERE id = $1", account_id)
    await ledger.claw_back(connection, account_id, 10 * DOLLAR, "t1", reference="p1", paid=TEN)
    assert await ledger.collect(connection, account_id) is None
    await connection.execute("UPDATE account SET held_nano = 1000000000 WHERE id = $1", account_id)
    collected = await ledger.collect(connection, account_id)
    assert collected is not None
    assert collected.repaid_nano == 3 * DOLLAR
    await connection.execute("UPDATE account SET held_nano = 0 WHERE id = $1", account_id)
    with pytest.raises(LedgerError, match="owes 1"):
        await ledger.forgive(connection, account_id, 2 * DOLLAR, "f1", reason="kind", operator="cli")
    for _ in range(2):
        await ledger.forgive(connection, account_id, DOLLAR, "f2", reason="kind", operator="cli")
    assert (await lots(connection, account_id), await owed(connection, account_id)) == ([("paid", "p1", 1)], 0)
