"""What the operator changes in the catalogue: channels, models, prices, emergency stops. One transaction each.

It judges names and references. Whether an address may be reached is judged where connections are made (upstream/).
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from farebox.catalog import admin_store as store
from farebox.catalog.snapshot import channel_key_purpose
from farebox.domain.errors import CommandError
from farebox.domain.job import Task
from farebox.domain.pricing import PerTokenCard, Rates, TokenPrices
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource

ChannelKind = Literal["openai", "openai-compatible", "anthropic", "gemini", "simulator"]
StopScope = Literal["all", "provider", "channel", "model"]

FREE = PerTokenCard(prices=TokenPrices(input=0, output=0))

# A channel's name stands before the slash of a route, a model's in URLs and answers.
_CHANNEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)
_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}", re.ASCII)
_UPSTREAM_NAME = re.compile(r"[\x21-\x7e]{1,256}", re.ASCII)


class NewChannel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel to be added; caps are in provider cost. `api_key` is kept sealed only."""

    name: str
    kind: ChannelKind
    provider: str
    base_url: str
    allow_private: bool = False
    daily_cap_nano: int | None = None
    concurrency: int | None = None
    api_key: bytes | None = None

    def __repr__(self) -> str:
        return f"NewChannel({self.name!r}, {self.kind!r})"


class NewRoute(msgspec.Struct, frozen=True, kw_only=True):
    """A route to be added: lower priorities are tried first, weights share within one priority."""

    channel: str
    upstream_model: str
    priority: int = 0
    weight: int = 1
    cost: Rates = FREE


class NewModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model to be added with its first rate card."""

    name: str
    routes: tuple[NewRoute, ...]
    rates: Rates
    context_tokens: int | None = None
    most_output_tokens: int | None = None
    owned_by: str = "farebox"
    tasks: tuple[Task, ...] = ("chat", "embeddings")
    most_audio_seconds: int | None = None


class CardAdded(msgspec.Struct, frozen=True):
    """The new version of a model's prices, and from when it is in force."""

    id: int
    version: int
    effective_at: datetime


async def add_channel(connection: Any, ids: IdSource, seal: Seal, new: NewChannel) -> UUID:
    """The id of the new channel; CommandError when the name is unusable or taken."""
    if not _CHANNEL_NAME.fullmatch(new.name):
        raise CommandError(
            f"{new.name[:80]!r} cannot name a channel: use letters, digits, dots, dashes and underscores"
        )
    channel_id = ids.new()
    values = (
        channel_id,
        new.name,
        new.kind,
        new.provider,
        new.base_url,
        new.allow_private,
        new.daily_cap_nano,
        new.concurrency,
    )
    try:
        async with connection.transaction():
            await store.insert_channel(connection, values)
            if new.api_key is not None:
                key_id = ids.new()
                sealed = seal.seal(new.api_key, purpose=channel_key_purpose(key_id))
                await store.insert_channel_key(connection, key_id, channel_id, sealed)
    except asyncpg.UniqueViolationError:
        raise CommandError(f"there is a channel named {new.name} already") from None
    return channel_id


async def set_channel_enabled(connection: Any, name: str, *, enabled: bool) -> UUID:
    """Switches a channel on or off; calls on it that run already end normally."""
    async with connection.transaction():
        channel_id = await _channel(connection, name)
        await store.set_channel_enabled(connection, channel_id, enabled=enabled)
    return channel_id


async def add_model(connection: Any, ids: IdSource, new: NewModel) -> CardAdded:
    """Puts a model on sale: its row, its routes and its first rate card appear together."""
    if not _MODEL_NAME.fullmatch(new.name):
        raise CommandError(f"{new.name[:80]!r} cannot name a model: use letters, digits and any of . _ : / @ + -")
    if not new.routes:
        raise CommandError("a model needs at least one route")
    async with connection.transaction():
        try:
            async with connection.transaction():
                await store.insert_model(
                    connection,
                    (
                        new.name,
                        new.owned_by,
                        new.context_tokens,
                        new.most_output_tokens,
                        list(new.tasks),
                        new.most_audio_seconds,
                    ),
                )
        except asyncpg.UniqueViolationError:
            raise CommandError(
                f"there is a model named {new.name} already: change its prices with `farebox model price`"
            ) from None
        for route in new.routes:
            await _add_route(connection, ids, new.name, route)
        return CardAdded(*await store.insert_card(connection, new.name, new.rates, None))


async def change_price(
    connection: Any, model: str, change: Callable[[Rates], Rates], effective_at: datetime | None
) -> CardAdded:
    """A new rate card version, made from the one that was set last; jobs that are admitted already keep theirs."""
    async with connection.transaction():
        if not await store.lock_model(connection, model):
            raise CommandError(f"there is no model {model}")
        rates = change(await store.newest_rates(connection, model))
        return CardAdded(*await store.insert_card(connection, model, rates, effective_at))


async def unknown_models(connection: Any, names: Sequence[str]) -> list[str]:
    """Those of the names that no model has, in their order."""
    known = await store.models_among(connection, names)
    return [name for name in names if name not in known]


async def stop(connection: Any, scope: StopScope, target: str, reason: str, *, abort_running: bool = False) -> None:
    """Bars everything, a provider, a channel or a model from the next admission on; repeating it changes the reason."""
    async with connection.transaction():
        await require_target(connection, scope, target)
        await store.insert_stop(connection, scope, target, reason, abort_running=abort_running)


async def resume(connection: Any, scope: StopScope, target: str) -> None:
    """Ends a stop; CommandError when there is none of this scope and target."""
    if not await store.delete_stop(connection, scope, target):
        raise CommandError(f"nothing is stopped by {describe_stop(scope, target)}")


def describe_stop(scope: StopScope, target: str) -> str:
    """A stop as the option that sets it."""
    return "--all" if scope == "all" else f"--{scope} {target}"


async def load_stops(connection: Any) -> Sequence[dict[str, Any]]:
    """The stops in force, oldest first."""
    return await store.load_stops(connection)


async def _add_route(connection: Any, ids: IdSource, model: str, route: NewRoute) -> None:
    if not _UPSTREAM_NAME.fullmatch(route.upstream_model):
        raise CommandError(f"{route.upstream_model[:80]!r} cannot be a provider's model name")
    channel_id = await _channel(connection, route.channel)
    values = (ids.new(), model, channel_id, route.upstream_model, route.priority, route.weight, route.cost)
    try:
        async with connection.transaction():
            await store.insert_route(connection, values)
    except asyncpg.UniqueViolationError:
        raise CommandError(f"the route {route.channel}/{route.upstream_model} is given twice") from None


async def _channel(connection: Any, name: str) -> UUID:
    channel_id = await store.find_channel(connection, name)
    if channel_id is None:
        raise CommandError(f"there is no channel named {name}")
    return channel_id


async def require_target(connection: Any, scope: StopScope, target: str) -> None:
    """CommandError when there is nothing of this name: a stop that names nothing would look like one that works."""
    if scope == "channel":
        await _channel(connection, target)
    elif scope == "model" and not await store.model_exists(connection, target):
        raise CommandError(f"there is no model {target}")
    elif scope == "provider" and not await store.provider_exists(connection, target):
        raise CommandError(f"no channel belongs to a provider named {target}")
