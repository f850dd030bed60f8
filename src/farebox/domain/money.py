"""Amounts of money: integers inside, decimal strings outside, never floats.

Units, from coarse to fine, with 1 as the unit of account (USD or credit):

    nano   10^-9    balances, holds, charges, entries
    pico   10^-12   prices per token: "2.50" per million tokens is 2,500,000 pico per token
    atto   10^-18   line amounts: pico times parts per million, so that a discount is exact before the one rounding

A charge is summed in atto and rounded up once, to a nano-unit, per job.
"""

import re

from farebox.domain.errors import InvalidAmount

PICO_PER_TOKEN = 10**6  # pico per token for a price of 1 per million tokens
PPM = 10**6
ATTO_PER_NANO = 10**9
ATTO_PER_PICO = 10**6
# What a PostgreSQL bigint holds, less room for sums.
MAX_NANO = 2**62

# A price of one per token: with it, no usage that a provider can claim (domain/usage.py) is worth more than a bigint.
MAX_PRICE = PICO_PER_TOKEN * 10**6
# The same for a price per piece: a thousand for one (domain/pieces.py).
MAX_PIECE_PRICE = 1_000 * 10**12

_DECIMAL = re.compile(r"(-?)(\d{1,18})(?:\.(\d{1,18}))?", re.ASCII)


def _parse_scaled(text: str, digits: int, what: str) -> int:
    # In integers only: Decimal would round to its context's precision without a word.
    parts = _DECIMAL.fullmatch(text)
    if parts is None:
        raise InvalidAmount(f"{what} must be a decimal number such as 12.50, got {text[:40]!r}")
    sign, whole, fraction = parts.group(1), parts.group(2), (parts.group(3) or "").rstrip("0")
    if len(fraction) > digits:
        raise InvalidAmount(f"{what} has more than {digits} decimal places: {text[:40]}")
    scaled = int(whole + fraction.ljust(digits, "0"))
    return -scaled if sign else scaled


def parse_amount(text: str) -> int:
    """Nano-units of a decimal string; refuses exponents, more than nine decimals, and what a bigint cannot hold."""
    nano = _parse_scaled(text, 9, "an amount")
    if abs(nano) > MAX_NANO:
        raise InvalidAmount(f"an amount is larger than this ledger can hold: {text[:40]}")
    return nano


def parse_price(text: str) -> int:
    """Pico-units per token of a price per million tokens; refuses negative prices and more than six decimals."""
    price = _parse_scaled(text, 6, "a price per million tokens")
    if price < 0:
        raise InvalidAmount(f"a price cannot be negative: {text[:40]}")
    if price > MAX_PRICE:
        raise InvalidAmount(f"a price is larger than 1000000 per million tokens: {text[:40]}")
    return price


def parse_piece_price(text: str) -> int:
    """Pico-units of a price for one piece; refuses negative prices and more than twelve decimals."""
    price = _parse_scaled(text, 12, "a price for one piece")
    if price < 0:
        raise InvalidAmount(f"a price cannot be negative: {text[:40]}")
    if price > MAX_PIECE_PRICE:
        raise InvalidAmount(f"a price is larger than 1000 for one piece: {text[:40]}")
    return price


def _format_scaled(value: int, digits: int) -> str:
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), 10**digits)
    fraction = str(part).zfill(digits).rstrip("0")
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def format_amount(nano: int) -> str:
    """The exact decimal string of nano-units, without trailing zeros: 700000 gives '0.0007'."""
    return _format_scaled(nano, 9)


def format_price(pico_per_token: int) -> str:
    """The price per million tokens as a decimal string."""
    return _format_scaled(pico_per_token, 6)


def format_piece_price(pico: int) -> str:
    """The price of one piece as a decimal string."""
    return _format_scaled(pico, 12)


def parse_percent(text: str) -> int:
    """Parts per million of a percentage such as "12.5"; refuses negative ones and more than four decimals."""
    ppm = _parse_scaled(text, 4, "a percentage")
    if ppm < 0:
        raise InvalidAmount(f"a percentage cannot be negative: {text[:40]}")
    return ppm


def format_percent(ppm: int) -> str:
    """The exact percentage of parts per million: 125000 gives '12.5'."""
    return _format_scaled(ppm, 4)


def format_atto(atto: int) -> str:
    """The exact decimal string of atto-units: the amount of one line of a receipt."""
    return _format_scaled(atto, 18)


def nano_from_atto_up(atto: int) -> int:
    """Nano-units, rounded up: the one rounding of a charge."""
    return -(-atto // ATTO_PER_NANO)
