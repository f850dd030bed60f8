"""Rate cards, quotes and prices: pure arithmetic on integers.

A *rate card* is immutable and versioned; a job pins the one it was admitted with. `quote` says what a job may cost at
worst before it runs (a linear function of its output bound), `price` what it did cost, line by line.
"""

from typing import Literal

import msgspec

from farebox.domain.money import ATTO_PER_NANO, ATTO_PER_PICO, PPM, nano_from_atto_up
from farebox.domain.pieces import PiecePrices, Pieces
from farebox.domain.usage import Usage, sanitize


class TokenPrices(msgspec.Struct, frozen=True, omit_defaults=True):
    """Pico-units per token by class; a class without a price of its own costs what its parent class costs."""

    input: int
    output: int
    cached_input: int | None = None
    cache_write: int | None = None
    image_input: int | None = None
    audio_input: int | None = None
    reasoning: int | None = None
    image_output: int | None = None
    audio_output: int | None = None
    cache_write_1h: int | None = None

    def dearest(self, *, media: bool) -> tuple[int, int]:
        """The highest price that a token of input, and one of output, can have."""
        most_input, most_output = self.input, self.output
        if self.cache_write is not None or self.cache_write_1h is not None or self.cached_input is not None:
            most_input = max(most_input, self.cache_write or 0, self.cache_write_1h or 0, self.cached_input or 0)
        if self.reasoning is not None:
            most_output = max(most_output, self.reasoning)
        if media:
            most_input = max(most_input, self.image_input or 0, self.audio_input or 0)
            most_output = max(most_output, self.image_output or 0, self.audio_output or 0)
        return most_input, most_output


class InputSizeOverride(msgspec.Struct, frozen=True):
    """Other prices for a whole job whose input is larger than `above_input_tokens` (long-context pricing)."""

    above_input_tokens: int
    prices: TokenPrices


class PerTokenCard(msgspec.Struct, frozen=True, tag="per_token", omit_defaults=True):
    """Prices per token, an amount per request, overrides by input size in ascending order, and prices by the piece."""

    prices: TokenPrices
    per_request_nano: int = 0
    overrides: tuple[InputSizeOverride, ...] = ()
    pieces: PiecePrices | None = None

    def prices_for(self, input_tokens: int) -> TokenPrices:
        chosen = self.prices
        for override in self.overrides:
            if input_tokens > override.above_input_tokens:
                chosen = override.prices
        return chosen

    def reachable(self, input_tokens: int) -> list[tuple[TokenPrices, int]]:
        """The prices that an input of at most this size can fall under, each with the largest such input."""
        found: list[tuple[TokenPrices, int]] = []
        chosen = self.prices
        for override in self.overrides:
            if input_tokens > override.above_input_tokens:
                found.append((chosen, override.above_input_tokens))
                chosen = override.prices
        found.append((chosen, input_tokens))
        return found


class ContextTier(msgspec.Struct, frozen=True):
    """The price of a call whose input has at most `up_to_input_tokens`; None is the tier without an end."""

    up_to_input_tokens: int | None
    amount_nano: int


class PerCallCard(msgspec.Struct, frozen=True, tag="per_call"):
    """A price per call by size of the input context, in ascending order, times the model's multiplier."""

    tiers: tuple[ContextTier, ...]
    multiplier: int = 1

    def amount_nano(self, input_tokens: int) -> int:
        for tier in self.tiers:
            if tier.up_to_input_tokens is None or input_tokens <= tier.up_to_input_tokens:
                return tier.amount_nano * self.multiplier
        return self.tiers[-1].amount_nano * self.multiplier

    def most_nano(self, input_tokens: int) -> int:
        """The dearest of the tiers that an input of at most this size can fall under."""
        dearest = self.amount_nano(input_tokens)
        for tier in self.tiers:
            if tier.up_to_input_tokens is not None and tier.up_to_input_tokens < input_tokens:
                dearest = max(dearest, tier.amount_nano * self.multiplier)
        return dearest


Rates = PerTokenCard | PerCallCard


