"""SQL of dormancy. Activity is a call that was let in, paid or promotional credit that came in, or the beginning."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

_UNUSED = """
SELECT account.id AS account_id, warned_at, clock_timestamp() AS now, greatest(
           created_at, to_timestamp(last_us / 1000000.0),
           (SELECT max(lot.created_at) FROM lot WHERE lot.account_id = account.id AND kind IN ('paid', 'promo'))
       ) AS active_at
FROM account
JOIN account_contact ON account_contact.account_id = account.id
LEFT JOIN dormancy_warning ON dormancy_warning.account_id = account.id
WHERE status = 'active' AND EXISTS (SELECT FROM member WHERE member.account_id = account.id)
"""

UNUSED = f"""
{_UNUSED}
  AND account.id > $2 AND created_at <= now() - $1::interval
  AND to_timestamp(last_us / 1000000.0) <= now() - $1::interval
ORDER BY account.id LIMIT $3
"""

LOOK_AGAIN = f"{_UNUSED} AND account.id = $1"

NOTE_WARNING = """
INSERT INTO dormancy_warning (account_id, warned_at) VALUES ($1, clock_timestamp())
ON CONFLICT (account_id) DO UPDATE SET warned_at = EXCLUDED.warned_at
"""

FORGET_WARNING = "DELETE FROM dormancy_warning WHERE account_id = $1"


class Unused(msgspec.Struct, frozen=True):
    """An account, when it was last used, and when it was warned; `now` is the database's time."""

    account_id: UUID
    warned_at: datetime | None
    now: datetime
    active_at: datetime


async def unused(connection: Connection, unused_for: timedelta, after: UUID, limit: int) -> list[Unused]:
    """Active accounts with members that may have been unused for so long, in the order of their ids."""
    return [Unused(**row) for row in await connection.fetch(UNUSED, unused_for, after, limit)]


async def look_again(connection: Connection, account_id: UUID) -> Unused | None:
    row = await connection.fetchrow(LOOK_AGAIN, account_id)
    return None if row is None else Unused(**row)


async def note_warning(connection: Connection, account_id: UUID) -> None:
    await connection.execute(NOTE_WARNING, account_id)


async def forget_warning(connection: Connection, account_id: UUID) -> None:
    await connection.execute(FORGET_WARNING, account_id)
