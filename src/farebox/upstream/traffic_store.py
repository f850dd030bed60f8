"""SQL of how provider calls go: the roll-up by the hour, and the pace that workers share."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

# Buckets are added by their place.
_ADD = """
INSERT INTO traffic_hour AS kept (hour, model, channel_id, stream, answered, refused, connect_faults, timeout_faults,
    status_faults, rate_limited_faults, auth_faults, protocol_faults, route_faults, first_byte_ms, first_byte_counts)
SELECT date_trunc('hour', clock_timestamp(), 'UTC'), new.*
FROM unnest($1::traffic_row[]) AS new
ON CONFLICT (hour, model, channel_id, stream) DO UPDATE
SET answered = kept.answered + excluded.answered,
    refused = kept.refused + excluded.refused,
    connect_faults = kept.connect_faults + excluded.connect_faults,
    timeout_faults = kept.timeout_faults + excluded.timeout_faults,
    status_faults = kept.status_faults + excluded.status_faults,
    rate_limited_faults = kept.rate_limited_faults + excluded.rate_limited_faults,
    auth_faults = kept.auth_faults + excluded.auth_faults,
    protocol_faults = kept.protocol_faults + excluded.protocol_faults,
    route_faults = kept.route_faults + excluded.route_faults,
    first_byte_ms = kept.first_byte_ms + excluded.first_byte_ms,
    first_byte_counts = ARRAY(
        SELECT coalesce(old, 0) + coalesce(more, 0)
        FROM unnest(kept.first_byte_counts, excluded.first_byte_counts) WITH ORDINALITY AS pair (old, more, place)
        ORDER BY place),
    updated_at = clock_timestamp()
"""

# Locked in order, so that workers that write the same rows wait for each other and never in a circle.
_LOCK_PACE = """
SELECT pace.model, pace.channel_id, pace.stream, average_ms, level,
       extract(epoch FROM clock_timestamp() - at)::float8 AS elapsed_s
FROM unnest($1::text[], $2::uuid[], $3::boolean[]) AS asked (model, channel_id, stream)
JOIN pace ON pace.model = asked.model AND pace.channel_id = asked.channel_id AND pace.stream = asked.stream
ORDER BY pace.model, pace.channel_id, pace.stream
FOR UPDATE OF pace
"""

_SET_PACE = """
INSERT INTO pace (model, channel_id, stream, average_ms, level, at)
SELECT model, channel_id, stream, average_ms, level, clock_timestamp()
FROM unnest($1::text[], $2::uuid[], $3::boolean[], $4::float8[], $5::smallint[])
    AS new (model, channel_id, stream, average_ms, level)
ORDER BY model, channel_id, stream
ON CONFLICT (model, channel_id, stream) DO UPDATE
SET average_ms = excluded.average_ms, level = excluded.level, at = excluded.at
"""

# What was measured long ago says nothing: such a channel counts as unknown and is tried again.
_LEVELS = "SELECT model, channel_id, stream, level FROM pace WHERE at > clock_timestamp() - interval '10 minutes'"

_FORGET_HOURS = "DELETE FROM traffic_hour WHERE hour < clock_timestamp() - make_interval(days => $1)"

_FORGET_PACE = "DELETE FROM pace WHERE at < clock_timestamp() - interval '1 day'"


class PaceRow(msgspec.Struct, frozen=True):
    """A stored average and how long ago it was written."""

    average_ms: float
    level: int
    elapsed_s: float


Lane = tuple[str, UUID, bool]  # model, channel, stream


async def add_traffic(connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    """Rows of the type traffic_row, in the order of their first three fields."""
    await connection.execute(_ADD, rows)


async def lock_pace(connection: Connection, lanes: Sequence[Lane]) -> dict[Lane, PaceRow]:
    """The stored averages of these lanes, locked until the transaction ends."""
    rows = await connection.fetch(_LOCK_PACE, *zip(*lanes, strict=True))
    return {(row[0], row[1], row[2]): PaceRow(row[3], row[4], row[5]) for row in rows}


async def set_pace(connection: Connection, averages: Sequence[tuple[str, UUID, bool, float, int]]) -> None:
    await connection.execute(_SET_PACE, *zip(*averages, strict=True))


async def load_levels(connection: Connection) -> dict[Lane, int]:
    """The levels that were measured lately."""
    return {(row[0], row[1], row[2]): row[3] for row in await connection.fetch(_LEVELS)}


async def forget_traffic(connection: Connection, kept_days: int) -> None:
    """Drop what the status page shows no more, and paces that nobody measures."""
    await connection.execute(_FORGET_HOURS, kept_days)
    await connection.execute(_FORGET_PACE)
