"""What goes over the wire about prices over time."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from farebox.catalog.prices import Effect, Scheduled
from farebox.catalog.prices_store import CardRow
from farebox.control.admin.models.schemas import ModelName
from farebox.control.moment import Moment
from farebox.control.rates import PerCallView, PerTokenView, RatesView, rates_view
from farebox.control.text import Words
from farebox.domain.money import format_amount


class NewPrices(BaseModel):
    """The next version of a model's prices. Without `starts_at`: as soon as the notice allows, for a rise; else now."""

    model_config = ConfigDict(extra="forbid")

    model: ModelName
    rates: RatesView
    starts_at: Moment | None = None
    reason: Words = ""


class Tried(BaseModel):
    """Prices to be tried on the usage of the past."""

    model_config = ConfigDict(extra="forbid")

    model: ModelName
    rates: RatesView


class Cancelling(BaseModel):
    """Which coming version is taken back."""

    model_config = ConfigDict(extra="forbid")

    model: ModelName
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    reason: Words = ""


class PriceSet(BaseModel):
    """A new version, and from when it is in force."""

    model: str
    version: int
    starts_at: datetime
    rises: Annotated[bool, Field(description="Some calls may cost more; the notice was kept.")]


class CardView(BaseModel):
    """One version of a model's prices; where two begin at one moment, the later version counts."""

    version: int
    rates: PerTokenView | PerCallView
    starts_at: datetime
    set_at: datetime
    coming: bool


class History(BaseModel):
    """All versions, the newest first."""

    model: str
    data: list[CardView]


class EffectView(BaseModel):
    """What the calls of the last days would have been charged. `estimated`: from a share of them."""

    days: int
    jobs: int
    charged: str
    repriced: str
    difference: str
    cost: str
    margin: str
    margin_repriced: str
    estimated: bool


def price_set(model: str, done: Scheduled) -> PriceSet:
    return PriceSet(model=model, version=done.card.version, starts_at=done.card.effective_at, rises=done.rises)


def card_view(row: CardRow) -> CardView:
    return CardView(
        version=row.version,
        rates=rates_view(row.rates),
        starts_at=row.effective_at,
        set_at=row.created_at,
        coming=row.is_coming,
    )


def effect_view(effect: Effect) -> EffectView:
    charged, repriced, cost = effect.charged_nano, effect.repriced_nano, effect.cost_nano
    return EffectView(
        days=effect.days,
        jobs=effect.jobs,
        charged=format_amount(charged),
        repriced=format_amount(repriced),
        difference=format_amount(repriced - charged),
        cost=format_amount(cost),
        margin=format_amount(charged - cost),
        margin_repriced=format_amount(repriced - cost),
        estimated=effect.is_estimate,
    )
