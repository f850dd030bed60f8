"""SQL of broadcasts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

INSERT = """
INSERT INTO broadcast (id, dedupe_key, kind, audience, facts) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (dedupe_key) DO NOTHING
RETURNING true
"""

CANCEL = "UPDATE broadcast SET cancelled_at = now() WHERE dedupe_key = $1 AND done_at IS NULL AND cancelled_at IS NULL"

LOCK_OLDEST = """
SELECT id, dedupe_key, kind, audience, facts, after FROM broadcast
WHERE done_at IS NULL AND cancelled_at IS NULL
ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""

READERS = """
SELECT id AS person_id, email AS address, language FROM person
WHERE id > $1 AND status = 'active' AND email <> '' AND email_verified_at IS NOT NULL
  AND EXISTS (SELECT FROM member JOIN account ON account.id = account_id
              WHERE person_id = person.id AND account.status <> 'closed'
                AND ($2 = 'all' OR balance_nano > 0))
ORDER BY id LIMIT $3
"""

QUEUE = """
INSERT INTO mail (id, dedupe_key, kind, person_id, address, language, facts)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::jsonb[])
ON CONFLICT (dedupe_key) DO NOTHING
RETURNING true
"""

MOVE_ON = "UPDATE broadcast SET after = $2, queued = queued + $3 WHERE id = $1"

FINISH = "UPDATE broadcast SET done_at = now() WHERE id = $1"


class Reader(msgspec.Struct, frozen=True):
    """Somebody who is told."""

    person_id: UUID
    address: str
    language: str


async def insert(
    connection: Connection, broadcast_id: UUID, dedupe_key: str, kind: str, audience: str, facts: dict[str, Any]
) -> bool:
    return bool(await connection.fetchval(INSERT, broadcast_id, dedupe_key, kind, audience, facts))


async def cancel(connection: Connection, dedupe_key: str) -> None:
    await connection.execute(CANCEL, dedupe_key)


async def lock_oldest(connection: Connection) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOCK_OLDEST)
    return None if row is None else dict(row)


async def readers(connection: Connection, after: UUID, audience: str, limit: int) -> list[Reader]:
    return [Reader(**row) for row in await connection.fetch(READERS, after, audience, limit)]


async def queue(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
    """Rows of id, dedupe key, kind, person, address, language, facts; how many were new."""
    return len(await connection.fetch(QUEUE, *map(list, zip(*rows, strict=True))))


async def move_on(connection: Connection, broadcast_id: UUID, after: UUID, queued: int) -> None:
    await connection.execute(MOVE_ON, broadcast_id, after, queued)


async def finish(connection: Connection, broadcast_id: UUID) -> None:
    await connection.execute(FINISH, broadcast_id)
