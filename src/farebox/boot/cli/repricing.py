"""`farebox model price`: a rate card made from the one before; a price that is not named stays what it was."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import msgspec
import typer

from farebox.boot.cli.price_classes import with_classes
from farebox.domain.pricing import PerTokenCard, Rates

# Prices that a model need not have: its tokens then cost what others of their kind do.
_CLEARED: dict[str, dict[str, None]] = {
    "cached-input": {"cached_input": None},
    "cache-write": {"cache_write": None},
    "cache-write-1h": {"cache_write_1h": None},
}
_PER_REQUEST = "per-request"
_NAMES = (*_CLEARED, _PER_REQUEST)

Clear = Annotated[
    list[str] | None,
    typer.Option(metavar="PRICE", help=f"A price to take back: {', '.join(_NAMES)}. May be given many times."),
]


def repriced(
    prices: Mapping[str, int | None], per_request_nano: int | None, classes: Sequence[str], clear: Sequence[str]
) -> Callable[[Rates], Rates]:
    """What makes the new prices from the old; bad usage when nothing changes, or a price is both given and cleared."""
    given = {name: price for name, price in prices.items() if price is not None}
    unknown = [name for name in clear if name not in _NAMES]
    if unknown:
        raise typer.BadParameter(f"--clear {unknown[0][:40]} is none of {', '.join(_NAMES)}")
    cleared: dict[str, None] = {}
    for name in clear:
        cleared |= _CLEARED.get(name, {})
    is_free = _PER_REQUEST in clear
    if given.keys() & cleared.keys() or (is_free and per_request_nano is not None):
        raise typer.BadParameter("a price is either given or cleared")
    if not (given or clear or classes or per_request_nano is not None):
        raise typer.BadParameter("say what to change: give at least one price, or --clear one")

    def change(rates: Rates) -> Rates:
        if not isinstance(rates, PerTokenCard):
            raise typer.BadParameter("this model is sold per call, and the command line sets prices per token")
        request_nano = 0 if is_free else rates.per_request_nano if per_request_nano is None else per_request_nano
        changed = msgspec.structs.replace(rates.prices, **given, **cleared)
        return with_classes(msgspec.structs.replace(rates, prices=changed, per_request_nano=request_nano), classes)

    return change
