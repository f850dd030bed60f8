"""SQL that changes the catalogue. A trigger raises its version, so that every worker sees a change before it admits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.domain.pricing import Rates

INSERT_CHANNEL = """
INSERT INTO channel (id, name, kind, provider, base_url, allow_private, daily_cap_nano, concurrency)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

INSERT_CHANNEL_KEY = "INSERT INTO channel_key (id, channel_id, sealed) VALUES ($1, $2, $3)"

CHANNEL_ID = "SELECT id FROM channel WHERE name = $1"

# Locked, because a cap that is not changed is written back as it was read.
CHANNEL_CAPS = "SELECT daily_cap_nano, concurrency FROM channel WHERE name = $1 FOR UPDATE"

SET_CHANNEL_CAPS = "UPDATE channel SET daily_cap_nano = $2, concurrency = $3 WHERE name = $1"

# A provider is known by its channels; its own row is there for its caps only.
ENSURE_PROVIDER = "INSERT INTO provider (name) VALUES ($1) ON CONFLICT DO NOTHING"

PROVIDER_CAPS = "SELECT daily_cap_nano, concurrency FROM provider WHERE name = $1 FOR UPDATE"

SET_PROVIDER_CAPS = "UPDATE provider SET daily_cap_nano = $2, concurrency = $3 WHERE name = $1"

MODEL_CAPS = """
SELECT daily_cap_nano, account_daily_cap_nano, account_requests_per_minute FROM model WHERE name = $1 FOR UPDATE
"""

SET_MODEL_CAPS = """
UPDATE model SET daily_cap_nano = $2, account_daily_cap_nano = $3, account_requests_per_minute = $4 WHERE name = $1
"""

SET_MODEL_ENABLED = "UPDATE model SET enabled = $2 WHERE name = $1"

LOCK_CHANNEL = "SELECT kind FROM channel WHERE id = $1 FOR UPDATE"

CHANNEL_OF_KEY = "SELECT channel_id FROM channel_key WHERE id = $1"

CHANNEL_KEYS = "SELECT id, enabled, created_at FROM channel_key WHERE channel_id = $1 ORDER BY created_at, id"

DELETE_CHANNEL_KEY = "DELETE FROM channel_key WHERE id = $1"

SET_CHANNEL_ENABLED = "UPDATE channel SET enabled = $2 WHERE id = $1"

MODEL_EXISTS = "SELECT EXISTS (SELECT FROM model WHERE name = $1)"

PROVIDER_EXISTS = "SELECT EXISTS (SELECT FROM channel WHERE provider = $1)"

INSERT_MODEL = """
INSERT INTO model (name, owned_by, context_tokens, most_output_tokens, tasks, most_audio_seconds)
VALUES ($1, $2, $3, $4, $5, $6)
"""

INSERT_ROUTE = """
INSERT INTO route (id, model, channel_id, upstream_model, priority, weight, cost)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

# The model's row serialises two people who set its price at once: versions have no gaps, and the later one is in force.
LOCK_MODEL = "SELECT FROM model WHERE name = $1 FOR UPDATE"

# The time of the statement: that of the transaction may lie before the card of whoever had the lock first. Cut off, as
# the column would round it up, into the future.
INSERT_CARD = """
INSERT INTO rate_card (model, version, rates, effective_at)
SELECT $1, coalesce(max(version), 0) + 1, $2, coalesce($3, date_trunc('milliseconds', clock_timestamp()))
FROM rate_card WHERE model = $1
RETURNING id, version, effective_at
"""

NEWEST_RATES = "SELECT rates::text FROM rate_card WHERE model = $1 ORDER BY version DESC LIMIT 1"

MODELS_AMONG = "SELECT name FROM model WHERE name = ANY($1::text[])"

INSERT_STOP = """
INSERT INTO stop (scope, target, reason, abort_running) VALUES ($1, $2, $3, $4)
ON CONFLICT (scope, target) DO UPDATE SET reason = excluded.reason, abort_running = excluded.abort_running
"""

DELETE_STOP = "DELETE FROM stop WHERE scope = $1 AND target = $2"

STOPS = "SELECT scope, target, reason, abort_running, created_at FROM stop ORDER BY created_at, scope, target"

_decode_rates = msgspec.json.Decoder(Rates).decode


async def insert_channel(connection: Any, values: Sequence[Any]) -> None:
    """`values` in the order of INSERT_CHANNEL."""
    await connection.execute(INSERT_CHANNEL, *values)


async def insert_channel_key(connection: Any, key_id: UUID, channel_id: UUID, sealed: bytes) -> None:
    await connection.execute(INSERT_CHANNEL_KEY, key_id, channel_id, sealed)


async def find_channel(connection: Any, name: str) -> UUID | None:
    channel_id: UUID | None = await connection.fetchval(CHANNEL_ID, name)
    return channel_id


async def lock_channel_caps(connection: Any, name: str) -> tuple[int | None, int | None] | None:
    """Daily cap and concurrency, locked; None when there is no such channel."""
    row = await connection.fetchrow(CHANNEL_CAPS, name)
    return None if row is None else tuple(row)


async def set_channel_caps(connection: Any, name: str, daily_nano: int | None, concurrency: int | None) -> None:
    await connection.execute(SET_CHANNEL_CAPS, name, daily_nano, concurrency)


async def lock_provider_caps(connection: Any, name: str) -> tuple[int | None, int | None]:
    """Daily cap and concurrency, locked; a provider without a row gets one."""
    await connection.execute(ENSURE_PROVIDER, name)
    daily_nano, concurrency = await connection.fetchrow(PROVIDER_CAPS, name)
    return daily_nano, concurrency


async def set_provider_caps(connection: Any, name: str, daily_nano: int | None, concurrency: int | None) -> None:
    await connection.execute(SET_PROVIDER_CAPS, name, daily_nano, concurrency)


async def lock_model_caps(connection: Any, name: str) -> tuple[int | None, int | None, int | None] | None:
    """Daily caps of all accounts and of one, and its requests per minute, locked; None when there is no such model."""
    row = await connection.fetchrow(MODEL_CAPS, name)
    return None if row is None else tuple(row)


async def set_model_caps(
    connection: Any, name: str, daily_nano: int | None, account_daily_nano: int | None, account_requests: int | None
) -> None:
    await connection.execute(SET_MODEL_CAPS, name, daily_nano, account_daily_nano, account_requests)


async def set_model_enabled(connection: Any, name: str, *, enabled: bool) -> bool:
    """Whether there is such a model."""
    return bool(await connection.execute(SET_MODEL_ENABLED, name, enabled) == "UPDATE 1")


async def lock_channel(connection: Any, channel_id: UUID) -> str:
    """The kind of a channel; its pool of keys is then the caller's to change."""
    kind: str = await connection.fetchval(LOCK_CHANNEL, channel_id)
    return kind


