"""What goes over the wire about models on sale and running offers."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from farebox.catalog.discounts_store import DiscountRow
from farebox.catalog.snapshot import Discount, Model, Snapshot
from farebox.catalog.terms import terms_of
from farebox.control.rates import PerCallView, PerTokenView, rates_view
from farebox.domain.money import format_percent
from farebox.domain.pricing import PerCallCard, Rates


class DiscountShown(BaseModel):
    """The discount that a price holds."""

    name: str
    off_percent: str
    ends_at: datetime | None


class ComingPrice(BaseModel):
    """A list price from a later moment on."""

    starts_at: datetime
    rates: PerTokenView | PerCallView


class ModelOnSale(BaseModel):
    """A model that can be called, with its list price; `price_percent` of that is charged, the discount taken off."""

    name: str
    family: str
    owned_by: str
    context_tokens: int | None
    most_output_tokens: int | None
    input_modalities: list[str]
    tasks: list[str]
    free: bool
    account_requests_per_minute: int | None
    rates: PerTokenView | PerCallView
    price_percent: str
    discount: DiscountShown | None
    coming: list[ComingPrice]
    stopped: bool


class ModelsOnSale(BaseModel):
    """All that is on sale, by name; small enough to be searched and filtered where it is shown."""

    unit: Annotated[str, Field(description="The unit of account of all prices.")]
    data: list[ModelOnSale]


class Offer(BaseModel):
    """A discount that runs now; * in the names of models stands for anything."""

    name: str
    models: list[str]
    off_percent: str
    starts_at: datetime
    ends_at: datetime | None


class Offers(BaseModel):
    """What a banner can tell of, the largest first."""

    data: list[Offer]


def on_sale(snapshot: Snapshot, unit: str) -> ModelsOnSale:
    """As of when the snapshot was read, for accounts of no group."""
    found = [_model(snapshot, snapshot.models[name]) for name in sorted(snapshot.models)]
    return ModelsOnSale(unit=unit, data=[model for model in found if model is not None])


def offer_view(row: DiscountRow) -> Offer:
    return Offer(
        name=row.name,
        models=list(row.patterns),
        off_percent=format_percent(row.off_ppm),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
    )


def _model(snapshot: Snapshot, model: Model) -> ModelOnSale | None:
    now_ms = snapshot.read_ms
    card = model.card_at(now_ms)
    if card is None or not model.enabled:
        return None
    terms = terms_of(snapshot, model, card, None, now_ms)
    return ModelOnSale(
        name=model.name,
        family=model.family or model.name,
        owned_by=model.owned_by,
        context_tokens=model.context_tokens,
        most_output_tokens=model.most_output_tokens,
        input_modalities=list(model.input_modalities),
        tasks=list(model.tasks),
        free=_is_free(card.rates),
        account_requests_per_minute=model.account_requests_per_minute,
        rates=rates_view(card.rates),
        price_percent=format_percent(terms.card.factor_ppm),
        discount=None if terms.discount is None else _shown(terms.discount),
        coming=[
            ComingPrice(starts_at=_moment(dated.effective_ms), rates=rates_view(dated.card.rates))
            for dated in model.cards
            if dated.effective_ms > now_ms
        ],
        stopped=snapshot.stop_for(model.name) is not None or snapshot.routes_are_stopped(model),
    )


def _shown(discount: Discount) -> DiscountShown:
    ends_ms = discount.ends_ms
    return DiscountShown(
        name=discount.name,
        off_percent=format_percent(discount.off_ppm),
        ends_at=None if ends_ms is None else _moment(ends_ms),
    )


def _is_free(rates: Rates) -> bool:
    """Whether no call can cost anything."""
    if isinstance(rates, PerCallCard):
        return not any(tier.amount_nano for tier in rates.tiers)
    cards = (rates.prices, *(override.prices for override in rates.overrides))
    return not (rates.per_request_nano or rates.pieces or any(any(prices.dearest(media=True)) for prices in cards))


def _moment(unix_ms: int) -> datetime:
    return datetime.fromtimestamp(unix_ms / 1000, UTC)
