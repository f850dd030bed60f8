"""Verify finds what is wrong, the chain proves what was sealed, the exports read in the tools they are for."""

import asyncio
import csv
import io
from decimal import Decimal
from uuid import UUID

import pytest
from tests.support.postgres import TestDatabase
from tests.support.posting import charge, hold

from farebox.kit.ids import IdSource
from farebox.ledger.export import Format, export
from farebox.ledger.posting import Paid
from farebox.ledger.seal import seal
from farebox.ledger.service import Ledger
from farebox.ledger.verify import verify
from farebox.storage.database import Connection, connect

DOLLAR = 10**9


@pytest.fixture
async def busy(connection: Connection, ledger: Ledger, account_id: UUID, ids: IdSource) -> UUID:
    """An account with a bit of everything; gives a job of it."""
    await ledger.credit(
        connection, account_id, 10 * DOLLAR, "paid", "p", reference="p", paid=Paid("stripe", 1000, "USD")
    )
    await ledger.credit(connection, account_id, 5 * DOLLAR, "promo", "s")
    job_id = await charge(connection, ids, account_id, 2 * DOLLAR, DOLLAR)
    await ledger.adjust(connection, account_id, job_id, DOLLAR, "a", reason="wrong", operator="o")
    await charge(connection, ids, account_id, 0, DOLLAR)
    await hold(connection, ids, account_id, 4 * DOLLAR)
    await ledger.claw_back(connection, account_id, 10 * DOLLAR, "d", reference="p", paid=Paid("stripe", 1000, "USD"))
    return job_id


async def test_a_sound_ledger_verifies(connection: Connection, busy: UUID) -> None:
    """No problem, and all entries read."""
    report = await verify(connection)
    assert report.problems == []
    assert report.ok
    assert report.entries == await connection.fetchval("SELECT count(*) FROM entry")


DAMAGE = [
    ("UPDATE account SET balance_nano = balance_nano + 1", "balance is not the sum of its entries"),
    ("UPDATE account SET version = version + 1", "balance is not the sum of its entries"),
    ("UPDATE account SET held_nano = held_nano + 1", "holds do not match the account"),
    ("UPDATE account SET open_jobs = 0", "holds do not match the account"),
    ("DELETE FROM hold", "holds do not match the account"),
    ("UPDATE hold SET job_id = (SELECT id FROM job LIMIT 1)", "hold of an ended job"),
    ("UPDATE hold SET amount_nano = -1", "hold below zero or of no account"),
    ("UPDATE hold SET account_id = gen_random_uuid()", "hold below zero or of no account"),
    ("UPDATE lot SET remaining_nano = remaining_nano - 1 WHERE remaining_nano > 0", "lots do not sum to the balance"),
    ("UPDATE lot SET original_nano = original_nano + 1", "lots do not match what was credited"),
    ("UPDATE job SET charge_nano = charge_nano + 1", "charge does not match the job"),
    ("UPDATE job SET hold_nano = hold_nano - 1", "charge does not match the job"),
    ("UPDATE job SET status = 'voided'", "charge does not match the job"),
    ("DELETE FROM job", "charge does not match the job"),
    (
        "UPDATE receivable SET owed_nano = owed_nano - 1",
        "debt is not the sum of its entries",
    ),
    ("INSERT INTO txn_key SELECT 'x', id, id, '' FROM account", "idempotency key without transaction"),
    ("UPDATE entry SET amount_nano = amount_nano + 1 WHERE book = 'revenue'", "transaction does not sum to zero"),
    ("UPDATE entry SET amount_nano = amount_nano + 1 WHERE book = 'revenue'", "ledger does not sum to zero"),
    ("UPDATE entry SET balance_after_nano = balance_after_nano + 1 WHERE version = 2", "chain of balances has a gap"),
    ("UPDATE entry SET version = version + 1 WHERE version > 2", "chain of balances has a gap"),
    ("DELETE FROM txn WHERE kind = 'promo'", "entries without transaction"),
    ("DELETE FROM entry WHERE txn_id IN (SELECT id FROM txn WHERE kind = 'promo')", "transaction without entries"),
    ("UPDATE job SET charge_nano = charge_nano / 4", "more given back than was charged"),
    ("UPDATE txn SET era = 9 WHERE kind = 'promo'", "transaction that no block can cover"),
    ("UPDATE txn SET xact = '9999999999' WHERE kind = 'promo'", "transaction that no block can cover"),
    (
        "INSERT INTO api_key (id, account_id, kind, prefix, hash, open_jobs) SELECT id, id, 'live', '', '', 3 "
        "FROM account",
        "holds do not match the API key",
    ),
]


