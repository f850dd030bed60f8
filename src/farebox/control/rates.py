"""Prices as they go over the wire: decimal strings, per million tokens or per piece or per call."""

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from farebox.domain.errors import ActionRefused, InvalidAmount
from farebox.domain.money import (
    format_amount,
    format_piece_price,
    format_price,
    parse_amount,
    parse_piece_price,
    parse_price,
)
from farebox.domain.pieces import ImagePrice, PiecePrices
from farebox.domain.policies.pricing import PricingPolicy
from farebox.domain.pricing import ContextTier, InputSizeOverride, PerCallCard, PerTokenCard, Rates, TokenPrices

PriceText = Annotated[str, Field(pattern=r"^\d{1,7}(\.\d{1,6})?$", examples=["2.5"], description="Per million tokens.")]
PiecePriceText = Annotated[str, Field(pattern=r"^\d{1,4}(\.\d{1,12})?$", examples=["0.04"], description="Per piece.")]
_AmountText = Annotated[str, Field(pattern=r"^\d{1,9}(\.\d{1,9})?$", examples=["1"])]
_Size = Annotated[int, Field(ge=1, le=10**9)]
_Kind = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._x-]{0,40}$")]


class TokenPricesView(BaseModel):
    """Prices per million tokens by class; a class that is null costs what its parent class costs."""

    model_config = ConfigDict(extra="forbid")

    input: PriceText
    output: PriceText
    cached_input: PriceText | None = None
    cache_write: PriceText | None = None
    cache_write_1h: PriceText | None = None
    image_input: PriceText | None = None
    audio_input: PriceText | None = None
    reasoning: PriceText | None = None
    image_output: PriceText | None = None
    audio_output: PriceText | None = None


class OverrideView(BaseModel):
    """Other prices for a whole call whose input is larger."""

    model_config = ConfigDict(extra="forbid")

    above_input_tokens: _Size
    prices: TokenPricesView


class ImagePriceView(BaseModel):
    """The price of one image of this size and quality; empty is any."""

    model_config = ConfigDict(extra="forbid")

    size: _Kind = ""
    quality: _Kind = ""
    price: PiecePriceText


class PerTokenView(BaseModel):
    """Prices per token, per request and per piece of media."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["per_token"] = "per_token"
    prices: TokenPricesView
    per_request: _AmountText = "0"
    overrides: Annotated[list[OverrideView], Field(max_length=10)] = []
    images: Annotated[list[ImagePriceView], Field(max_length=50)] = []
    characters: PriceText = "0"
    audio_second: PiecePriceText = "0"
    search_unit: PiecePriceText = "0"


class TierView(BaseModel):
    """The price of a call whose input has at most so many tokens; null on the last tier is no end."""

    model_config = ConfigDict(extra="forbid")

    up_to_input_tokens: _Size | None
    per_call: _AmountText


class PerCallView(BaseModel):
    """A price per call by the size of its input, times the multiplier."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["per_call"]
    tiers: Annotated[
        list[TierView] | None,
        Field(min_length=1, max_length=20, description="Left out of a price that is set: the tiers of the policy."),
    ] = None
    multiplier: Annotated[int, Field(ge=1, le=1_000)] = 1


RatesView = Annotated[PerTokenView | PerCallView, Field(discriminator="kind")]


def rates_from(view: PerTokenView | PerCallView, pricing: PricingPolicy | None = None) -> Rates:
    """The rates that are meant; ActionRefused when their parts contradict each other.

    `pricing` has the tiers of a price per call that names none; a cost has to name its own.
    """
    try:
        return _per_call(view, pricing) if isinstance(view, PerCallView) else _per_token(view)
    except InvalidAmount as error:
        raise ActionRefused("invalid_price", f"{error}.", status=422, field="rates") from None


def rates_view(rates: Rates) -> PerTokenView | PerCallView:
    if isinstance(rates, PerCallCard):
        tiers = [
            TierView(up_to_input_tokens=tier.up_to_input_tokens, per_call=format_amount(tier.amount_nano))
            for tier in rates.tiers
        ]
        return PerCallView(kind="per_call", tiers=tiers, multiplier=rates.multiplier)
    pieces = rates.pieces or PiecePrices()
    return PerTokenView(
        prices=_prices_view(rates.prices),
        per_request=format_amount(rates.per_request_nano),
        overrides=[
            OverrideView(above_input_tokens=each.above_input_tokens, prices=_prices_view(each.prices))
            for each in rates.overrides
        ],
        images=[
            ImagePriceView(size=each.size, quality=each.quality, price=format_piece_price(each.pico))
            for each in pieces.images
        ],
        characters=format_price(pieces.character),
        audio_second=format_piece_price(pieces.audio_second),
        search_unit=format_piece_price(pieces.search_unit),
    )


def _per_call(view: PerCallView, pricing: PricingPolicy | None) -> PerCallCard:
    if view.tiers is None:
        if pricing is None:
            raise _wrong("Name the tiers of a cost per call.")
        return pricing.card(view.multiplier)
    bounds = [tier.up_to_input_tokens for tier in view.tiers]
    ends = [bound for bound in bounds[:-1] if bound is not None]
    if len(ends) != len(bounds) - 1 or not _ascend([*ends, *(bound for bound in bounds[-1:] if bound is not None)]):
        raise _wrong("Tiers must ascend, and only the last may have no end.")
    tiers = tuple(ContextTier(tier.up_to_input_tokens, parse_amount(tier.per_call)) for tier in view.tiers)
    return PerCallCard(tiers=tiers, multiplier=view.multiplier)


def _per_token(view: PerTokenView) -> PerTokenCard:
    if not _ascend([each.above_input_tokens for each in view.overrides]):
        raise _wrong("Overrides must ascend by the size of the input.")
    if len({(each.size, each.quality) for each in view.images}) < len(view.images):
        raise _wrong("A price of images is given twice.")
    pieces = PiecePrices(
        images=tuple(ImagePrice(parse_piece_price(each.price), each.size, each.quality) for each in view.images),
        character=parse_price(view.characters),
        audio_second=parse_piece_price(view.audio_second),
        search_unit=parse_piece_price(view.search_unit),
    )
    return PerTokenCard(
        prices=_prices(view.prices),
        per_request_nano=parse_amount(view.per_request),
        overrides=tuple(InputSizeOverride(each.above_input_tokens, _prices(each.prices)) for each in view.overrides),
        pieces=None if pieces == PiecePrices() else pieces,
    )


def _prices(view: TokenPricesView) -> TokenPrices:
    given: dict[str, Any] = view.model_dump(exclude_none=True)
    return TokenPrices(**{name: parse_price(text) for name, text in given.items()})


def _prices_view(prices: TokenPrices) -> TokenPricesView:
    known = {name: getattr(prices, name) for name in TokenPrices.__struct_fields__}
    return TokenPricesView(**{name: format_price(pico) for name, pico in known.items() if pico is not None})


def _ascend(bounds: list[int]) -> bool:
    return all(one < other for one, other in pairwise(bounds))


def _wrong(message: str) -> ActionRefused:
    return ActionRefused("invalid_price", message, status=422, field="rates")
