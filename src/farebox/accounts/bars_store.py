"""SQL of bars."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

from farebox.storage.database import Connection

Change: TypeAlias = Callable[[Connection, UUID, str], Awaitable[bool]]

INSERT = "INSERT INTO account_bar (account_id, code) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true"

DELETE = "DELETE FROM account_bar WHERE account_id = $1 AND code = $2 RETURNING true"

LOAD = "SELECT code FROM account_bar WHERE account_id = $1"

# One line per account, with what weighs more.
WAITING = """
SELECT account_id, email, CASE WHEN bool_or(code = 'region_not_served') THEN 'region_not_served'
                               ELSE 'approval_pending' END AS code, min(since) AS since
FROM account_bar JOIN account_contact USING (account_id) JOIN account ON account.id = account_id
WHERE code IN ('approval_pending', 'region_not_served') AND status <> 'closed'
  AND ($1::uuid IS NULL OR account_id > $1) AND ($3::uuid IS NULL OR account_id = $3)
GROUP BY account_id, email ORDER BY account_id LIMIT $2
"""

# Under the account's lock. The row's new version makes admissions that were decided on the old one start again.
TELL = """
UPDATE account SET barred = coalesce(
    (SELECT code FROM account_bar WHERE account_id = $1 ORDER BY array_position($2::text[], code) LIMIT 1), '')
WHERE id = $1
"""


async def insert(connection: Connection, account_id: UUID, code: str) -> bool:
    return bool(await connection.fetchval(INSERT, account_id, code))


async def delete(connection: Connection, account_id: UUID, code: str) -> bool:
    return bool(await connection.fetchval(DELETE, account_id, code))


async def load(connection: Connection, account_id: UUID) -> frozenset[str]:
    return frozenset(row["code"] for row in await connection.fetch(LOAD, account_id))


async def load_waiting(connection: Connection, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(WAITING, after, limit, None)]


async def load_one_waiting(connection: Connection, account_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(WAITING, None, 1, account_id)
    return None if row is None else dict(row)


async def tell(connection: Connection, account_id: UUID, by_gravity: list[str]) -> None:
    await connection.execute(TELL, account_id, by_gravity)
