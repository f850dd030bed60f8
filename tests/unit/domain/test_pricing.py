"""Quotes and prices: every token priced once, at its own price, and never above what was quoted for it."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.domain.pricing import (
    ContextTier,
    InputSizeOverride,
    PerCallCard,
    PerTokenCard,
    Quote,
    RateCard,
    Rates,
    TokenPrices,
    charge_nano,
    price,
    quote,
)
from farebox.domain.usage import Usage, sanitize

# 2.50 and 10 per million, cached input 0.25, cache writes 3.125, reasoning 12.
PRICES = TokenPrices(2_500_000, 10_000_000, cached_input=250_000, cache_write=3_125_000, reasoning=12_000_000)


def card(rates: Rates | None = None, factor_ppm: int = 1_000_000) -> RateCard:
    return RateCard(id=1, model="m", version=1, rates=rates or PerTokenCard(PRICES), factor_ppm=factor_ppm)


def lines(rates: RateCard, usage: Usage) -> dict[str, int]:
    return {line.line_class: line.quantity for line in price(rates, usage).lines}


@pytest.mark.parametrize(
    ("usage", "charge_nano"),
    [
        (Usage(), 0),
        (Usage(input_tokens=1000, output_tokens=100), 3_500_000),
        (Usage(input_tokens=1000, cached_input_tokens=800), 700_000),
        (Usage(input_tokens=1000, cache_write_tokens=1000), 3_125_000),
        (Usage(output_tokens=100, reasoning_tokens=100), 1_200_000),
        (Usage(input_tokens=1), 2_500),
    ],
)
def test_prices_of_usages(usage: Usage, charge_nano: int) -> None:
    """A table that one can check by hand."""
    assert price(card(), usage).charge_nano == charge_nano


def test_lesson_cached_input_is_counted_once_and_never_negative() -> None:
    """Lesson: cached input counted twice or negative. A part larger than its total is cut to it."""
    assert lines(card(), Usage(input_tokens=100, cached_input_tokens=70)) == {"input": 30, "cached_input": 70}
    assert lines(card(), Usage(input_tokens=100, cached_input_tokens=900)) == {"cached_input": 100}
    assert lines(card(), Usage(input_tokens=100, cached_input_tokens=-5)) == {"input": 100}


def test_lesson_cache_writes_and_reasoning_are_billed() -> None:
    """Lesson: cache writes and reasoning tokens unbilled; reasoning-only output counted as zero."""
    used = Usage(input_tokens=50, cache_write_tokens=50, output_tokens=20, reasoning_tokens=20)
    assert lines(card(), used) == {"cache_write": 50, "reasoning": 20}
    assert price(card(), used).charge_nano == 50 * 3_125 + 20 * 12_000


def test_lesson_media_tokens_have_their_own_price() -> None:
    """Lesson: image and audio tokens at the text price. Without a price of their own they cost their class's."""
    dear = card(PerTokenCard(TokenPrices(1000, 1000, image_input=7000, audio_output=9000)))
    used = Usage(input_tokens=10, image_input_tokens=4, audio_input_tokens=3, output_tokens=10, audio_output_tokens=10)
    assert price(dear, used).charge_nano == 3 * 1 + 4 * 7 + 3 * 1 + 10 * 9


def test_a_discount_is_exact_before_the_one_rounding() -> None:
    """95 % off a price per token that is no whole number of nano-units, summed, then rounded up once."""
    found = price(card(PerTokenCard(TokenPrices(1, 1)), factor_ppm=50_000), Usage(input_tokens=19_999, output_tokens=1))
    assert sum(line.amount_atto for line in found.lines) == 20_000 * 50_000
    assert found.charge_nano == 1


def test_a_larger_input_has_other_prices() -> None:
    """Above the bound the whole job has the other prices."""
    long = PerTokenCard(TokenPrices(1000, 1000), overrides=(InputSizeOverride(100, TokenPrices(2000, 3000)),))
    assert price(card(long), Usage(input_tokens=100, output_tokens=10)).charge_nano == 110
    assert price(card(long), Usage(input_tokens=101, output_tokens=10)).charge_nano == 232


