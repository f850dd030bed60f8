"""`python -m farebox.upstream.presets_table FILE`: write what the presets say into docs/presets.md.

The tables are made from the data that channels are run by, so that they cannot say anything else.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from farebox.dialects.openai_extras import EXTRAS, strip_of
from farebox.dialects.table import with_table
from farebox.dialects.usage_table import usage_table
from farebox.upstream.presets import Preset, TokenPriceFacts, presets

WRITER = "farebox.upstream.presets_table"

_CLASSES = ("input", "output", "cached_input", "cache_write", "cache_write_1h", "audio_input", "reasoning")


def presets_tables() -> str:
    """All tables of the document, in Markdown."""
    known = presets().values()
    parts = (
        "### Addresses and keys",
        _table(("preset", "provider", "kind", "base URL", "key in"), map(_address, known)),
        "### Requests",
        _table(("preset", "output bound", "end user's id", "left out", "written otherwise"), map(_request, known)),
        "### Usage in streams",
        _table(("preset", "reported"), ((f"`{preset.name}`", preset.usage.stream) for preset in known)),
        "### Known deviations",
        "\n".join(f"- `{preset.name}`: {deviation}" for preset in known for deviation in preset.deviations) + "\n",
        "### Members taken out of answers",
        _from_everyone(),
        _table(("vendor", "of the answer or chunk", "of choices", "of usage"), map(_extras, EXTRAS)),
        "### What a usage object means",
        usage_table(),
        "### List prices",
        _table(("preset", "model", *(name.replace("_", " ") for name in _CLASSES), "as of"), _prices(known)),
    )
    return "\n".join(f"{part}\n" if part.startswith("#") else part for part in parts)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, ("---",) * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _address(preset: Preset) -> tuple[str, ...]:
    url = f"`{preset.base_url}`" if preset.base_url else f"such as `{preset.base_url_form}`"
    key = f"`{preset.key_header}: {preset.key_scheme}KEY`" + ("" if preset.needs_key else ", if it asks for one")
    return (_names((preset.name, *preset.aliases)), preset.title, preset.kind, url, key)


def _request(preset: Preset) -> tuple[str, ...]:
    facts = preset.request
    return (
        f"`{preset.name}`",
        f"`{facts.bound}`",
        f"`{facts.end_user}`" if facts.end_user else "none",
        _names(facts.leaves_out),
        ", ".join(f"`{ours}` as `{theirs}`" for ours, theirs in facts.renames.items()),
    )


def _extras(vendor: str) -> tuple[str, ...]:
    extras = EXTRAS[vendor]
    return (vendor, _names(extras.top), _names(extras.choice), _names(extras.usage))


def _from_everyone() -> str:
    # What goes from the answers of a vendor that adds nothing goes from all.
    strip = strip_of("openai")
    return (
        f"From everyone: {_names(sorted(strip.top))}; of usage also {_names(sorted(strip.usage - strip.top))}. "
        "From some vendors besides:\n"
    )


def _prices(known: Iterable[Preset]) -> Iterable[tuple[str, ...]]:
    for preset in known:
        prices = preset.prices
        if prices is None:
            continue
        if prices.same_as is not None or prices.resold:
            whose = f"those of `{prices.same_as}`" if prices.same_as else f"those of the makers {_names(prices.resold)}"
            yield (f"`{preset.name}`", whose, *("" for _ in _CLASSES), "")
        for model in prices.models:
            yield _price_row(preset.name, model.name, model, prices.as_of.isoformat())
            if model.above_200k is not None:
                above = f"{model.name}, input above 200,000 tokens"
                yield _price_row(preset.name, above, model.above_200k, prices.as_of.isoformat())


def _price_row(preset: str, model: str, facts: TokenPriceFacts, as_of: str) -> tuple[str, ...]:
    return (f"`{preset}`", model, *(getattr(facts, name) or "" for name in _CLASSES), as_of)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main() -> None:
    document = Path(sys.argv[1])
    text = with_table(document.read_text(encoding="utf-8"), WRITER, presets_tables())
    document.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
