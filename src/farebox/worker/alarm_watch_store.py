"""SQL of what operators are warned of."""

from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

# The hour that runs and the one before it. $1: provider calls at least, $2: percent of faults.
FAILING_CHANNELS = """
SELECT channel.id, channel.name, channel.provider, calls, faults, (faults * 100 / calls)::integer AS percent
FROM (
    SELECT channel_id, sum(answered + refused + failed)::bigint AS calls, sum(failed)::bigint AS faults
    FROM (SELECT *, connect_faults + timeout_faults + status_faults + rate_limited_faults + auth_faults
                    + protocol_faults + route_faults AS failed FROM traffic_hour) AS traffic
    WHERE hour > clock_timestamp() - interval '2 hours'
    GROUP BY channel_id
) AS lately
JOIN channel ON channel.id = channel_id
WHERE enabled AND calls >= $1 AND faults * 100 >= calls * $2
ORDER BY channel.name
"""

# Channels that have keys of which none is tried, with how many calls their provider refused for the key's sake.
DEAD_POOLS = """
SELECT channel.id, channel.name, channel.provider, count(*) AS keys, coalesce((
           SELECT sum(auth_faults) FROM traffic_hour
           WHERE channel_id = channel.id AND hour > clock_timestamp() - interval '2 hours'), 0)::bigint AS auth_faults
FROM channel JOIN channel_key ON channel_id = channel.id AND channel_key.enabled
LEFT JOIN health ON subject = 'channel_key:' || channel_key.id AND state <> 'closed'
WHERE channel.enabled
GROUP BY channel.id
HAVING bool_and(subject IS NOT NULL)
ORDER BY channel.name
"""

# Of the last day, by model and by channel. $1: nano-units lost.
LOSSES = """
SELECT what, id, name, charge_nano, cost_nano FROM (
    SELECT 'model' AS what, model AS id, model AS name, sum(charge_nano)::bigint AS charge_nano,
           sum(cost_nano)::bigint AS cost_nano
    FROM margin_hour WHERE hour > clock_timestamp() - interval '25 hours' GROUP BY model
    UNION ALL
    SELECT 'channel', channel_id::text, coalesce((SELECT channel.name FROM channel WHERE channel.id = channel_id), ''),
           sum(charge_nano)::bigint, sum(cost_nano)::bigint
    FROM margin_hour WHERE hour > clock_timestamp() - interval '25 hours' GROUP BY channel_id
) AS sums
WHERE cost_nano - charge_nano >= $1
ORDER BY what, name
"""

DELIVERY_UNKNOWN = """
SELECT count(*)::integer FROM (SELECT FROM job WHERE delivery_unknown LIMIT 10000) AS counted
"""

# By queue ('support:<id>' is of the queue support).
OVERDUE = """
SELECT split_part(subject, ':', 1) AS queue, count(*) AS count, min(due_at) AS oldest_due_at
FROM review_case WHERE kind = 'overdue' AND status = 'open'
GROUP BY queue ORDER BY queue
"""

TODAY = "SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date::text"

# Calls that a channel's provider refused lately, the newest first: what to name to it. $2: an id below all of them.
COMPLAINTS = """
SELECT id, account_id, outcome, provider_request_id, created_at FROM job
WHERE id >= $2 AND channel_id = $1 AND outcome IN ('refused', 'provider_error') AND provider_request_id IS NOT NULL
ORDER BY id DESC LIMIT $3
"""

# Whose calls the provider denied by this channel, and for whom that was a signal already.
DENIED = """
SELECT trace.account_id, count(*) AS denied
FROM trace JOIN job ON job.account_id = trace.account_id AND job.id = trace.id AND job.channel_id = $1
WHERE trace.id >= $2 AND trace.kind = 'denied' AND EXISTS (
    SELECT FROM signal WHERE signal.account_id = trace.account_id AND signal.kind = 'provider_denial'
      AND raised_at > clock_timestamp() - interval '1 day')
GROUP BY trace.account_id ORDER BY denied DESC, trace.account_id
"""


async def failing_channels(connection: Connection, least_calls: int, percent: int) -> list[Any]:
    return list(await connection.fetch(FAILING_CHANNELS, least_calls, percent))


async def dead_pools(connection: Connection) -> list[Any]:
    return list(await connection.fetch(DEAD_POOLS))


async def losses(connection: Connection, least_nano: int) -> list[Any]:
    return list(await connection.fetch(LOSSES, least_nano))


async def delivery_unknown(connection: Connection) -> int:
    """Jobs that were charged and perhaps not delivered, counted up to 10,000."""
    count: int = await connection.fetchval(DELIVERY_UNKNOWN)
    return count


async def overdue(connection: Connection) -> list[Any]:
    return list(await connection.fetch(OVERDUE))


async def today(connection: Connection) -> str:
    day: str = await connection.fetchval(TODAY)
    return day


async def complaints(connection: Connection, channel_id: UUID, lower: UUID, limit: int) -> list[Any]:
    return list(await connection.fetch(COMPLAINTS, channel_id, lower, limit))


async def denied(connection: Connection, channel_id: UUID, lower: UUID) -> list[tuple[UUID, int]]:
    """Accounts and how many of their calls were denied, the most first."""
    return [(row["account_id"], row["denied"]) for row in await connection.fetch(DENIED, channel_id, lower)]
