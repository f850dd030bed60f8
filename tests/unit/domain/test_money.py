"""Amounts: exact both ways, and what cannot be an amount is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.domain.errors import InvalidAmount
from farebox.domain.money import (
    MAX_NANO,
    MAX_PRICE,
    format_amount,
    format_atto,
    format_price,
    nano_from_atto_up,
    parse_amount,
    parse_price,
)


@pytest.mark.parametrize(
    ("text", "nano"),
    [
        ("0", 0),
        ("-0", 0),
        ("12.50", 12_500_000_000),
        ("0.000000001", 1),
        ("-3.1", -3_100_000_000),
        ("1.000000000000000000", 10**9),
        ("007", 7 * 10**9),
    ],
)
def test_amounts_are_read_exactly(text: str, nano: int) -> None:
    """A decimal string is its nano-units, without a float on the way."""
    assert parse_amount(text) == nano


@pytest.mark.parametrize(
    "text",
    [
        *("", " 1", "1 ", "+1", "1e3", "1.", ".5", "1,5", "NaN", "Infinity", "0x1", "\u0661", "1\n", "--1", "1_0"),
        *("0.0000000001", "1.000000000000000001", "123456789012345678.000000000000000001"),
        *("4611686018.427387905", "9" * 19),
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Exponents, signs, spaces, other digits, more than nine decimals, more than a bigint: refused, never rounded."""
    with pytest.raises(InvalidAmount):
        parse_amount(text)


@given(st.integers(-MAX_NANO, MAX_NANO))
def test_amounts_survive_the_round_trip(nano: int) -> None:
    """What is written is what is read."""
    assert parse_amount(format_amount(nano)) == nano


@given(st.integers(0, MAX_PRICE))
def test_prices_survive_the_round_trip(pico: int) -> None:
    """Prices too."""
    assert parse_price(format_price(pico)) == pico


@pytest.mark.parametrize("text", ["-1", "1000000.000001", "0.0000001", "999999999999999999"])
def test_what_is_no_price_is_refused(text: str) -> None:
    """Negative prices, prices that could overflow a charge, and more than six decimals."""
    with pytest.raises(InvalidAmount):
        parse_price(text)


@given(st.integers(0, 10**40))
def test_the_one_rounding_is_up(atto: int) -> None:
    """A charge is never less than its lines, and less than one nano-unit more."""
    assert 0 <= nano_from_atto_up(atto) * 10**9 - atto < 10**9


def test_lines_are_written_exactly() -> None:
    """A line of a receipt shows all of its eighteen decimals."""
    assert format_atto(125_000_000_000_001) == "0.000125000000000001"
    assert format_amount(700_000) == "0.0007"