class RateCard(msgspec.Struct, frozen=True):
    """One version of the prices of one model. `factor_ppm` is what is charged of the list price: 50,000 is 95 % off."""

    id: int
    model: str
    version: int
    rates: Rates
    factor_ppm: int = PPM


class Quote(msgspec.Struct, frozen=True):
    """The worst price of a job as a linear function of its output tokens, in atto-units."""

    base_atto: int
    per_output_token_atto: int

    def hold_nano(self, output_tokens: int) -> int:
        return nano_from_atto_up(self.base_atto + self.per_output_token_atto * output_tokens)

    def affordable_output_tokens(self, nano: int) -> int | None:
        """The most output tokens that `nano` pays for; None when output is free, -1 when not even the input fits."""
        left = nano * ATTO_PER_NANO - self.base_atto
        if left < 0:
            return -1
        if self.per_output_token_atto == 0:
            return None
        return left // self.per_output_token_atto


LineClass = Literal[
    "request",
    "context_tier",
    "input",
    "cached_input",
    "cache_write",
    "cache_write_1h",
    "image_input",
    "audio_input",
    "output",
    "reasoning",
    "image_output",
    "audio_output",
    "image",
    "audio_second",
    "character",
    "search_unit",
]


class Line(msgspec.Struct, frozen=True):
    """One line of a receipt. `unit_price_atto` is per token (or per piece, or request), after the card's factor."""

    line_class: LineClass
    quantity: int
    unit_price_atto: int

    @property
    def amount_atto(self) -> int:
        return self.quantity * self.unit_price_atto


class Price(msgspec.Struct, frozen=True):
    """What a usage costs on a rate card: the exact lines and the one rounded-up charge."""

    lines: tuple[Line, ...]
    charge_nano: int


FREE = Price(lines=(), charge_nano=0)

_ATTO_PER_PICO_PPM = ATTO_PER_PICO // PPM
_ATTO_PER_NANO_PPM = ATTO_PER_NANO // PPM
_PARTS_OF_INPUT = frozenset(("cached_input", "cache_write", "cache_write_1h", "image_input", "audio_input"))


def quote(
    card: RateCard, input_tokens: int, *, answers: int = 1, media: bool = False, pieces: Pieces | None = None
) -> Quote:
    """The worst price for an input of this size with `answers` answers (`n`, `best_of`) of the output bound each.

    The dearest class that any input (or output) token could fall into decides, because which ones will be cache writes
    or reasoning is known only afterwards. Media classes count only where the request carries media. The input may turn
    out smaller than its estimate, so a price by input size is the dearest of all sizes up to it. `pieces` are the most
    that there can be of each.
    """
    return quote_rates(card.rates, card.factor_ppm, input_tokens, answers=answers, media=media, pieces=pieces)


def quote_rates(
    rates: Rates, factor_ppm: int, input_tokens: int, *, answers: int, media: bool, pieces: Pieces | None = None
) -> Quote:
    """The same for prices that are on no card, such as those of a provider."""
    if isinstance(rates, PerCallCard):
        return Quote(base_atto=_scaled_nano(rates.most_nano(input_tokens), factor_ppm), per_output_token_atto=0)
    input_pico = output_pico = 0
    for prices, most_input_tokens in rates.reachable(input_tokens):
        dearest_input, dearest_output = prices.dearest(media=media)
        input_pico = max(input_pico, most_input_tokens * dearest_input)
        output_pico = max(output_pico, dearest_output)
    if rates.pieces is not None and pieces is not None:
        input_pico += rates.pieces.most_pico(pieces.sane())
    return Quote(
        base_atto=_scaled_nano(rates.per_request_nano, factor_ppm) + _scaled_pico(input_pico, factor_ppm),
        per_output_token_atto=answers * _scaled_pico(output_pico, factor_ppm),
    )


