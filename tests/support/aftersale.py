"""Accounts with payments, jobs and holds, for tests of what comes after the sale."""

from typing import Any
from uuid import UUID

from tests.support.control import RunningControl
from tests.support.payment_facts import new_recharge, paid
from tests.support.posting import charge

from farebox.kit.ids import IdSource
from farebox.ledger import posting, store
from farebox.ledger.lots import by_kind, spending_order, take
from farebox.ledger.verify import verify
from farebox.payments import payment_store
from farebox.payments.books import Books
from farebox.payments.merging import apply_fact
from farebox.payments.payment import Payment
from farebox.storage.database import Connection

DOLLAR = 10**9
_JOB = """
INSERT INTO job (account_id, id, key_id, status, outcome, endpoint, model, stream, created_at, finished_at,
                 rate_card_id, factor_ppm, hold_nano, charge_nano, balance_after_nano, input_hash)
VALUES ($1, $2, $2, 'settled', 'completed', 'chat.completions', 'm', false, now(), now(), 1, 1000000, $3, $3, $4, '')
"""


def books(control: RunningControl) -> Books:
    services = control.services
    return Books(services.policy, services.ledger, services.ids)


async def pay(control: RunningControl, account_id: UUID, ref: str = "", **terms: Any) -> Payment:
    """A recharge of 100 dollars, unless the terms say else, that Stripe has told us is paid."""
    async with control.services.pool.acquire() as connection:
        recharge = await new_recharge(connection, books(control), account_id, **terms)
        fact = paid(recharge, ref)
        await apply_fact(connection, books(control), fact)
        found = await connection.fetchval("SELECT id FROM payment WHERE ref = $1", fact.payment_ref)
        payment = await payment_store.load(connection, found)
        assert payment is not None
        return payment


async def spend(control: RunningControl, account_id: UUID, nano: int) -> UUID:
    """A settled job of so much, from paid credit."""
    async with control.services.pool.acquire() as connection:
        return await charge(connection, control.services.ids, account_id, nano)


async def charge_lots(connection: Connection, ids: IdSource, account_id: UUID, nano: int) -> UUID | None:
    """A settled job as the till writes it, from lots in the order of spending; None when there is too little."""
    async with connection.transaction():
        purse = await store.lock_purse(connection, account_id)
        if purse.spendable_nano < nano:
            return None
        taken = take(sorted(await store.load_lots(connection, account_id, ""), key=spending_order), nano)
        job_id = ids.new()
        lines = posting.charge(nano, 0, by_kind(taken))
        await store.insert_txn(connection, purse, job_id, "charge", b"", {}, lines, "USD")
        await store.update_lots(connection, account_id, [lot for lot, _ in taken])
        await connection.execute(_JOB, account_id, job_id, nano, purse.balance_nano)
        return job_id


async def balance(control: RunningControl, account_id: UUID) -> int:
    """In nano-units, once every invariant of the ledger has been checked."""
    async with control.services.pool.acquire() as connection:
        assert (await verify(connection)).problems == []
        found: int = await connection.fetchval("SELECT balance_nano FROM account WHERE id = $1", account_id)
        return found


async def value(control: RunningControl, statement: str, *arguments: Any) -> Any:
    """One value of the database."""
    async with control.services.pool.acquire() as connection:
        return await connection.fetchval(statement, *arguments)
