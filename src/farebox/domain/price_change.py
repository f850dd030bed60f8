"""Whether new prices are higher than old ones for anybody: what has to be announced ahead."""

from collections.abc import Iterable

from farebox.domain.pieces import PiecePrices
from farebox.domain.pricing import PerCallCard, PerTokenCard, Rates, TokenPrices

_NO_PIECES = PiecePrices()
# Of each class, the class whose price it has without one of its own (TokenPrices).
_PARENTS = {
    "cached_input": "input",
    "cache_write": "input",
    "cache_write_1h": "cache_write",
    "image_input": "input",
    "audio_input": "input",
    "reasoning": "output",
    "image_output": "output",
    "audio_output": "output",
}


def rises(old: Rates, new: Rates) -> bool:
    """True when some call could cost more; prices of another kind count as higher, for nobody can compare them."""
    if isinstance(old, PerCallCard) and isinstance(new, PerCallCard):
        return _calls_rise(old, new)
    if isinstance(old, PerTokenCard) and isinstance(new, PerTokenCard):
        return _tokens_rise(old, new) or _pieces_rise(old.pieces or _NO_PIECES, new.pieces or _NO_PIECES)
    return True


def _calls_rise(old: PerCallCard, new: PerCallCard) -> bool:
    bounds = [tier.up_to_input_tokens for card in (old, new) for tier in card.tiers]
    sizes = _each_side(bound for bound in bounds if bound is not None)
    return any(new.amount_nano(size) > old.amount_nano(size) for size in sizes)


def _tokens_rise(old: PerTokenCard, new: PerTokenCard) -> bool:
    if new.per_request_nano > old.per_request_nano:
        return True
    sizes = _each_side(override.above_input_tokens for card in (old, new) for override in card.overrides)
    return any(
        _price(new.prices_for(size), name) > _price(old.prices_for(size), name)
        for size in sizes
        for name in TokenPrices.__struct_fields__
    )


def _pieces_rise(old: PiecePrices, new: PiecePrices) -> bool:
    if any(getattr(new, name) > getattr(old, name) for name in ("character", "audio_second", "search_unit")):
        return True
    images = {(price.size, price.quality) for price in (*old.images, *new.images)}
    return any(new.image_pico(*image) > old.image_pico(*image) for image in images)


def _each_side(bounds: Iterable[int]) -> set[int]:
    """Sizes of input of which one lies in every stretch between bounds."""
    return {1} | {size for bound in bounds for size in (bound, bound + 1)}


def _price(prices: TokenPrices, name: str) -> int:
    found: int | None = getattr(prices, name)
    return _price(prices, _PARENTS[name]) if found is None else found
