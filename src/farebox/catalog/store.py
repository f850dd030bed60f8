"""SQL that reads the catalogue."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import msgspec

from farebox.catalog.snapshot import (
    Channel,
    ChannelKey,
    DatedCard,
    Discount,
    Model,
    ProviderCaps,
    Route,
    Snapshot,
    Stop,
    TokensPerKilobyte,
)
from farebox.catalog.terms import fits
from farebox.domain.pricing import RateCard, Rates

VERSION = "SELECT version FROM catalogue"

CHANNELS = """
SELECT id, name, kind, provider, base_url, allow_private, proxy, enabled, daily_cap_nano, concurrency
FROM channel
"""

CHANNEL_KEYS = "SELECT id, channel_id, sealed FROM channel_key WHERE enabled ORDER BY created_at, id"

PROVIDERS = "SELECT name, daily_cap_nano, concurrency FROM provider"

MODELS = """
SELECT name, enabled, owned_by, context_tokens, most_output_tokens, account_daily_cap_nano, daily_cap_nano,
       first_step_tokens, tokens_per_kilobyte::text, thinks_unseen, input_modalities,
       tasks, most_audio_seconds, family, account_requests_per_minute,
       (extract(epoch FROM created_at) * 1000)::bigint AS created_ms
FROM model
"""

ROUTES = """
SELECT id, model, channel_id, upstream_model, priority, weight, cost::text
FROM route
ORDER BY model, priority, id
"""

# The card in force and the coming ones of each model, oldest first. That one is in force is the database's judgement:
# a worker whose clock is behind must not find the model without a price.
CARDS = """
SELECT id, model, version, rates::text, factor_ppm,
       CASE WHEN effective_at > now() THEN ceil(extract(epoch FROM effective_at) * 1000)::bigint ELSE 0 END
           AS effective_ms
FROM rate_card AS card
WHERE NOT EXISTS (
    SELECT FROM rate_card AS later
    WHERE later.model = card.model AND later.effective_at <= now()
      AND (later.effective_at, later.version) > (card.effective_at, card.version)
)
ORDER BY model, effective_at, version
"""

# Those that hold and coming ones; that one holds already is the database's judgement, as with cards. The first
# millisecond in which it holds wholly, and in which it does no more.
DISCOUNTS = """
SELECT id, name, patterns, off_ppm, ceil(extract(epoch FROM ends_at) * 1000)::bigint AS ends_ms,
       CASE WHEN starts_at <= now() THEN 0 ELSE ceil(extract(epoch FROM starts_at) * 1000)::bigint END AS starts_ms
FROM discount
WHERE ends_at IS NULL OR (ends_at > now() AND ends_at > starts_at)
ORDER BY starts_at, id
"""

GROUPS = "SELECT name, factor_ppm FROM customer_group"

CARDS_BY_ID = "SELECT id, model, version, rates::text, factor_ppm FROM rate_card WHERE id = ANY($1::bigint[])"

# Last of all, so that a clock that is compared with it afterwards seems ahead rather than behind.
NOW_MS = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"

STOPS = "SELECT scope, target, reason, abort_running FROM stop"

_decode_rates = msgspec.json.Decoder(Rates).decode
_decode_tokens = msgspec.json.Decoder(TokensPerKilobyte).decode


async def load_version(connection: Any) -> int:
    version: int = await connection.fetchval(VERSION)
    return version


async def load_snapshot(connection: Any) -> Snapshot:
    """The whole catalogue at one version, read in one transaction so that its parts belong together."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        version = await load_version(connection)
        channels = await connection.fetch(CHANNELS)
        channel_keys = await connection.fetch(CHANNEL_KEYS)
        providers = await connection.fetch(PROVIDERS)
        models = await connection.fetch(MODELS)
        routes = await connection.fetch(ROUTES)
        cards = await connection.fetch(CARDS)
        discounts = await connection.fetch(DISCOUNTS)
        groups = await connection.fetch(GROUPS)
        stops = await connection.fetch(STOPS)
        read_ms = await connection.fetchval(NOW_MS)
    return Snapshot(
        version=version,
        models=_models(models, routes, cards, [_discount(row) for row in discounts]),
        channels=_channels(channels, channel_keys),
        providers={row["name"]: ProviderCaps(**row) for row in providers},
        stops=tuple(Stop(**row) for row in stops),
        read_ms=read_ms,
        groups={row["name"]: row["factor_ppm"] for row in groups},
    )


async def load_cards(connection: Any, card_ids: Collection[int]) -> dict[int, RateCard]:
    """Rate cards of any age by id, in one query: what old receipts were computed from."""
    return {row["id"]: _card(row) for row in await connection.fetch(CARDS_BY_ID, list(card_ids))}


def _card(row: Any) -> RateCard:
    return RateCard(
        id=row["id"],
        model=row["model"],
        version=row["version"],
        rates=_decode_rates(row["rates"]),
        factor_ppm=row["factor_ppm"],
    )


def _channels(channels: list[Any], channel_keys: list[Any]) -> dict[UUID, Channel]:
    pools: dict[UUID, list[ChannelKey]] = {}
    for row in channel_keys:
        pools.setdefault(row["channel_id"], []).append(ChannelKey(id=row["id"], sealed=row["sealed"]))
    return {row["id"]: Channel(**row, keys=tuple(pools.get(row["id"], ()))) for row in channels}


def _discount(row: Any) -> Discount:
    return Discount(**dict(row) | {"patterns": tuple(row["patterns"])})


def _models(models: list[Any], routes: list[Any], cards: list[Any], discounts: list[Discount]) -> dict[str, Model]:
    routes_of: dict[str, list[Route]] = {}
    for row in routes:
        routes_of.setdefault(row["model"], []).append(
            Route(
                id=row["id"],
                channel_id=row["channel_id"],
                upstream_model=row["upstream_model"],
                priority=row["priority"],
                weight=row["weight"],
                cost=_decode_rates(row["cost"]),
            )
        )
    cards_of: dict[str, list[DatedCard]] = {}
    for row in cards:
        cards_of.setdefault(row["model"], []).append(DatedCard(effective_ms=row["effective_ms"], card=_card(row)))
    return {row["name"]: _model(row, routes_of, cards_of, discounts) for row in models}


def _model(
    row: Any, routes_of: dict[str, list[Route]], cards_of: dict[str, list[DatedCard]], discounts: list[Discount]
) -> Model:
    learned = row["tokens_per_kilobyte"]
    return Model(
        name=row["name"],
        enabled=row["enabled"],
        owned_by=row["owned_by"],
        context_tokens=row["context_tokens"],
        most_output_tokens=row["most_output_tokens"],
        account_daily_cap_nano=row["account_daily_cap_nano"],
        daily_cap_nano=row["daily_cap_nano"],
        first_step_tokens=row["first_step_tokens"],
        tokens_per_kilobyte=None if learned is None else _decode_tokens(learned),
        tasks=tuple(row["tasks"]),
        most_audio_seconds=row["most_audio_seconds"],
        thinks_unseen=row["thinks_unseen"],
        family=row["family"],
        account_requests_per_minute=row["account_requests_per_minute"],
        input_modalities=tuple(row["input_modalities"]),
        created_ms=row["created_ms"],
        cards=tuple(cards_of.get(row["name"], ())),
        routes=tuple(routes_of.get(row["name"], ())),
        discounts=tuple(each for each in discounts if fits(each.patterns, row["name"])),
    )
