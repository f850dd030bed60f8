"""SQL of raw payment events."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

INSERT = """
INSERT INTO payment_event (id, provider, event_id, kind, raw) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (provider, event_id) DO NOTHING
RETURNING id
"""

# Whoever else is at it has it: nobody waits.
CLAIM = """
SELECT provider, kind, raw FROM payment_event
WHERE id = $1 AND applied_at IS NULL AND raw IS NOT NULL
FOR UPDATE SKIP LOCKED
"""

DONE = "UPDATE payment_event SET applied_at = now(), outcome = $2, error = '' WHERE id = $1"

# Before the work and on its own: what fails in a way that nobody has thought of comes again later and later, too.
BEGIN = "UPDATE payment_event SET attempts = attempts + 1, tried_at = now() WHERE id = $1 AND applied_at IS NULL"

FAILED = "UPDATE payment_event SET outcome = $2, error = $3 WHERE id = $1 AND applied_at IS NULL"

REOPEN = """
UPDATE payment_event SET applied_at = NULL, outcome = '', error = '', attempts = 0
WHERE id = $1 AND raw IS NOT NULL
RETURNING true
"""

# Later and later; after some ten hours it is an operator's.
WAITING = """
SELECT id FROM payment_event
WHERE applied_at IS NULL AND raw IS NOT NULL AND attempts < 12
  AND coalesce(tried_at, received_at) < now() - make_interval(secs => 10 * power(2, attempts))
ORDER BY received_at LIMIT $1
"""

FORGET_RAW = """
UPDATE payment_event SET raw = NULL
WHERE raw IS NOT NULL AND received_at < now() - make_interval(days => $1) AND (applied_at IS NOT NULL OR attempts >= 12)
"""

_COLUMNS = """
SELECT id, provider, event_id, kind, received_at, attempts, applied_at, outcome, error, raw IS NOT NULL AS is_kept
FROM payment_event
"""

LOAD = f"{_COLUMNS} WHERE id = $1"

PAGE = f"""
{_COLUMNS}
WHERE ($1::boolean IS NULL OR (applied_at IS NULL) = $1) AND ($2::uuid IS NULL OR id < $2)
ORDER BY id DESC LIMIT $3
"""

Outcome = Literal["applied", "ignored", "unreadable", "failed"]


class Raw(msgspec.Struct, frozen=True):
    """An event as it came."""

    provider: str
    kind: str
    raw: bytes


class Event(msgspec.Struct, frozen=True):
    """An event for operators, without its body. `is_kept`: the body is still there and can be applied again."""

    id: UUID
    provider: str
    event_id: str
    kind: str
    received_at: datetime
    attempts: int
    applied_at: datetime | None
    outcome: str
    error: str
    is_kept: bool


async def insert(
    connection: Connection, row_id: UUID, provider: str, event_id: str, kind: str, raw: bytes
) -> UUID | None:
    """None when this event came before."""
    inserted: UUID | None = await connection.fetchval(INSERT, row_id, provider, event_id, kind, raw)
    return inserted


async def begin(connection: Connection, row_id: UUID) -> None:
    """Count an attempt; commits by itself."""
    await connection.execute(BEGIN, row_id)


async def claim(connection: Connection, row_id: UUID) -> Raw | None:
    """The event, for this transaction alone; None when it is done or somebody is at it."""
    row = await connection.fetchrow(CLAIM, row_id)
    return None if row is None else Raw(**row)


async def done(connection: Connection, row_id: UUID, outcome: Outcome) -> None:
    await connection.execute(DONE, row_id, outcome)


async def failed(connection: Connection, row_id: UUID, outcome: Outcome, error: str) -> None:
    await connection.execute(FAILED, row_id, outcome, error)


async def reopen(connection: Connection, row_id: UUID) -> bool:
    return bool(await connection.fetchval(REOPEN, row_id))


async def waiting(connection: Connection, limit: int) -> list[UUID]:
    """Stored and not applied: their process died in between, or applying failed."""
    return [row["id"] for row in await connection.fetch(WAITING, limit)]


async def forget_raw(connection: Connection, days: int) -> None:
    """Bodies name payers: they leave with the other short-lived metadata."""
    await connection.execute(FORGET_RAW, days)


async def load(connection: Connection, row_id: UUID) -> Event | None:
    row = await connection.fetchrow(LOAD, row_id)
    return None if row is None else Event(**row)


async def page(connection: Connection, is_waiting: bool | None, after: UUID | None, limit: int) -> list[Event]:
    """The newest first, those before the cursor `after`."""
    return [Event(**row) for row in await connection.fetch(PAGE, is_waiting, after, limit)]
