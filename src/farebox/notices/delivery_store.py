"""SQL of deliveries on their way."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

# Whoever comes second waits for the row and finds that its time has moved.
CLAIM = """
UPDATE webhook_delivery SET attempts = attempts + 1, next_at = now() + $2
FROM webhook, webhook_event
WHERE webhook_delivery.id = ANY (ARRAY(
        SELECT id FROM (SELECT DISTINCT ON (webhook_id) one.id, next_at
                        FROM webhook_delivery AS one JOIN webhook ON webhook.id = webhook_id
                        WHERE state = 'waiting' AND next_at <= now() AND status = 'active'
                        ORDER BY webhook_id, one.id) AS oldest
        ORDER BY next_at LIMIT $1))
  AND webhook_delivery.state = 'waiting' AND webhook_delivery.next_at <= now()
  AND webhook.id = webhook_id AND webhook.status = 'active' AND webhook_event.id = event_id
RETURNING webhook_delivery.id, webhook_id, event_id, webhook.account_id, url, sealed,
    CASE WHEN before_until > now() THEN sealed_before END AS sealed_before, webhook_event.kind, data,
    webhook_event.created_at AS event_at, webhook_delivery.created_at, attempts
"""

DELIVER = """
UPDATE webhook_delivery SET state = 'delivered', status_code = $2, error = '', ended_at = now()
WHERE id = $1 AND state = 'waiting'
"""

TRY_LATER = """
UPDATE webhook_delivery SET status_code = $3, error = $4, next_at = now() + $5,
    state = CASE WHEN $6 THEN 'failed' ELSE 'waiting' END, ended_at = CASE WHEN $6 THEN now() END
WHERE id = $1 AND attempts = $2 AND state = 'waiting'
"""

WORKS = "UPDATE webhook SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL"

FAILS = """
UPDATE webhook SET failing_since = coalesce(failing_since, now()) WHERE id = $1 AND status = 'active'
RETURNING failing_since
"""

DISABLE = "UPDATE webhook SET status = 'disabled' WHERE id = $1 AND status = 'active' RETURNING true"

CANCEL = """
UPDATE webhook_delivery SET state = 'cancelled', ended_at = now() WHERE webhook_id = $1 AND state = 'waiting'
"""

FORGET = """
DELETE FROM webhook_event WHERE id = ANY (ARRAY(
    SELECT id FROM webhook_event WHERE created_at < now() - $1::interval
      AND NOT EXISTS (SELECT FROM webhook_delivery WHERE event_id = webhook_event.id AND state = 'waiting')
    ORDER BY created_at LIMIT $2))
"""


async def claim(connection: Connection, limit: int, lease: timedelta) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(CLAIM, limit, lease)]


async def deliver(connection: Connection, delivery_id: UUID, status_code: int | None) -> None:
    await connection.execute(DELIVER, delivery_id, status_code)


async def try_later(
    connection: Connection,
    delivery_id: UUID,
    attempts: int,
    status_code: int | None,
    error: str,
    delay: timedelta,
    *,
    is_over: bool,
) -> None:
    await connection.execute(TRY_LATER, delivery_id, attempts, status_code, error, delay, is_over)


async def works(connection: Connection, webhook_id: UUID) -> None:
    await connection.execute(WORKS, webhook_id)


async def fails(connection: Connection, webhook_id: UUID) -> datetime | None:
    """Since when it has been failing; None when it was switched off meanwhile."""
    since: datetime | None = await connection.fetchval(FAILS, webhook_id)
    return since


async def disable(connection: Connection, webhook_id: UUID) -> bool:
    """Switches it off, along with what waits; False when it was off."""
    if not await connection.fetchval(DISABLE, webhook_id):
        return False
    await connection.execute(CANCEL, webhook_id)
    return True


async def forget(connection: Connection, age: timedelta, limit: int) -> int:
    """Drops old events with their deliveries, but for those that still wait."""
    return int((await connection.execute(FORGET, age, limit)).split()[-1])
