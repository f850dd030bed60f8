"""What goes over the wire about charges that customers call wrong."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.aftersale.adjustment import Adjustment, RequestState
from farebox.control.text import NonEmptyWords, PositiveAmountText
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount, parse_amount


class NewAdjustment(BaseModel):
    """Which charge is wrong, and why."""

    model_config = ConfigDict(extra="forbid")

    job_id: UUID
    amount: Annotated[
        PositiveAmountText | None, Field(description="How much of the charge is asked back; null asks for all of it.")
    ] = None
    description: Annotated[NonEmptyWords, Field(examples=["The answer was cut off after two words."])]


class AdjustmentView(BaseModel):
    """One request; `amount` was asked for, `approved` is what came back."""

    id: UUID
    job_id: UUID
    amount: str | None
    description: str
    state: RequestState
    approved: str | None
    note: str
    created_at: datetime
    due_at: datetime
    decided_at: datetime | None


def adjustment_view(request: Adjustment) -> AdjustmentView:
    return AdjustmentView(
        id=request.id,
        job_id=request.job_id,
        amount=amount_or_none(request.asked_nano),
        description=request.description,
        state=request.state,
        approved=amount_or_none(request.approved_nano),
        note=request.note,
        created_at=request.created_at,
        due_at=request.due_at,
        decided_at=request.decided_at,
    )


def amount_or_none(nano: int | None) -> str | None:
    return None if nano is None else format_amount(nano)


def nano_or_none(text: str | None) -> int | None:
    """Nano-units of an amount above zero; None stays None."""
    return None if text is None else nano_of(text)


def nano_of(text: str) -> int:
    """Nano-units of an amount above zero."""
    nano = parse_amount(text)
    if nano <= 0:
        raise ActionRefused("amount_too_small", "An amount must be above zero.", status=422, field="amount")
    return nano
