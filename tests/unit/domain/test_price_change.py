"""Which changes of prices count as a rise: those of which some call may cost more."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.domain.pieces import ImagePrice, PiecePrices
from farebox.domain.price_change import rises
from farebox.domain.pricing import (
    ContextTier,
    InputSizeOverride,
    PerCallCard,
    PerTokenCard,
    Rates,
    TokenPrices,
    charge_nano,
)
from farebox.domain.usage import Usage


def tokens(
    input_: int = 10, output: int = 20, *, overrides: tuple[InputSizeOverride, ...] = (), **more: Any
) -> PerTokenCard:
    own = {name: more.pop(name) for name in list(more) if name in TokenPrices.__struct_fields__}
    return PerTokenCard(prices=TokenPrices(input=input_, output=output, **own), overrides=overrides, **more)


def calls(*tiers: tuple[int | None, int], multiplier: int = 1) -> PerCallCard:
    return PerCallCard(tiers=tuple(ContextTier(*tier) for tier in tiers), multiplier=multiplier)


LONG = InputSizeOverride(100, TokenPrices(input=11, output=20))
CASES: dict[str, tuple[Rates, Rates, bool]] = {
    "the same": (tokens(), tokens(), False),
    "cheaper": (tokens(), tokens(9, 19), False),
    "dearer output": (tokens(), tokens(9, 21), True),
    "a class loses its low price": (tokens(cached_input=1), tokens(), True),
    "a class gets a high price": (tokens(), tokens(reasoning=21), True),
    "a class gets a low price": (tokens(), tokens(cached_input=1), False),
    "an hour's write follows the write": (tokens(cache_write=10), tokens(cache_write=12), True),
    "per request": (tokens(), tokens(per_request_nano=1), True),
    "long input dearer": (tokens(), tokens(overrides=(LONG,)), True),
    "long input no dearer any more": (tokens(overrides=(LONG,)), tokens(), False),
    "an image": (tokens(), tokens(pieces=PiecePrices(images=(ImagePrice(1),))), True),
    "a size of image": (
        tokens(pieces=PiecePrices(images=(ImagePrice(5),))),
        tokens(pieces=PiecePrices(images=(ImagePrice(5), ImagePrice(6, "large")))),
        True,
    ),
    "tiers": (calls((100, 1), (None, 5)), calls((90, 1), (None, 5)), True),
    "wider tiers": (calls((100, 1), (None, 5)), calls((110, 1), (None, 5)), False),
    "multiplier": (calls((None, 5)), calls((None, 5), multiplier=2), True),
    "another kind": (tokens(0, 0), calls((None, 0)), True),
}


@pytest.mark.parametrize("name", CASES)
def test_a_rise_is_seen(name: str) -> None:
    """Class by class, on each side of every bound."""
    old, new, expected = CASES[name]
    assert rises(old, new) is expected


_PRICES = st.integers(0, 5)
_TOKEN_PRICES = st.builds(
    TokenPrices,
    input=_PRICES,
    output=_PRICES,
    cached_input=st.none() | _PRICES,
    cache_write=st.none() | _PRICES,
    cache_write_1h=st.none() | _PRICES,
    reasoning=st.none() | _PRICES,
)
_CARDS = st.builds(
    PerTokenCard,
    prices=_TOKEN_PRICES,
    per_request_nano=_PRICES,
    overrides=st.just(()) | st.builds(lambda prices: (InputSizeOverride(50, prices),), _TOKEN_PRICES),
)
_USAGE = st.builds(
    lambda cached, written, long_written, plain, reasoned, said: Usage(
        input_tokens=cached + written + long_written + plain,
        output_tokens=reasoned + said,
        cached_input_tokens=cached,
        cache_write_tokens=written + long_written,
        cache_write_1h_tokens=long_written,
        reasoning_tokens=reasoned,
    ),
    *[st.integers(0, 40)] * 6,
)


@given(_CARDS, _CARDS, _USAGE)
def test_without_a_rise_no_call_costs_more(old: PerTokenCard, new: PerTokenCard, usage: Usage) -> None:
    """Whatever a call uses: prices that do not count as a rise charge it no more than before."""
    if not rises(old, new):
        assert charge_nano(new, 1_000_000, usage) <= charge_nano(old, 1_000_000, usage)
