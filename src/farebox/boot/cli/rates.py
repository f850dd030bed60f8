"""Options of prices and costs made into rates, and rates as the command line shows them."""

from collections.abc import Sequence

import typer

from farebox.boot.cli.price_classes import shown_classes, with_classes
from farebox.domain.money import format_amount, format_price
from farebox.domain.pricing import PerTokenCard, Rates, TokenPrices


def rates_of(
    input_: int | None,
    output: int | None,
    cached_input: int | None,
    cache_write: int | None,
    cache_write_1h: int | None,
    per_request_nano: int | None,
    classes: Sequence[str] | None,
) -> PerTokenCard:
    """The rates that were given; bad usage when neither text nor anything else has a price."""
    if (input_ is None or output is None) and not classes:
        # A price that was forgotten must not be nothing.
        raise typer.BadParameter("say --input and --output, 0 for nothing, or what else is sold with --price")
    prices = TokenPrices(
        input=input_ or 0,
        output=output or 0,
        cached_input=cached_input,
        cache_write=cache_write,
        cache_write_1h=cache_write_1h,
    )
    return with_classes(PerTokenCard(prices=prices, per_request_nano=per_request_nano or 0), classes or ())


def costs_of(
    input_: int | None,
    output: int | None,
    cached_input: int | None,
    cache_write: int | None,
    cache_write_1h: int | None,
    per_request_nano: int | None,
    classes: Sequence[str] | None,
) -> PerTokenCard | None:
    """What the provider charges; None when nothing was said, and the list of its preset tells."""
    if (input_ is None) != (output is None):
        raise typer.BadParameter("--cost-input and --cost-output belong together")
    if classes or (input_ is not None and output is not None):
        return rates_of(input_, output, cached_input, cache_write, cache_write_1h, per_request_nano, classes)
    if any(each is not None for each in (cached_input, cache_write, cache_write_1h, per_request_nano)):
        raise typer.BadParameter("costs need --cost-input and --cost-output")
    return None


def shown_rates(rates: Rates) -> dict[str, str]:
    """Prices per million tokens as decimal strings; a card per call shows its tiers."""
    if not isinstance(rates, PerTokenCard):
        return {
            f"up_to_{tier.up_to_input_tokens or 'any'}": format_amount(tier.amount_nano * rates.multiplier)
            for tier in rates.tiers
        }
    prices = {
        "input": rates.prices.input,
        "output": rates.prices.output,
        "cached_input": rates.prices.cached_input,
        "cache_write": rates.prices.cache_write,
        "cache_write_1h": rates.prices.cache_write_1h,
    }
    shown = {name: format_price(value) for name, value in prices.items() if value is not None} | shown_classes(rates)
    if rates.per_request_nano:
        shown["per_request"] = format_amount(rates.per_request_nano)
    return shown
