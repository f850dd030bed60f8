"""SQL of webhooks and the list of their deliveries."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

LOCK_ACCOUNT = "SELECT pg_advisory_xact_lock(hashtextextended('farebox_webhooks:' || $1::uuid, 0))"

COUNT = "SELECT count(*) FROM webhook WHERE account_id = $1 AND status <> 'removed'"

INSERT = "INSERT INTO webhook (id, account_id, url, events, sealed) VALUES ($1, $2, $3, $4, $5)"

_COLUMNS = "SELECT id, account_id, url, events, status, failing_since, created_at FROM webhook"

LOAD = f"{_COLUMNS} WHERE account_id = $1 AND id = $2 AND status <> 'removed'"

LOAD_ALL = f"{_COLUMNS} WHERE account_id = $1 AND status <> 'removed' ORDER BY id"

CHANGE = "UPDATE webhook SET url = $2, events = $3, failing_since = NULL WHERE id = $1"

ROTATE = """
UPDATE webhook SET sealed_before = sealed, before_until = now() + $3, sealed = $2 WHERE id = $1
"""

SET_STATUS = "UPDATE webhook SET status = $2, failing_since = NULL WHERE id = $1"

CANCEL_DELIVERIES = """
UPDATE webhook_delivery SET state = 'cancelled', ended_at = now() WHERE webhook_id = $1 AND state = 'waiting'
"""

WAITING_TESTS = """
SELECT EXISTS (SELECT FROM webhook_delivery JOIN webhook_event ON webhook_event.id = event_id
               WHERE webhook_id = $1 AND state = 'waiting' AND kind = 'test')
"""

DELIVERIES = """
SELECT webhook_delivery.id, event_id, kind, data, state, attempts, next_at, status_code, error,
       webhook_delivery.created_at, ended_at
FROM webhook_delivery JOIN webhook_event ON webhook_event.id = event_id
WHERE webhook_id = $1 AND ($2::uuid IS NULL OR webhook_delivery.id < $2)
ORDER BY webhook_delivery.id DESC LIMIT $3
"""


async def lock_account(connection: Connection, account_id: UUID) -> None:
    """Two who make one at once are counted one after the other."""
    await connection.execute(LOCK_ACCOUNT, account_id)


async def count(connection: Connection, account_id: UUID) -> int:
    return int(await connection.fetchval(COUNT, account_id))


async def insert(
    connection: Connection, webhook_id: UUID, account_id: UUID, url: str, events: Sequence[str], sealed: bytes
) -> None:
    await connection.execute(INSERT, webhook_id, account_id, url, list(events), sealed)


async def load(connection: Connection, account_id: UUID, webhook_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD, account_id, webhook_id)
    return None if row is None else dict(row)


async def load_all(connection: Connection, account_id: UUID) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(LOAD_ALL, account_id)]


async def change(connection: Connection, webhook_id: UUID, url: str, events: Sequence[str]) -> None:
    await connection.execute(CHANGE, webhook_id, url, list(events))


async def rotate(connection: Connection, webhook_id: UUID, sealed: bytes, overlap: timedelta) -> None:
    await connection.execute(ROTATE, webhook_id, sealed, overlap)


async def set_status(connection: Connection, webhook_id: UUID, status: str) -> None:
    await connection.execute(SET_STATUS, webhook_id, status)


async def cancel_deliveries(connection: Connection, webhook_id: UUID) -> None:
    await connection.execute(CANCEL_DELIVERIES, webhook_id)


async def waiting_tests(connection: Connection, webhook_id: UUID) -> bool:
    return bool(await connection.fetchval(WAITING_TESTS, webhook_id))


async def deliveries(connection: Connection, webhook_id: UUID, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(DELIVERIES, webhook_id, after, limit)]
