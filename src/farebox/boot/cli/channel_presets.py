"""`farebox channel presets`, and what a preset fills in of a channel that is being added."""

from typing import Any

import msgspec
import typer

from farebox.boot.cli.options import Data, Json
from farebox.boot.cli.output import emit, table
from farebox.upstream.endpoint import parse_endpoint
from farebox.upstream.presets import Kind, Preset, find_preset, preset_named, presets


class Plan(msgspec.Struct, frozen=True):
    """A channel to be added, with what its preset knows."""

    name: str
    kind: Kind
    provider: str
    base_url: str
    needs_key: bool


def plan(
    *, name: str | None, preset: str | None, kind: Kind | None, base_url: str | None, provider: str | None
) -> Plan:
    """What was given, completed from the preset or the kind; BadParameter when something is missing or at odds."""
    chosen = None if preset is None else _known(preset)
    if chosen is None and kind is None:
        raise typer.BadParameter("give --preset (`farebox channel presets` lists them) or --kind")
    if name is None and chosen is None:
        raise typer.BadParameter("--name is needed without --preset")
    if kind is None:
        assert chosen is not None
        kind = chosen.kind
    # A kind alone is its vendor's own, where it has one.
    of_kind = chosen or find_preset(kind, "", "")
    url = base_url or of_kind.base_url
    if url is None:
        whose = f"channels of kind {kind}" if chosen is None else f"the preset {chosen.name}"
        raise typer.BadParameter(f"--base-url is needed for {whose}, such as {of_kind.base_url_form}")
    host = parse_endpoint(url, allow_private=True).host
    if provider is None and chosen is not None and chosen is not presets()["openai-compatible"]:
        provider = chosen.name
    elif provider is None:
        provider = host if kind == "openai-compatible" else kind
    if chosen is not None and (found := find_preset(kind, provider, url)) is not chosen:
        raise typer.BadParameter(
            f"a channel of kind {kind} and provider {provider} at {host} belongs to the preset {found.name}, not to "
            f"{chosen.name}: leave out --kind and --provider, or give another --base-url"
        )
    needs_key = of_kind.needs_key and (chosen is not None or kind != "openai-compatible")
    return Plan(name or of_kind.name, kind, provider, url, needs_key)


def show(*, data: Data = None, json: Json = False) -> None:
    """The presets: providers of which Farebox knows address, key header, parameters, usage and prices."""
    del data  # every command takes it; these are the same everywhere
    found = [_describe(preset) for preset in presets().values()]
    emit(found, json=json, text=table(found, ("preset", "title", "kind", "base_url", "prices_as_of")))


def _known(name: str) -> Preset:
    preset = preset_named(name)
    if preset is None:
        raise typer.BadParameter(f"there is no preset {name[:80]!r}: use one of {', '.join(presets())}")
    return preset


def _describe(preset: Preset) -> dict[str, Any]:
    prices = preset.prices
    return {
        "preset": preset.name,
        "aliases": list(preset.aliases),
        "title": preset.title,
        "kind": preset.kind,
        "base_url": preset.base_url or preset.base_url_form,
        "key_header": preset.key_header,
        "needs_key": preset.needs_key,
        "deviations": list(preset.deviations),
        "prices_as_of": None if prices is None else prices.as_of.isoformat(),
        "models_with_prices": [] if prices is None else [model.name for model in prices.models],
    }
