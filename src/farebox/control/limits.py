"""Limits as they go over the wire; null is no limit."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.text import PositiveAmountText
from farebox.domain.limits import Limits
from farebox.domain.money import format_amount, parse_amount

_Count = Annotated[int, Field(ge=1, le=10**12)]


class LimitsView(BaseModel):
    """What may be used; spend counts what is settled and what is held."""

    model_config = ConfigDict(extra="forbid")

    requests_per_minute: _Count | None = None
    tokens_per_minute: _Count | None = None
    concurrency: _Count | None = None
    daily_spend: PositiveAmountText | None = None
    monthly_spend: PositiveAmountText | None = None
    total_spend: PositiveAmountText | None = None


def limits_from(view: LimitsView) -> Limits:
    return Limits(
        requests_per_minute=view.requests_per_minute,
        tokens_per_minute=view.tokens_per_minute,
        concurrency=view.concurrency,
        daily_nano=_nano(view.daily_spend),
        monthly_nano=_nano(view.monthly_spend),
        total_nano=_nano(view.total_spend),
    )


def limits_view(limits: Limits) -> LimitsView:
    return LimitsView(
        requests_per_minute=limits.requests_per_minute,
        tokens_per_minute=limits.tokens_per_minute,
        concurrency=limits.concurrency,
        daily_spend=_text(limits.daily_nano),
        monthly_spend=_text(limits.monthly_nano),
        total_spend=_text(limits.total_nano),
    )


def _nano(text: str | None) -> int | None:
    return None if text is None else parse_amount(text)


def _text(nano: int | None) -> str | None:
    return None if nano is None else format_amount(nano)
