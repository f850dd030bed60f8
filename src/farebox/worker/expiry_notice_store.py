"""SQL of notices of expiring lots."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

# The remainder is as it stands now: whoever is told late reads what is left.
MARK_EXPIRING = """
WITH expiring AS (
    SELECT lot.account_id, lot.id AS lot_id, remaining_nano, expires_at
    FROM lot JOIN account ON account.id = lot.account_id
    WHERE expires_at > now() AND expires_at <= now() + make_interval(days => $1) AND remaining_nano > 0
      AND status <> 'closed'
      AND NOT EXISTS (SELECT FROM lot_notice WHERE lot_notice.account_id = lot.account_id AND lot_id = lot.id)
    ORDER BY expires_at, lot.id LIMIT $2
), marked AS (
    INSERT INTO lot_notice (account_id, lot_id, expires_at) SELECT account_id, lot_id, expires_at FROM expiring
    ON CONFLICT DO NOTHING
    RETURNING lot_id
)
SELECT account_id, lot_id, remaining_nano, expires_at FROM expiring JOIN marked USING (lot_id) ORDER BY expires_at
"""

FORGET = "DELETE FROM lot_notice WHERE expires_at < now() - interval '1 day'"


class ExpiringLot(msgspec.Struct, frozen=True):
    """What of a lot is left, and until when."""

    account_id: UUID
    lot_id: UUID
    remaining_nano: int
    expires_at: datetime


async def mark_expiring(connection: Connection, days: int, limit: int) -> list[ExpiringLot]:
    """Lots that expire within so many days and were not told of; they are now."""
    return [ExpiringLot(**row) for row in await connection.fetch(MARK_EXPIRING, days, limit)]


async def forget(connection: Connection) -> None:
    """Drops marks of lots that have expired."""
    await connection.execute(FORGET)
