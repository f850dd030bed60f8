"""Events of payment providers: stored and committed as they came, then applied in another transaction.

Killed in between, the event waits in its row until the duty (or the provider's next try) comes to it. A provider gets
its 200 once the event is stored: from then on it is our affair.
"""

from collections.abc import Mapping
from uuid import UUID

import asyncpg

from farebox.cases.case import open_case
from farebox.domain.errors import LedgerError
from farebox.kit.logging import Logger
from farebox.payments import event_store
from farebox.payments.books import Books
from farebox.payments.merging import apply_fact
from farebox.payments.provider import PaymentProvider, UnreadableEvent
from farebox.storage.database import Connection, Pool

Providers = Mapping[str, PaymentProvider]
_AT_ONCE = 100
# What a moment can heal: two transactions that waited for each other, a server that goes down.
_PASSING = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.QueryCanceledError)


async def receive_event(
    pool: Pool, books: Books, provider: PaymentProvider, body: bytes, headers: Mapping[str, str], logger: Logger
) -> bool:
    """Store one event and apply it; whether it is new. Raises BadSignature, and then nothing of it is kept."""
    envelope = provider.verify(body, headers)
    async with pool.acquire() as connection:
        row_id = await event_store.insert(
            connection, books.ids.new(), provider.name, envelope.event_id, envelope.kind, body
        )
        if row_id is None:
            return False
        await apply_event(connection, books, provider, row_id, logger)
    return True


async def apply_event(
    connection: Connection, books: Books, provider: PaymentProvider, row_id: UUID, logger: Logger
) -> None:
    """Apply a stored event, once; a failure stays with the event, for the duty and for operators."""
    await event_store.begin(connection, row_id)
    try:
        async with connection.transaction():
            event = await event_store.claim(connection, row_id)
            if event is None:
                return
            concerned = False
            for fact in provider.read(event.raw):
                concerned |= await apply_fact(connection, books, fact)
            await event_store.done(connection, row_id, "applied" if concerned else "ignored")
    except UnreadableEvent as error:
        await _fail(connection, books, row_id, "unreadable", error, logger)
    except LedgerError as error:
        await _fail(connection, books, row_id, "failed", error, logger)
    except _PASSING as error:
        logger.warning("payment_event_waits", event_row=str(row_id), error=type(error).__name__)


async def apply_waiting(connection: Connection, books: Books, providers: Providers, logger: Logger) -> None:
    """What was stored and not applied."""
    for row_id in await event_store.waiting(connection, _AT_ONCE):
        event = await event_store.load(connection, row_id)
        provider = None if event is None else providers.get(event.provider)
        if provider is not None:
            await apply_event(connection, books, provider, row_id, logger)


async def _fail(
    connection: Connection,
    books: Books,
    row_id: UUID,
    outcome: event_store.Outcome,
    error: Exception,
    logger: Logger,
) -> None:
    logger.error("payment_event_failed", event_row=str(row_id), outcome=outcome)
    async with connection.transaction():
        await event_store.failed(connection, row_id, outcome, str(error)[:500])
        await open_case(
            connection,
            books.ids,
            "payment",
            f"event:{row_id}",
            facts={"event": str(row_id), "problem": outcome, "error": str(error)[:500]},
        )
