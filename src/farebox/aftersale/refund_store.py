"""SQL of refund requests, and of what their reviewer looks at."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

INSERT = """
INSERT INTO refund_request (id, account_id, payment_id, kind, prefers, requested_by, filed_by, asked_nano, reason,
                            due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""

_COLUMNS = """
SELECT id, account_id, payment_id, kind, prefers, requested_by, filed_by, asked_nano, reason, state, outcome,
       approved_nano, refund_id, decided_by, decided_at, note, created_at, due_at
FROM refund_request
"""

LOAD = f"{_COLUMNS} WHERE id = $1"

LOCK = f"{_COLUMNS} WHERE id = $1 FOR UPDATE"

_WANTED = "($2::uuid IS NULL OR account_id = $2) AND ($3::text IS NULL OR state = $3)"

PAGE = f"{_COLUMNS} WHERE ($1::uuid IS NULL OR id < $1) AND {_WANTED} ORDER BY id DESC LIMIT $4"

OLDEST_FIRST = f"{_COLUMNS} WHERE ($1::uuid IS NULL OR id > $1) AND {_WANTED} ORDER BY id LIMIT $4"

DECIDE = """
UPDATE refund_request
SET state = $2, outcome = $3, approved_nano = $4, refund_id = $5, decided_by = $6, decided_at = clock_timestamp(),
    note = $7
WHERE id = $1
"""

LOTS = """
SELECT id, kind, original_nano, remaining_nano, taken_back_nano, expires_at, reference, created_at
FROM lot WHERE account_id = $1 AND remaining_nano > 0 ORDER BY created_at, id LIMIT 1000
"""

HAS_RISK = """
SELECT EXISTS (SELECT FROM review_case WHERE account_id = $1 AND kind = 'risk' AND status = 'open')
"""


class LotLeft(msgspec.Struct, frozen=True):
    """A lot with credit left."""

    id: UUID
    kind: str
    original_nano: int
    remaining_nano: int
    taken_back_nano: int
    expires_at: datetime | None
    reference: str
    created_at: datetime


async def load_lots(connection: Connection, account_id: UUID) -> list[LotLeft]:
    """The oldest first."""
    return [LotLeft(**row) for row in await connection.fetch(LOTS, account_id)]


async def has_open_risk(connection: Connection, account_id: UUID) -> bool:
    return bool(await connection.fetchval(HAS_RISK, account_id))


async def insert(connection: Connection, *values: Any) -> None:
    """In the order of the statement's columns; UniqueViolationError when the payment has an open request."""
    await connection.execute(INSERT, *values)


async def load(connection: Connection, request_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD, request_id)
    return None if row is None else dict(row)


async def lock(connection: Connection, request_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOCK, request_id)
    return None if row is None else dict(row)


async def page(
    connection: Connection,
    after: UUID | None,
    *,
    account_id: UUID | None,
    state: str | None,
    oldest_first: bool,
    limit: int,
) -> list[dict[str, Any]]:
    """The newest or the oldest first, those that come after the cursor `after`."""
    statement = OLDEST_FIRST if oldest_first else PAGE
    return [dict(row) for row in await connection.fetch(statement, after, account_id, state, limit)]


async def decide(connection: Connection, *values: Any) -> None:
    """In the order of the statement's parameters."""
    await connection.execute(DECIDE, *values)
