"""Channels, keys, models and prices of one-api and new-api, from their SQLite file or PostgreSQL database.

Their prices are ratios: 1 is 2 USD per million tokens of input; output is that times the completion ratio.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import asyncpg
import msgspec

from farebox.boot.imports.plan import (
    Found,
    FoundChannel,
    FoundRoute,
    channel_name,
    per_token,
    preset_or_compatible,
    text_of,
)
from farebox.domain.errors import CommandError
from farebox.domain.money import parse_amount
from farebox.domain.pricing import ContextTier, PerCallCard, Rates
from farebox.storage.database import connect

Source = Literal["one-api", "new-api"]

# Numbers that both give to kinds of channels, by our presets; above 26 they went their own ways.
_COMMON = {1: "openai", 3: "azure", 14: "anthropic", 17: "alibaba", 20: "openrouter", 24: "google"}
_OWN: dict[Source, dict[int, str]] = {
    "one-api": {28: "mistral", 29: "groq", 30: "ollama", 36: "deepseek", 40: "bytedance"},
    "new-api": {4: "ollama", 42: "mistral", 43: "deepseek", 45: "bytedance", 48: "xai"},
}
_USD_PER_RATIO = Decimal(2)
_ENABLED = 1
_CHANNELS = "SELECT * FROM channels ORDER BY id"
_OPTIONS = "SELECT * FROM options"
_Row = Mapping[str, Any]


class _Prices(msgspec.Struct, frozen=True):
    """Ratios of input, ratios of output to input, and USD per call, by model."""

    inputs: dict[str, Decimal]
    outputs: dict[str, Decimal]
    calls: dict[str, Decimal]

    def of(self, model: str) -> Rates | None:
        if model in self.calls:
            return PerCallCard(tiers=(ContextTier(None, parse_amount(format(round(self.calls[model], 9), "f"))),))
        # How dear output is may be built into the other program: better no price than a wrong one.
        if model not in self.inputs or model not in self.outputs:
            return None
        input_usd = self.inputs[model] * _USD_PER_RATIO
        return per_token(input_usd, input_usd * self.outputs[model])


async def read(source: Source, place: str) -> Found:
    """All that can be used; CommandError when there is no such database."""
    channels, options = await _load(place)
    settings = {text_of(row.get("key")): text_of(row.get("value")) for row in options}
    return found_in(source, channels, settings)


def found_in(source: Source, channels: Sequence[_Row], settings: Mapping[str, str]) -> Found:
    """The same from rows and options that were read."""
    prices = _Prices(*(_numbers(settings, name) for name in ("ModelRatio", "CompletionRatio", "ModelPrice")))
    highest = max((int(row.get("priority") or 0) for row in channels), default=0)
    found: list[FoundChannel] = []
    routes: list[FoundRoute] = []
    notes: list[str] = []
    for row in channels:
        channel = _channel(source, row, [each.name for each in found])
        if channel is None:
            notes.append(f"channel {text_of(row.get('name'))!r}: its kind is not known, and it has no base URL")
        else:
            found.append(channel)
            routes += _routes(row, channel.name, prices, highest)
    return Found(tuple(found), tuple(routes), tuple(notes))


def _channel(source: Source, row: _Row, taken: Sequence[str]) -> FoundChannel | None:
    base_url = text_of(row.get("base_url")) or None
    known = {**_COMMON, **_OWN[source]}.get(int(row.get("type") or 0))
    preset = preset_or_compatible(known, base_url)
    if preset is None:
        return None
    return FoundChannel(
        name=channel_name(text_of(row.get("name")), taken),
        preset=preset,
        base_url=None if base_url is None else _with_version(base_url, preset.kind),
        keys=tuple(line.strip().encode() for line in text_of(row.get("key")).splitlines() if line.strip()),
        enabled=int(row.get("status") or 0) == _ENABLED,
    )


def _routes(row: _Row, channel: str, prices: _Prices, highest: int) -> list[FoundRoute]:
    mapping = _mapping(text_of(row.get("model_mapping")))
    names = (part.strip() for part in text_of(row.get("models")).split(","))
    return [
        FoundRoute(
            model=model,
            channel=channel,
            upstream_model=mapping.get(model, model),
            # There the highest goes first, here the lowest.
            priority=highest - int(row.get("priority") or 0),
            weight=max(1, int(row.get("weight") or 0)),
            rates=prices.of(model),
        )
        for model in dict.fromkeys(name for name in names if name)
    ]


async def _load(place: str) -> tuple[Sequence[_Row], Sequence[_Row]]:
    if place.startswith(("postgres://", "postgresql://")):
        try:
            connection = await connect(place, application_name="farebox-import")
            try:
                return await connection.fetch(_CHANNELS), await connection.fetch(_OPTIONS)
            finally:
                await connection.close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise CommandError(f"the database to import from cannot be read: {type(error).__name__}") from None
    return _load_file(Path(place))


def _load_file(place: Path) -> tuple[Sequence[_Row], Sequence[_Row]]:
    if not place.is_file():
        raise CommandError(f"{place} is neither a SQLite file nor a postgresql:// URL")
    try:
        opened = sqlite3.connect(f"{place.absolute().as_uri()}?mode=ro", uri=True)
        opened.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in opened.execute(_CHANNELS)], [dict(row) for row in opened.execute(_OPTIONS)]
        finally:
            opened.close()
    except sqlite3.Error as error:
        raise CommandError(f"{place} cannot be read: {error}") from None


def _numbers(settings: Mapping[str, str], name: str) -> dict[str, Decimal]:
    try:
        given = json.loads(settings.get(name) or "{}", parse_float=Decimal, parse_int=Decimal)
        return {model: number for model, number in given.items() if isinstance(number, Decimal) and number >= 0}
    except (ValueError, InvalidOperation, AttributeError):
        raise CommandError(f"the option {name} there is not a table of numbers") from None


def _mapping(text: str) -> dict[str, str]:
    try:
        given = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(to) for name, to in given.items()} if isinstance(given, dict) else {}


def _with_version(base_url: str, kind: str) -> str:
    """Their base URLs have no version, which ours have where the vendor's SDK wants it."""
    bare = base_url.rstrip("/")
    return f"{bare}/v1" if kind.startswith("openai") and not urlsplit(bare).path else bare
