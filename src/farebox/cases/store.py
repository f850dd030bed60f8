"""SQL of cases."""

from datetime import datetime
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

OPEN_OR_FIND = """
INSERT INTO review_case (id, kind, subject, account_id, facts, due_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (kind, subject) WHERE status = 'open' DO UPDATE SET facts = review_case.facts || EXCLUDED.facts
RETURNING id
"""

FIND_OPEN = "SELECT id FROM review_case WHERE kind = $1 AND subject = $2 AND status = 'open'"

_COLUMNS = """
SELECT id, kind, subject, account_id, facts, status, opened_at, due_at, closed_at, closed_by, decision, note
FROM review_case
"""

LOAD = f"{_COLUMNS} WHERE id = $1"

CLOSE = """
UPDATE review_case SET status = 'closed', closed_at = now(), decision = $2, note = $3, closed_by = $4
WHERE id = $1 AND status = 'open'
RETURNING id, kind, subject, account_id, facts, status, opened_at, due_at, closed_at, closed_by, decision, note
"""

_WANTED = """
($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR kind = $3) AND ($4::uuid IS NULL OR account_id = $4)
"""

PAGE = f"{_COLUMNS} WHERE ($1::uuid IS NULL OR id < $1) AND {_WANTED} ORDER BY id DESC LIMIT $5"

OLDEST_FIRST = f"{_COLUMNS} WHERE ($1::uuid IS NULL OR id > $1) AND {_WANTED} ORDER BY id LIMIT $5"


async def open_or_find(
    connection: Connection,
    case_id: UUID,
    kind: str,
    subject: str,
    account_id: UUID | None,
    facts: dict[str, Any],
    due_at: datetime | None,
) -> UUID:
    found: UUID = await connection.fetchval(OPEN_OR_FIND, case_id, kind, subject, account_id, facts, due_at)
    return found


async def find_open(connection: Connection, kind: str, subject: str) -> UUID | None:
    found: UUID | None = await connection.fetchval(FIND_OPEN, kind, subject)
    return found


async def load(connection: Connection, case_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD, case_id)
    return None if row is None else dict(row)


async def close(
    connection: Connection, case_id: UUID, decision: str, note: str, closed_by: UUID | None
) -> dict[str, Any] | None:
    """The row afterwards; None when it was not open."""
    row = await connection.fetchrow(CLOSE, case_id, decision, note, closed_by)
    return None if row is None else dict(row)


async def page(
    connection: Connection,
    after: UUID | None,
    *,
    status: str | None,
    kind: str | None,
    account_id: UUID | None,
    oldest_first: bool,
    limit: int,
) -> list[dict[str, Any]]:
    """The newest or the oldest first, those that come after the cursor `after`."""
    statement = OLDEST_FIRST if oldest_first else PAGE
    return [dict(row) for row in await connection.fetch(statement, after, status, kind, account_id, limit)]
