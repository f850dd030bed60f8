"""SQL of the rollups of usage and margin."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

# Of the session, and so from before the snapshots of what is done under it.
_BEGIN = "SELECT pg_advisory_lock(hashtextextended('farebox_rollup', 0))"

_END = "SELECT pg_advisory_unlock(hashtextextended('farebox_rollup', 0))"

_STALE = "SELECT DISTINCT hour FROM usage_stale ORDER BY hour"

_FORGET_STALE = "DELETE FROM usage_stale WHERE hour = $1"

# The hold is found by scanning: there are no more of them than jobs that run.
_LOCK_MARK = """
SELECT until_ms, checked_ms, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms,
       (SELECT (extract(epoch FROM farebox_id_at(job_id)) * 1000)::bigint FROM hold ORDER BY job_id LIMIT 1)
           AS oldest_hold_ms
FROM usage_mark FOR UPDATE OF usage_mark
"""

_MOVE_MARK = "UPDATE usage_mark SET until_ms = $1, until_id = $2"

_MOVE_SECOND_LOOK = "UPDATE usage_mark SET checked_ms = $1"

_EMPTY_USAGE = "DELETE FROM usage_hour WHERE hour = $1"

_FILL_USAGE = """
INSERT INTO usage_hour (account_id, hour, key_id, model, channel_id, jobs, voided, input_tokens, cached_input_tokens,
    cache_write_tokens, output_tokens, reasoning_tokens, charge_nano, write_off_nano, cost_nano)
SELECT account_id, $1, key_id, model, coalesce(channel_id, '00000000-0000-0000-0000-000000000000'::uuid),
       sum(jobs), sum(voided), sum(input_tokens), sum(cached_input_tokens), sum(cache_write_tokens),
       sum(output_tokens), sum(reasoning_tokens), sum(charge_nano), sum(write_off_nano), sum(cost_nano)
FROM (
    SELECT account_id, key_id, model, channel_id, (status = 'settled')::integer AS jobs,
           (status = 'voided')::integer AS voided, input_tokens, cached_input_tokens, cache_write_tokens,
           output_tokens, reasoning_tokens, charge_nano, write_off_nano, cost_nano
    FROM job WHERE id >= $2 AND id < $3
    UNION ALL
    SELECT job.account_id, job.key_id, job.model, job_hedge.channel_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, job_hedge.cost_nano
    FROM job_hedge JOIN job ON job.account_id = job_hedge.account_id AND job.id = job_hedge.job_id
    WHERE job_hedge.job_id >= $2 AND job_hedge.job_id < $3 AND job.id >= $2 AND job.id < $3
) AS piece
GROUP BY account_id, key_id, model, channel_id
"""

_EMPTY_MARGIN = "DELETE FROM margin_hour WHERE hour = $1"

_FILL_MARGIN = """
INSERT INTO margin_hour (hour, model, channel_id, jobs, voided, charge_nano, write_off_nano, cost_nano)
SELECT hour, model, channel_id, sum(jobs), sum(voided), sum(charge_nano), sum(write_off_nano), sum(cost_nano)
FROM usage_hour WHERE hour = $1 GROUP BY hour, model, channel_id
"""

# Of what is still open there, the end is not in the rollup.
_NOTE_OPEN = """
INSERT INTO usage_stale (hour) SELECT $1 WHERE EXISTS (SELECT FROM hold WHERE job_id >= $2 AND job_id < $3)
"""


class Mark(msgspec.Struct, frozen=True):
    """How far the rollups are, and what they wait for. Times are unix milliseconds."""

    until_ms: int
    checked_ms: int
    now_ms: int
    oldest_hold_ms: int | None


async def begin(connection: Connection) -> None:
    """Wait for the others who build, and keep them waiting."""
    await connection.execute(_BEGIN)


async def end(connection: Connection) -> None:
    await connection.execute(_END)


async def stale_hours(connection: Connection) -> list[datetime]:
    return [row["hour"] for row in await connection.fetch(_STALE)]


async def forget_stale(connection: Connection, hour: datetime) -> None:
    await connection.execute(_FORGET_STALE, hour)


async def lock_mark(connection: Connection) -> Mark:
    row = await connection.fetchrow(_LOCK_MARK)
    assert row is not None
    return Mark(**row)


async def move_mark(connection: Connection, until_ms: int, until_id: UUID) -> None:
    await connection.execute(_MOVE_MARK, until_ms, until_id)


async def move_second_look(connection: Connection, checked_ms: int) -> None:
    await connection.execute(_MOVE_SECOND_LOOK, checked_ms)


async def rebuild(connection: Connection, hour: datetime, from_id: UUID, to_id: UUID) -> None:
    """The rows of an hour, from jobs with ids from `from_id` to before `to_id`."""
    await connection.execute(_EMPTY_USAGE, hour)
    await connection.execute(_FILL_USAGE, hour, from_id, to_id)
    await connection.execute(_EMPTY_MARGIN, hour)
    await connection.execute(_FILL_MARGIN, hour)
    await connection.execute(_NOTE_OPEN, hour, from_id, to_id)
