"""SQL that changes models and their routes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from farebox.domain.job import Task
from farebox.domain.pricing import Rates

SETTINGS = """
SELECT enabled, owned_by, family, context_tokens, most_output_tokens, input_modalities, tasks, most_audio_seconds,
       daily_cap_nano, account_daily_cap_nano, account_requests_per_minute
FROM model WHERE name = $1 FOR UPDATE
"""

UPDATE = """
UPDATE model
SET enabled = $2, owned_by = $3, family = $4, context_tokens = $5, most_output_tokens = $6, input_modalities = $7,
    tasks = $8, most_audio_seconds = $9, daily_cap_nano = $10, account_daily_cap_nano = $11,
    account_requests_per_minute = $12
WHERE name = $1
"""

CHANNEL_IDS = "SELECT name, id FROM channel WHERE name = ANY($1::text[])"

ROUTE_IDS = "SELECT id, channel_id, upstream_model FROM route WHERE model = $1"

ROUTES = """
SELECT channel.name AS channel, upstream_model, priority, weight, cost::text
FROM route JOIN channel ON channel.id = channel_id
WHERE model = $1
ORDER BY priority, route.id
"""

DELETE_ROUTES = "DELETE FROM route WHERE id = ANY($1::uuid[])"

UPDATE_ROUTE = "UPDATE route SET priority = $2, weight = $3, cost = $4 WHERE id = $1"

INSERT_ROUTE = """
INSERT INTO route (id, model, channel_id, upstream_model, priority, weight, cost) VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

_decode_rates = msgspec.json.Decoder(Rates).decode


class ModelSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All that is said of a model but its prices and routes; caps in nano-units of charges, None is none.

    `family` is what the status page shows it under; empty is its own name.
    """

    enabled: bool
    owned_by: str
    family: str
    context_tokens: int | None
    most_output_tokens: int | None
    input_modalities: tuple[str, ...]
    tasks: tuple[Task, ...]
    most_audio_seconds: int | None
    daily_cap_nano: int | None
    account_daily_cap_nano: int | None
    account_requests_per_minute: int | None


async def lock_settings(connection: Any, name: str) -> ModelSettings | None:
    """Locked until the transaction ends; None when there is no such model."""
    row = await connection.fetchrow(SETTINGS, name)
    if row is None:
        return None
    return ModelSettings(**dict(row) | {each: tuple(row[each]) for each in ("input_modalities", "tasks")})


async def update_settings(connection: Any, name: str, new: ModelSettings) -> None:
    values = [list(value) if isinstance(value, tuple) else value for value in msgspec.structs.astuple(new)]
    await connection.execute(UPDATE, name, *values)


async def channel_ids(connection: Any, names: Sequence[str]) -> dict[str, UUID]:
    return {row["name"]: row["id"] for row in await connection.fetch(CHANNEL_IDS, list(names))}


async def load_route_ids(connection: Any, model: str) -> dict[tuple[UUID, str], UUID]:
    """By channel and the provider's name of the model."""
    rows = await connection.fetch(ROUTE_IDS, model)
    return {(row["channel_id"], row["upstream_model"]): row["id"] for row in rows}


async def load_routes(connection: Any, model: str) -> list[dict[str, Any]]:
    """Channel by name, upstream_model, priority, weight, cost; those that are tried first come first."""
    return [dict(row) | {"cost": _decode_rates(row["cost"])} for row in await connection.fetch(ROUTES, model)]


async def delete_routes(connection: Any, route_ids: Sequence[UUID]) -> None:
    await connection.execute(DELETE_ROUTES, list(route_ids))


async def update_route(connection: Any, route_id: UUID, priority: int, weight: int, cost: Rates) -> None:
    await connection.execute(UPDATE_ROUTE, route_id, priority, weight, cost)


async def insert_route(
    connection: Any,
    route_id: UUID,
    model: str,
    channel_id: UUID,
    upstream_model: str,
    priority: int,
    weight: int,
    cost: Rates,
) -> None:
    await connection.execute(INSERT_ROUTE, route_id, model, channel_id, upstream_model, priority, weight, cost)