def price(card: RateCard, usage: Usage) -> Price:
    """What this usage costs: every token priced once, parts at their own price, the remainder at the class's."""
    positions = _positions(card.rates, card.factor_ppm, usage)
    lines = tuple(Line(line_class, quantity, unit_atto) for line_class, quantity, unit_atto in positions)
    return Price(lines=lines, charge_nano=_charge_nano(positions))


def charge_nano(rates: Rates, factor_ppm: int, usage: Usage) -> int:
    """The charge alone, without the lines of a receipt: what a settlement needs."""
    return _charge_nano(_positions(rates, factor_ppm, usage))


# Class, quantity and price of one in atto: a line before it is one.
_Position = tuple[LineClass, int, int]


def _positions(rates: Rates, factor_ppm: int, usage: Usage) -> list[_Position]:
    used = sanitize(usage)
    if isinstance(rates, PerCallCard):
        return [("context_tier", 1, _scaled_nano(rates.amount_nano(used.input_tokens), factor_ppm))]
    prices = rates.prices_for(used.input_tokens)
    found: list[_Position] = []
    if rates.per_request_nano:
        found.append(("request", 1, _scaled_nano(rates.per_request_nano, factor_ppm)))
    parts = _parts(prices, used) if used.has_parts else ()
    plain_input, plain_output = used.input_tokens, used.output_tokens
    for line_class, quantity, _ in parts:
        if line_class in _PARTS_OF_INPUT:
            plain_input -= quantity
        else:
            plain_output -= quantity
    if plain_input:
        found.append(("input", plain_input, _scaled_pico(prices.input, factor_ppm)))
    if plain_output:
        found.append(("output", plain_output, _scaled_pico(prices.output, factor_ppm)))
    for line_class, quantity, pico in parts:
        found.append((line_class, quantity, _scaled_pico(pico, factor_ppm)))
    return found if rates.pieces is None else _with_pieces(found, rates.pieces, used.pieces, factor_ppm)


def _with_pieces(
    found: list[_Position], prices: PiecePrices, pieces: Pieces | None, factor_ppm: int
) -> list[_Position]:
    """The positions of a card by the piece: tokens that cost nothing there are no lines of its receipts."""
    sold: list[_Position] = [position for position in found if position[2]]
    for line_class, quantity, pico in prices.positions(pieces) if pieces is not None else ():
        sold.append((line_class, quantity, _scaled_pico(pico, factor_ppm)))
    return sold


def _parts(prices: TokenPrices, used: Usage) -> tuple[_Position, ...]:
    """The classes that the usage has any of, here with their price in pico."""
    cache_write = prices.input if prices.cache_write is None else prices.cache_write
    shortly_written = used.cache_write_tokens - used.cache_write_1h_tokens
    parts: tuple[tuple[LineClass, int, int | None, int], ...] = (
        ("cached_input", used.cached_input_tokens, prices.cached_input, prices.input),
        ("cache_write", shortly_written, cache_write, prices.input),
        ("cache_write_1h", used.cache_write_1h_tokens, prices.cache_write_1h, cache_write),
        ("image_input", used.image_input_tokens, prices.image_input, prices.input),
        ("audio_input", used.audio_input_tokens, prices.audio_input, prices.input),
        ("reasoning", used.reasoning_tokens, prices.reasoning, prices.output),
        ("image_output", used.image_output_tokens, prices.image_output, prices.output),
        ("audio_output", used.audio_output_tokens, prices.audio_output, prices.output),
    )
    return tuple(
        (line_class, quantity, parent if own is None else own)
        for line_class, quantity, own, parent in parts
        if quantity
    )


def _charge_nano(positions: list[_Position]) -> int:
    atto = 0
    for _, quantity, unit_atto in positions:
        atto += quantity * unit_atto
    return nano_from_atto_up(atto)


def _scaled_pico(pico: int, factor_ppm: int) -> int:
    # Exact: one atto is a millionth of a pico, and the factor is in millionths.
    return pico * factor_ppm * _ATTO_PER_PICO_PPM


def _scaled_nano(nano: int, factor_ppm: int) -> int:
    return nano * factor_ppm * _ATTO_PER_NANO_PPM