@pytest.mark.parametrize(("damage", "problem"), DAMAGE, ids=[damage[:50] for damage, _ in DAMAGE])
async def test_each_kind_of_damage_is_found(
    connection: Connection, database: TestDatabase, busy: UUID, damage: str, problem: str
) -> None:
    """Whoever gets past triggers and rights leaves a trace in one of the checks."""
    admin = await connect(database.admin_url, application_name="test-damage")
    try:
        await admin.execute("SET session_replication_role = replica")
        await admin.execute(damage)
    finally:
        await admin.close()
    report = await verify(connection)
    assert not report.ok
    assert any(line.startswith(problem) for line in report.problems), report.problems


async def test_blocks_chain_what_is_certain(
    connection: Connection, busy: UUID, ledger: Ledger, account_id: UUID
) -> None:
    """Each block covers what came since the last one; nothing new seals nothing; the chain verifies."""
    first = await seal(connection)
    assert first is not None
    assert (first.height, first.txns) == (1, await connection.fetchval("SELECT count(*) FROM txn"))
    assert await seal(connection) is None
    await ledger.credit(connection, account_id, DOLLAR, "grant", "later")
    second = await seal(connection)
    assert second is not None
    assert (second.height, second.txns, second.from_xact) == (2, 2, first.to_xact)
    assert (await verify(connection)).problems == []


async def test_a_running_transaction_is_not_sealed_over(
    connection: Connection, database: TestDatabase, busy: UUID, ledger: Ledger, account_id: UUID
) -> None:
    """What commits late with an early transaction id lands in a later block, not inside a sealed one."""
    slow = await connect(database.app_url, application_name="test-slow")
    transaction = slow.transaction()
    await transaction.start()
    await ledger.credit(slow, account_id, DOLLAR, "grant", "slow")
    first = await seal(connection)
    assert first is not None
    await transaction.commit()
    await slow.close()
    assert (await verify(connection)).problems == []
    second = await seal(connection)
    assert second is not None
    assert second.entries == 4
    assert (await verify(connection)).problems == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE txn SET memo = '{}' WHERE kind = 'recharge'",
        "UPDATE entry SET detail = 'other' WHERE book = 'wash'",
        "INSERT INTO entry SELECT account_id, id, 77, 'promo', '', 'USD', 0 FROM txn LIMIT 1",
        "UPDATE block SET hash = '' WHERE height = 1",
        "DELETE FROM block WHERE height = 1",
    ],
)
async def test_a_rewritten_past_breaks_the_chain(
    connection: Connection, database: TestDatabase, busy: UUID, ledger: Ledger, account_id: UUID, damage: str
) -> None:
    """Even a change that keeps every sum is found."""
    await seal(connection)
    await ledger.credit(connection, account_id, DOLLAR, "grant", "later")
    await seal(connection)
    admin = await connect(database.admin_url, application_name="test-damage")
    await admin.execute("SET session_replication_role = replica")
    await admin.execute(damage)
    await admin.close()
    assert any(line.startswith("block ") for line in (await verify(connection)).problems)


async def test_two_sealers_make_one_chain(connection: Connection, database: TestDatabase, busy: UUID) -> None:
    """Sealing is exclusive: of two at once, one finds nothing left to do."""
    other = await connect(database.app_url, application_name="test-sealer")
    blocks = await asyncio.gather(seal(connection), seal(other))
    await other.close()
    assert sum(block is not None for block in blocks) == 1
    assert (await verify(connection)).problems == []


async def _exported(connection: Connection, output: Format) -> str:
    return "".join([piece async for piece in export(connection, output)])


async def test_the_csv_export_holds_every_entry(connection: Connection, busy: UUID) -> None:
    """One line per entry, exact decimal amounts that sum to zero per unit."""
    rows = list(csv.DictReader(io.StringIO(await _exported(connection, "csv"))))
    assert len(rows) == await connection.fetchval("SELECT count(*) FROM entry")
    assert sum(Decimal(row["amount"]) for row in rows) == 0
    assert rows[0]["book"] == "customer"
    assert rows[0]["balance_after"] == "10"


@pytest.mark.parametrize("output", ["beancount", "hledger"])
async def test_plain_text_exports_balance(connection: Connection, busy: UUID, output: Format) -> None:
    """Every account is declared before it is used, every transaction sums to zero, customers are liabilities."""
    text = await _exported(connection, output)
    declared = {line.split()[-1] for line in text.splitlines() if " open " in line or line.startswith("account ")}
    blocks = [block.splitlines() for block in text.split("\n\n")[1:]]
    assert len(blocks) == await connection.fetchval("SELECT count(*) FROM txn")
    for block in blocks:
        lines = [line.split() for line in block[1:] if "txn:" not in line]
        assert sum(Decimal(line[1]) for line in lines) == 0
        assert {line[0] for line in lines} <= declared
    assert "Assets:Wash:Stripe:USD  10 USD" in text
    assert "Expenses:Promotions  5 USD" in text