async def channel_of_key(connection: Any, key_id: UUID) -> UUID | None:
    channel_id: UUID | None = await connection.fetchval(CHANNEL_OF_KEY, key_id)
    return channel_id


async def load_channel_keys(connection: Any, channel_id: UUID) -> list[dict[str, Any]]:
    """Id, switch and age of a channel's keys, oldest first; never the secret."""
    return [dict(row) for row in await connection.fetch(CHANNEL_KEYS, channel_id)]


async def delete_channel_key(connection: Any, key_id: UUID) -> bool:
    """Whether it was there."""
    return bool(await connection.execute(DELETE_CHANNEL_KEY, key_id) == "DELETE 1")


async def set_channel_enabled(connection: Any, channel_id: UUID, *, enabled: bool) -> None:
    await connection.execute(SET_CHANNEL_ENABLED, channel_id, enabled)


async def model_exists(connection: Any, name: str) -> bool:
    return bool(await connection.fetchval(MODEL_EXISTS, name))


async def provider_exists(connection: Any, name: str) -> bool:
    return bool(await connection.fetchval(PROVIDER_EXISTS, name))


async def insert_model(connection: Any, values: Sequence[Any]) -> None:
    """`values` in the order of INSERT_MODEL."""
    await connection.execute(INSERT_MODEL, *values)


async def insert_route(connection: Any, values: Sequence[Any]) -> None:
    """`values` in the order of INSERT_ROUTE."""
    await connection.execute(INSERT_ROUTE, *values)


async def lock_model(connection: Any, name: str) -> bool:
    """Whether there is such a model; its row is then locked until the transaction ends."""
    return await connection.fetchrow(LOCK_MODEL, name) is not None


async def insert_card(
    connection: Any, model: str, rates: Rates, effective_at: datetime | None
) -> tuple[int, int, datetime]:
    """The id, version and first moment of the new rate card; now when no moment is given."""
    row = await connection.fetchrow(INSERT_CARD, model, rates, effective_at)
    return row["id"], row["version"], row["effective_at"]


async def insert_stop(connection: Any, scope: str, target: str, reason: str, *, abort_running: bool) -> None:
    await connection.execute(INSERT_STOP, scope, target, reason, abort_running)


async def delete_stop(connection: Any, scope: str, target: str) -> bool:
    """Whether there was such a stop."""
    return bool(await connection.execute(DELETE_STOP, scope, target) == "DELETE 1")


async def load_stops(connection: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(STOPS)]


async def newest_rates(connection: Any, model: str) -> Rates:
    """The prices of the rate card that was set last, be it in force yet or not; every model has one."""
    rates: Rates = _decode_rates(await connection.fetchval(NEWEST_RATES, model))
    return rates


async def models_among(connection: Any, names: Sequence[str]) -> set[str]:
    """Those of the names that a model has."""
    return {row["name"] for row in await connection.fetch(MODELS_AMONG, list(names))}
