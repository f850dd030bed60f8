"""SQL of queueing events."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

WANTING = "SELECT id FROM webhook WHERE account_id = $1 AND status = 'active' AND $2 = ANY (events) ORDER BY id"

INSERT = """
INSERT INTO webhook_event (id, account_id, kind, data, dedupe_key) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (dedupe_key) DO NOTHING
RETURNING true
"""

INSERT_DELIVERIES = """
INSERT INTO webhook_delivery (id, webhook_id, event_id)
SELECT id, webhook_id, $1 FROM unnest($2::uuid[], $3::uuid[]) AS new (id, webhook_id)
"""


async def wanting(connection: Connection, account_id: UUID, kind: str) -> list[UUID]:
    return [row["id"] for row in await connection.fetch(WANTING, account_id, kind)]


async def insert(
    connection: Connection, event_id: UUID, account_id: UUID, kind: str, data: dict[str, Any], dedupe_key: str
) -> bool:
    return bool(await connection.fetchval(INSERT, event_id, account_id, kind, data, dedupe_key))


async def insert_deliveries(connection: Connection, event_id: UUID, deliveries: Sequence[tuple[UUID, UUID]]) -> None:
    """Deliveries as pairs of their id and the webhook's."""
    ids, webhook_ids = zip(*deliveries, strict=True)
    await connection.execute(INSERT_DELIVERIES, event_id, list(ids), list(webhook_ids))
