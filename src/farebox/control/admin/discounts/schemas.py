"""What goes over the wire about discounts."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from farebox.catalog.discounts_store import DiscountRow
from farebox.control.moment import Moment
from farebox.control.percent import PercentText
from farebox.control.text import NonEmptyLine
from farebox.domain.money import format_percent

_Pattern = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:/@+*-]{1,128}$")]


class NewDiscount(BaseModel):
    """So much off for the models whose names fit one of the patterns; * stands for any part of a name.

    Of several that hold for a model, the largest counts.
    """

    model_config = ConfigDict(extra="forbid")

    name: Annotated[NonEmptyLine, Field(description="What customers read.")]
    models: Annotated[list[_Pattern], Field(min_length=1, max_length=50, examples=[["claude-*"]])]
    off_percent: PercentText
    starts_at: Annotated[Moment | None, Field(description="Without it: now.")] = None
    ends_at: Annotated[Moment | None, Field(description="The first moment without the discount.")] = None


class Ending(BaseModel):
    """When a discount is to end; without a moment: now."""

    model_config = ConfigDict(extra="forbid")

    ends_at: Moment | None = None


class DiscountView(BaseModel):
    """A discount."""

    id: UUID
    name: str
    models: list[str]
    off_percent: str
    starts_at: datetime
    ends_at: datetime | None
    state: Literal["coming", "running", "ended"]


def discount_view(row: DiscountRow, now: datetime) -> DiscountView:
    state: Literal["coming", "running", "ended"] = "running"
    if row.ends_at is not None and row.ends_at <= now:
        state = "ended"
    elif row.starts_at > now:
        state = "coming"
    return DiscountView(
        id=row.id,
        name=row.name,
        models=list(row.patterns),
        off_percent=format_percent(row.off_ppm),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        state=state,
    )