def test_a_price_per_call_by_context_tier() -> None:
    """Tiers times the multiplier; above the last bound the last tier."""
    tiers = PerCallCard((ContextTier(16_384, 10**9), ContextTier(32_768, 2 * 10**9), ContextTier(None, 5 * 10**9)), 2)
    found = [price(card(tiers), Usage(input_tokens=size)).charge_nano // 10**9 for size in (1, 16_384, 16_385, 99_999)]
    assert found == [2, 2, 4, 10]
    assert quote(card(tiers), 16_385).hold_nano(4000) == 4 * 10**9


def test_n_answers_cost_n_times_their_output() -> None:
    """Lesson: holds that ignore what multiplies the output."""
    assert quote(card(), 0, answers=5).hold_nano(10) == 5 * 10 * 12_000


def test_affordable_output() -> None:
    """None where output is free, -1 where not even the input fits."""
    assert Quote(100 * 10**9, 10**9).affordable_output_tokens(150) == 50
    assert Quote(100 * 10**9, 0).affordable_output_tokens(150) is None
    assert Quote(100 * 10**9, 10**9).affordable_output_tokens(99) == -1


_pico = st.integers(0, 10**8)
_maybe = st.none() | _pico
_prices = st.builds(
    TokenPrices,
    input=_pico,
    output=_pico,
    cached_input=_maybe,
    cache_write=_maybe,
    image_input=_maybe,
    audio_input=_maybe,
    reasoning=_maybe,
    image_output=_maybe,
    audio_output=_maybe,
)
_count = st.integers(-10, 5000)
_usages = st.builds(Usage, *[_count] * 9)
_overrides = st.lists(
    st.builds(InputSizeOverride, st.integers(0, 5000), _prices),
    max_size=3,
    unique_by=lambda one: one.above_input_tokens,
).map(lambda some: tuple(sorted(some, key=lambda one: one.above_input_tokens)))
_per_token = st.builds(PerTokenCard, _prices, st.integers(0, 10**9), _overrides)
_per_call = st.lists(st.integers(0, 10**10), min_size=1, max_size=4).map(
    lambda some: PerCallCard(tuple(ContextTier(1000 * (i + 1), nano) for i, nano in enumerate(some)))
)
_cards = st.builds(card, _per_token | _per_call, st.integers(0, 2_000_000))


@given(_cards, _usages, st.integers(1, 4), st.integers(0, 100), st.integers(0, 100))
def test_a_price_within_the_bounds_never_exceeds_its_quote(
    rates: RateCard, usage: Usage, answers: int, more_input: int, more_output: int
) -> None:
    """Whatever the classes turn out to be, an input within its estimate and outputs within their bound fit the hold."""
    used = sanitize(usage)
    bound = -(-used.output_tokens // answers) + more_output
    held = quote(rates, used.input_tokens + more_input, answers=answers, media=True).hold_nano(bound)
    assert 0 <= price(rates, usage).charge_nano <= held


@given(_cards, _usages)
def test_lines_sum_to_the_charge_and_count_each_token_once(rates: RateCard, usage: Usage) -> None:
    """A receipt adds up, and to what the settlement charged."""
    found = price(rates, usage)
    assert charge_nano(rates.rates, rates.factor_ppm, usage) == found.charge_nano
    total = sum(line.amount_atto for line in found.lines)
    assert found.charge_nano == -(-total // 10**9)
    assert all(line.quantity > 0 for line in found.lines)
    if isinstance(rates.rates, PerTokenCard):
        counted = sum(line.quantity for line in found.lines if line.line_class != "request")
        assert counted == sanitize(usage).total_tokens


@given(_usages)
def test_sanitized_usage_is_within_its_totals(usage: Usage) -> None:
    """Parts never exceed their totals, nothing is negative, and cleaning twice changes nothing more."""
    clean = sanitize(usage)
    assert min(count for count in msgspec.structs.astuple(clean) if count is not None) >= 0
    parts_in = (
        clean.cached_input_tokens + clean.cache_write_tokens + clean.image_input_tokens + clean.audio_input_tokens
    )
    assert parts_in <= clean.input_tokens
    assert clean.reasoning_tokens + clean.image_output_tokens + clean.audio_output_tokens <= clean.output_tokens
    assert sanitize(clean) == clean


@given(st.builds(Quote, st.integers(0, 10**20), st.integers(1, 10**15)), st.integers(0, 10**15))
def test_what_is_affordable_is_exactly_what_fits(of: Quote, nano: int) -> None:
    """The largest output whose hold is paid for: one token more is not."""
    tokens = of.affordable_output_tokens(nano)
    assert tokens is not None
    if tokens >= 0:
        assert of.hold_nano(tokens) <= nano
    assert of.hold_nano(tokens + 1) > nano
