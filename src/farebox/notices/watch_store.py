"""SQL of watches. Each `cross_*` marks what is crossed now as told, and gives it, in the caller's transaction."""

from typing import Any
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

LOAD = "SELECT low_balance_nano, daily_spend_nano, monthly_spend_nano FROM spend_watch WHERE account_id = $1"

REPLACE = """
INSERT INTO spend_watch (account_id, low_balance_nano, daily_spend_nano, monthly_spend_nano) VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id) DO UPDATE SET
    low_balance_nano = EXCLUDED.low_balance_nano,
    daily_spend_nano = EXCLUDED.daily_spend_nano,
    monthly_spend_nano = EXCLUDED.monthly_spend_nano,
    is_low = spend_watch.is_low AND spend_watch.low_balance_nano IS NOT DISTINCT FROM EXCLUDED.low_balance_nano,
    told_day = CASE WHEN spend_watch.daily_spend_nano IS NOT DISTINCT FROM EXCLUDED.daily_spend_nano
                    THEN spend_watch.told_day ELSE 0 END,
    told_month = CASE WHEN spend_watch.monthly_spend_nano IS NOT DISTINCT FROM EXCLUDED.monthly_spend_nano
                      THEN spend_watch.told_month ELSE 0 END
"""

REARM = """
UPDATE spend_watch SET is_low = false FROM account
WHERE account.id = account_id AND is_low AND (low_balance_nano IS NULL OR balance_nano >= low_balance_nano)
"""

CROSS_LOW = """
UPDATE spend_watch SET is_low = true, crossings = crossings + 1 FROM account
WHERE account.id = account_id AND account_id = ANY (ARRAY(
    SELECT account_id FROM spend_watch JOIN account ON account.id = account_id
    WHERE status = 'active' AND NOT is_low AND balance_nano < low_balance_nano
    LIMIT $1 FOR UPDATE OF spend_watch SKIP LOCKED))
RETURNING account_id, balance_nano AS amount_nano, low_balance_nano AS threshold_nano, '' AS period,
    crossings::text AS occasion
"""

CROSS_DAY = """
UPDATE spend_watch SET told_day = day FROM account
WHERE account.id = account_id AND account_id = ANY (ARRAY(
    SELECT account_id FROM spend_watch JOIN account ON account.id = account_id
    WHERE told_day < day AND day_nano - held_nano >= daily_spend_nano
    LIMIT $1 FOR UPDATE OF spend_watch SKIP LOCKED))
RETURNING account_id, day_nano - held_nano AS amount_nano, daily_spend_nano AS threshold_nano, 'day' AS period,
    'day:' || day || ':' || daily_spend_nano AS occasion
"""

CROSS_MONTH = """
UPDATE spend_watch SET told_month = month FROM account
WHERE account.id = account_id AND account_id = ANY (ARRAY(
    SELECT account_id FROM spend_watch JOIN account ON account.id = account_id
    WHERE told_month < month AND month_nano - held_nano >= monthly_spend_nano
    LIMIT $1 FOR UPDATE OF spend_watch SKIP LOCKED))
RETURNING account_id, month_nano - held_nano AS amount_nano, monthly_spend_nano AS threshold_nano, 'month' AS period,
    'month:' || month || ':' || monthly_spend_nano AS occasion
"""


class Crossing(msgspec.Struct, frozen=True):
    """A mark that was crossed; `occasion` names this very crossing."""

    account_id: UUID
    amount_nano: int
    threshold_nano: int
    period: str
    occasion: str


async def load(connection: Connection, account_id: UUID) -> dict[str, Any]:
    row = await connection.fetchrow(LOAD, account_id)
    return {} if row is None else dict(row)


async def replace(
    connection: Connection, account_id: UUID, low_nano: int | None, daily_nano: int | None, monthly_nano: int | None
) -> None:
    await connection.execute(REPLACE, account_id, low_nano, daily_nano, monthly_nano)


async def rearm(connection: Connection) -> None:
    """Balances that are above their mark again will be told the next time they fall below."""
    await connection.execute(REARM)


async def cross_low(connection: Connection, limit: int) -> list[Crossing]:
    return _crossings(await connection.fetch(CROSS_LOW, limit))


async def cross_day(connection: Connection, limit: int) -> list[Crossing]:
    return _crossings(await connection.fetch(CROSS_DAY, limit))


async def cross_month(connection: Connection, limit: int) -> list[Crossing]:
    return _crossings(await connection.fetch(CROSS_MONTH, limit))


def _crossings(rows: list[Any]) -> list[Crossing]:
    return [Crossing(**row) for row in rows]
