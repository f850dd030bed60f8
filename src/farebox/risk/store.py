"""SQL of signals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from farebox.storage.account_lock import ACCOUNT_LOCK_SQL, account_lock_keys
from farebox.storage.database import Connection

NOW = "SELECT clock_timestamp()"

STATUS = "SELECT status FROM account WHERE id = $1"

WAS_RAISED = """
SELECT EXISTS (SELECT FROM signal
               WHERE account_id = $1 AND kind = $2 AND subject = $3 AND action = $4 AND raised_at >= $5)
"""

INSERT = """
INSERT INTO signal (id, account_id, kind, subject, measured, threshold, window_minutes, action, has_frozen, facts,
                    case_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

PAGE = """
SELECT id, account_id, kind, subject, measured, threshold, window_minutes, action, has_frozen, facts, case_id, raised_at
FROM signal
WHERE ($1::uuid IS NULL OR id < $1) AND ($2::uuid IS NULL OR account_id = $2) AND ($3::text IS NULL OR kind = $3)
  AND ($4::text IS NULL OR action = $4)
ORDER BY id DESC LIMIT $5
"""


async def now(connection: Connection) -> datetime:
    """The database's time, which all windows go by."""
    moment: datetime = await connection.fetchval(NOW)
    return moment


async def lock_status(connection: Connection, account_id: UUID) -> str | None:
    """The account's status, which stays so until the transaction ends; None when there is no such account."""
    await connection.execute(ACCOUNT_LOCK_SQL, account_lock_keys([account_id]))
    status: str | None = await connection.fetchval(STATUS, account_id)
    return status


async def was_raised(
    connection: Connection, account_id: UUID, kind: str, subject: str, action: str, since: datetime
) -> bool:
    return bool(await connection.fetchval(WAS_RAISED, account_id, kind, subject, action, since))


async def insert(
    connection: Connection,
    signal_id: UUID,
    account_id: UUID,
    kind: str,
    subject: str,
    measured: int,
    threshold: int,
    window_minutes: int,
    action: str,
    *,
    has_frozen: bool,
    facts: dict[str, Any],
    case_id: UUID | None,
) -> None:
    await connection.execute(
        INSERT,
        signal_id,
        account_id,
        kind,
        subject,
        measured,
        threshold,
        window_minutes,
        action,
        has_frozen,
        facts,
        case_id,
    )


async def page(
    connection: Connection,
    after: UUID | None,
    account_id: UUID | None,
    kind: str | None,
    action: str | None,
    limit: int,
) -> list[dict[str, Any]]:
    """The newest first, those before the cursor `after`."""
    return [dict(row) for row in await connection.fetch(PAGE, after, account_id, kind, action, limit)]
