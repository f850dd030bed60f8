"""SQL of adjustment requests, and what they need to know of a job."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

INSERT = """
INSERT INTO adjustment_request (id, account_id, job_id, requested_by, filed_by, asked_nano, description, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

_COLUMNS = """
SELECT id, account_id, job_id, requested_by, filed_by, asked_nano, description, state, approved_nano, decided_by,
       decided_at, note, created_at, due_at
FROM adjustment_request
"""

LOAD = f"{_COLUMNS} WHERE id = $1"

LOCK = f"{_COLUMNS} WHERE id = $1 FOR UPDATE"

_WANTED = "($2::uuid IS NULL OR account_id = $2) AND ($3::text IS NULL OR state = $3)"

PAGE = f"{_COLUMNS} WHERE ($1::uuid IS NULL OR id < $1) AND {_WANTED} ORDER BY id DESC LIMIT $4"

OLDEST_FIRST = f"{_COLUMNS} WHERE ($1::uuid IS NULL OR id > $1) AND {_WANTED} ORDER BY id LIMIT $4"

DECIDE = """
UPDATE adjustment_request
SET state = $2, approved_nano = $3, decided_by = $4, decided_at = clock_timestamp(), note = $5
WHERE id = $1
"""

# What has been given back stands in the lots of the job's adjustments.
CHARGE = """
SELECT job.id AS job_id, job.model, job.status, job.outcome, job.created_at, job.finished_at, job.charge_nano,
       job.cost_nano,
       coalesce((SELECT sum(original_nano) FROM lot
                 WHERE lot.account_id = job.account_id AND lot.reference = 'job:' || job.id), 0)::bigint
           AS adjusted_nano
FROM job WHERE account_id = $1 AND id = $2
"""


class Charge(msgspec.Struct, frozen=True):
    """What a job was charged and what has been given back of it. `cost_nano` is for operators only."""

    job_id: UUID
    model: str
    status: str
    outcome: str
    created_at: datetime
    finished_at: datetime
    charge_nano: int
    cost_nano: int
    adjusted_nano: int

    @property
    def left_nano(self) -> int:
        """What can still be given back."""
        return self.charge_nano - self.adjusted_nano


async def load_charge(connection: Connection, account_id: UUID, job_id: UUID) -> Charge | None:
    row = await connection.fetchrow(CHARGE, account_id, job_id)
    return None if row is None else Charge(**row)


async def insert(connection: Connection, *values: Any) -> None:
    """In the order of the statement's columns; UniqueViolationError when the job has an open request."""
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


async def decide(
    connection: Connection,
    request_id: UUID,
    state: str,
    approved_nano: int | None,
    decided_by: UUID | None,
    words: str,
) -> None:
    await connection.execute(DECIDE, request_id, state, approved_nano, decided_by, words)
