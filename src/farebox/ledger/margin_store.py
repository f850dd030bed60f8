"""SQL of margins: over all accounts from the small rollup, by account from the other one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

# The sums first, and the names of what is left.
_NAMED = """
SELECT at, label,
       CASE $3 WHEN 'channel' THEN coalesce((SELECT name FROM channel WHERE id = label::uuid), '')
               WHEN 'account' THEN coalesce((SELECT email FROM account_contact WHERE account_id = label::uuid), '')
               ELSE label END AS name,
       jobs, voided, charge_nano, cost_nano, write_off_nano
FROM summed ORDER BY at, charge_nano DESC, label LIMIT $6
"""

_SUMS_OF_ALL = """
WITH summed AS MATERIALIZED (
    SELECT CASE $4 WHEN 'day' THEN date_trunc('day', hour, 'UTC') ELSE $1 END AS at,
           CASE $3 WHEN 'model' THEN model WHEN 'channel' THEN channel_id::text ELSE '' END AS label,
           sum(jobs)::bigint AS jobs, sum(voided)::bigint AS voided, sum(charge_nano)::bigint AS charge_nano,
           sum(cost_nano)::bigint AS cost_nano, sum(write_off_nano)::bigint AS write_off_nano
    FROM margin_hour
    WHERE hour >= $1 AND hour < $2 AND ($5::text IS NULL OR model = $5) AND ($7::uuid IS NULL OR channel_id = $7)
    GROUP BY 1, 2
)
"""

_OF_ALL = f"{_SUMS_OF_ALL} {_NAMED}"

_SUMS_OF_ACCOUNTS = """
WITH summed AS MATERIALIZED (
    SELECT CASE $4 WHEN 'day' THEN date_trunc('day', hour, 'UTC') ELSE $1 END AS at,
           CASE $3 WHEN 'model' THEN model WHEN 'channel' THEN channel_id::text WHEN 'account' THEN account_id::text
                   ELSE '' END AS label,
           sum(jobs)::bigint AS jobs, sum(voided)::bigint AS voided, sum(charge_nano)::bigint AS charge_nano,
           sum(cost_nano)::bigint AS cost_nano, sum(write_off_nano)::bigint AS write_off_nano
    FROM usage_hour
    WHERE hour >= $1 AND hour < $2 AND ($5::text IS NULL OR model = $5) AND ($7::uuid IS NULL OR channel_id = $7)
      AND ($8::uuid IS NULL OR account_id = $8)
    GROUP BY 1, 2
)
"""

_OF_ACCOUNTS = f"{_SUMS_OF_ACCOUNTS} {_NAMED}"

_COMPLETE_UNTIL = "SELECT to_timestamp(until_ms / 1000.0::float8) FROM usage_mark"


async def load_lines(
    connection: Connection,
    *,
    per_account: bool,
    since: datetime,
    until: datetime,
    split: str,
    step: str,
    model: str | None,
    channel_id: UUID | None,
    account_id: UUID | None,
    most: int,
) -> list[Any]:
    """Sums by step and label."""
    facts = (since, until, split, step, model, most, channel_id)
    if per_account:
        return list(await connection.fetch(_OF_ACCOUNTS, *facts, account_id))
    return list(await connection.fetch(_OF_ALL, *facts))


async def complete_until(connection: Connection) -> datetime:
    """The moment up to which the rollups have everything."""
    moment: datetime = await connection.fetchval(_COMPLETE_UNTIL)
    return moment
