"""SQL of the review queue and of the decisions on the accounts in it."""

from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

_CASES = """
SELECT review_case.id, review_case.account_id, review_case.status, review_case.opened_at, review_case.decision,
       account.status AS account_status, account.balance_nano, account.held_nano,
       coalesce(account_contact.email, '') AS email,
       coalesce((SELECT array_agg(DISTINCT kind ORDER BY kind) FROM signal WHERE case_id = review_case.id), '{}')
           AS signals,
       coalesce((SELECT bool_or(has_frozen) FROM signal WHERE case_id = review_case.id), false) AS has_frozen
FROM review_case
JOIN account ON account.id = review_case.account_id
LEFT JOIN account_contact ON account_contact.account_id = review_case.account_id
WHERE kind = 'risk'
"""

WAITING = f"""
{_CASES} AND ($1::uuid IS NULL OR review_case.id > $1) AND review_case.status = 'open'
ORDER BY review_case.id LIMIT $2
"""

PAGE = f"""
{_CASES} AND ($1::uuid IS NULL OR review_case.id < $1) AND ($3::text IS NULL OR review_case.status = $3)
ORDER BY review_case.id DESC LIMIT $2
"""

INSERT_DECISION = """
INSERT INTO risk_decision (id, account_id, case_id, decision, note, decided_by) VALUES ($1, $2, $3, $4, $5, $6)
"""

DECISIONS = """
SELECT id, account_id, case_id, decision, note, decided_by, decided_at
FROM risk_decision WHERE account_id = $1 ORDER BY id DESC LIMIT $2
"""


async def queue(connection: Connection, after: UUID | None, status: str | None, limit: int) -> list[dict[str, Any]]:
    """The newest first, or of the open ones the oldest; those that come after the cursor `after`."""
    if status == "open":
        return [dict(row) for row in await connection.fetch(WAITING, after, limit)]
    return [dict(row) for row in await connection.fetch(PAGE, after, limit, status)]


async def insert_decision(
    connection: Connection,
    decision_id: UUID,
    account_id: UUID,
    case_id: UUID,
    decision: str,
    note: str,
    decided_by: UUID | None,
) -> None:
    await connection.execute(INSERT_DECISION, decision_id, account_id, case_id, decision, note, decided_by)


async def decisions(connection: Connection, account_id: UUID, limit: int) -> list[dict[str, Any]]:
    """The newest first."""
    return [dict(row) for row in await connection.fetch(DECISIONS, account_id, limit)]
