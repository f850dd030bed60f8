"""SQL of how calls went lately: by channel for the operator, by model and day for the status page."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

CHANNELS = """
SELECT channel_id, sum(answered)::bigint AS answered, sum(refused)::bigint AS refused,
       sum(connect_faults + timeout_faults + status_faults + protocol_faults)::bigint AS faults,
       sum(rate_limited_faults)::bigint AS rate_limited, sum(auth_faults)::bigint AS auth_faults,
       sum(route_faults)::bigint AS route_faults, sum(first_byte_ms)::bigint AS first_byte_ms
FROM traffic_hour WHERE hour > clock_timestamp() - interval '24 hours'
GROUP BY channel_id
"""

# A call that was tried on two channels counts on both: what a day shows is how providers did, not how customers fared.
DAYS = """
SELECT model, (hour AT TIME ZONE 'UTC')::date AS day, sum(answered + refused)::bigint AS answered,
       sum(connect_faults + timeout_faults + status_faults + rate_limited_faults + auth_faults + protocol_faults
           + route_faults)::bigint AS faults,
       sum(first_byte_ms)::bigint AS first_byte_ms, sum(answered)::bigint AS timed
FROM traffic_hour
WHERE hour >= date_trunc('day', clock_timestamp(), 'UTC') - make_interval(days => $1 - 1)
GROUP BY model, day
"""


class ChannelDay(msgspec.Struct, frozen=True):
    """The last 24 hours of one channel, in provider calls. `first_byte_ms` is the sum over what was answered."""

    channel_id: UUID
    answered: int
    refused: int
    faults: int
    rate_limited: int
    auth_faults: int
    route_faults: int
    first_byte_ms: int


class ModelDay(msgspec.Struct, frozen=True):
    """One model on one day. `first_byte_ms` is the sum over `timed` answers."""

    model: str
    day: date
    answered: int
    faults: int
    first_byte_ms: int
    timed: int


async def load_channel_day(connection: Any) -> dict[UUID, ChannelDay]:
    return {row["channel_id"]: ChannelDay(**row) for row in await connection.fetch(CHANNELS)}


async def load_model_days(connection: Any, days: int) -> list[ModelDay]:
    """The last days with any traffic, today among them, in no order."""
    return [ModelDay(**row) for row in await connection.fetch(DAYS, days)]
