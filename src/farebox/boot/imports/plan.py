"""What an import adds: channels with their keys, and models with routes and prices; all of it or nothing."""

import re
from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import Any

import msgspec

from farebox.boot.cli.session import Session
from farebox.boot.cli.trail import on_trail
from farebox.catalog import admin, channel_keys
from farebox.catalog.admin import FREE, NewChannel, NewModel, NewRoute
from farebox.catalog.store import load_snapshot
from farebox.domain.money import parse_price
from farebox.domain.pricing import PerTokenCard, Rates, TokenPrices
from farebox.upstream.presets import Preset, preset_named

_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}", re.ASCII)
_MILLIONTH = Decimal("0.000001")


class FoundChannel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel of the source; `base_url` None is the preset's own."""

    name: str
    preset: Preset
    base_url: str | None
    keys: tuple[bytes, ...]
    enabled: bool = True

    def __repr__(self) -> str:
        return f"FoundChannel({self.name!r})"


class FoundRoute(msgspec.Struct, frozen=True):
    """A model of the source on one of its channels; `rates` None: the source names no price."""

    model: str
    channel: str
    upstream_model: str
    priority: int
    weight: int
    rates: Rates | None


class Found(msgspec.Struct, frozen=True):
    """All that could be read; `notes` say what could not."""

    channels: tuple[FoundChannel, ...]
    routes: tuple[FoundRoute, ...]
    notes: tuple[str, ...]


class Imported(msgspec.Struct, frozen=True):
    """What was added, and what was left out and why."""

    channels: tuple[str, ...]
    models: tuple[str, ...]
    notes: tuple[str, ...]


async def add_all(session: Session, found: Found) -> Imported:
    """Adds what is not there yet, in one transaction; a name that is taken stays what it is."""
    snapshot = await load_snapshot(session.connection)
    seal = await session.seal()
    taken = {channel.name for channel in snapshot.channels.values()}
    notes = list(found.notes)
    channels = [channel for channel in found.channels if channel.name not in taken]
    notes += [f"channel {each.name} is there already" for each in found.channels if each.name in taken]
    models, unsold = models_of(found)
    notes += unsold
    notes += [f"model {model.name} is there already" for model in models if model.name in snapshot.models]
    models = [model for model in models if model.name not in snapshot.models]
    async with session.connection.transaction():
        for channel in channels:
            told = {"kind": channel.preset.kind, "provider": channel.preset.name, "base_url": _base_url(channel)}
            async with on_trail(session, "channel.add", f"channel:{channel.name}", after=told, reason="import"):
                await admin.add_channel(session.connection, session.ids, seal, _new_channel(channel))
                for key in channel.keys[1:]:
                    await channel_keys.add_channel_key(session.connection, session.ids, seal, channel.name, key)
                if not channel.enabled:
                    await admin.set_channel_enabled(session.connection, channel.name, enabled=False)
        for model in models:
            told = msgspec.to_builtins(model)
            async with on_trail(session, "model.add", f"model:{model.name}", after=told, reason="import"):
                await admin.add_model(session.connection, session.ids, model)
    return Imported(tuple(each.name for each in channels), tuple(each.name for each in models), tuple(notes))


def models_of(found: Found) -> tuple[list[NewModel], list[str]]:
    """The models that can be sold, and why others cannot: without any price, a call would be given away."""
    presets = {channel.name: channel.preset for channel in found.channels}
    routes: dict[str, list[FoundRoute]] = {}
    notes: list[str] = []
    for route in found.routes:
        if not _MODEL_NAME.fullmatch(route.model):
            notes.append(f"{route.model[:60]!r} cannot name a model")
        elif route.channel in presets:
            routes.setdefault(route.model, []).append(route)
    models: list[NewModel] = []
    for name, ways in routes.items():
        costs = {way: presets[way.channel].cost_of(way.upstream_model) for way in ways}
        rates = next((way.rates for way in ways if way.rates is not None), None) or next(
            (cost for cost in costs.values() if cost is not None), None
        )
        if rates is None:
            notes.append(f"model {name} has no price there and on no list: add it with `farebox model add`")
            continue
        models.append(NewModel(name=name, routes=_routes(ways, costs), rates=rates))
    return models, notes


def per_token(input_usd: Decimal, output_usd: Decimal) -> PerTokenCard:
    """Prices of USD per million tokens, rounded up to what a price can tell."""
    return PerTokenCard(prices=TokenPrices(input=_price(input_usd), output=_price(output_usd)))


def channel_name(text: str, taken: Sequence[str]) -> str:
    """A name that a channel can have, made of whatever it was called, and of no other's."""
    base = _ODD.sub("-", text).strip("-._")[:56] or "channel"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}-{number}", number + 1
    return name


def preset_or_compatible(name: str | None, base_url: str | None) -> Preset | None:
    """The preset of that name; any compatible server where only the address is known; None when neither is."""
    preset = None if name is None else preset_named(name)
    if preset is not None and (base_url or preset.base_url):
        return preset
    return preset_named("openai-compatible") if base_url else None


def _routes(ways: list[FoundRoute], costs: dict[FoundRoute, PerTokenCard | None]) -> tuple[NewRoute, ...]:
    routes: dict[tuple[str, str], NewRoute] = {}
    for way in ways:
        routes[way.channel, way.upstream_model] = NewRoute(
            channel=way.channel,
            upstream_model=way.upstream_model,
            priority=way.priority,
            weight=way.weight,
            cost=costs[way] or FREE,
        )
    return tuple(routes.values())


def _new_channel(channel: FoundChannel) -> NewChannel:
    return NewChannel(
        name=channel.name,
        kind=channel.preset.kind,
        provider=channel.preset.name,
        base_url=_base_url(channel),
        api_key=channel.keys[0] if channel.keys else None,
    )


def _base_url(channel: FoundChannel) -> str:
    base_url = channel.base_url or channel.preset.base_url
    assert base_url is not None  # preset_or_compatible
    return base_url


def _price(usd: Decimal) -> int:
    return parse_price(format(usd.quantize(_MILLIONTH, rounding=ROUND_CEILING), "f"))


def text_of(value: Any) -> str:
    """A text of the source; anything else is none."""
    return value.strip() if isinstance(value, str) else ""
