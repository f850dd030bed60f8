"""What goes over the wire about the queue of adjustment requests."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from farebox.aftersale.adjustment import Adjustment
from farebox.aftersale.adjustment_store import Charge
from farebox.control.admin.standing import AccountStanding
from farebox.control.disputes_of_charges.schemas import AdjustmentView, NewAdjustment, adjustment_view
from farebox.control.text import NonEmptyWords, PositiveAmountText, Words
from farebox.domain.money import format_amount


class FiledAdjustment(NewAdjustment):
    """What a customer wrote by mail."""

    account_id: UUID
    asked_at: Annotated[
        AwareDatetime | None, Field(description="When the mail came: window and due time count from it.")
    ] = None


class AdjustmentApproval(BaseModel):
    """How much comes back: without an amount what was asked for, or all of the charge."""

    model_config = ConfigDict(extra="forbid")

    amount: PositiveAmountText | None = None
    note: Words = ""


class AdjustmentDecline(BaseModel):
    """Why not; the customer reads it."""

    model_config = ConfigDict(extra="forbid")

    note: NonEmptyWords


class QueuedAdjustmentView(AdjustmentView):
    """A request as operators see it."""

    account_id: UUID
    requested_by: UUID | None
    filed_by: UUID | None
    decided_by: UUID | None
    is_overdue: bool


class ChargeView(BaseModel):
    """The job's charge, what has been given back of it, and what the job cost at the provider."""

    model: str
    outcome: str
    finished_at: datetime
    charge: str
    given_back: str
    provider_cost: str


class AdjustmentReview(QueuedAdjustmentView):
    """The same with what the reviewer looks at."""

    charge: ChargeView
    account: AccountStanding


def queued_view(request: Adjustment, now: datetime) -> QueuedAdjustmentView:
    return QueuedAdjustmentView(
        **adjustment_view(request).model_dump(),
        account_id=request.account_id,
        requested_by=request.requested_by,
        filed_by=request.filed_by,
        decided_by=request.decided_by,
        is_overdue=request.state == "open" and request.due_at < now,
    )


def review_view(request: Adjustment, charge: Charge, account: AccountStanding, now: datetime) -> AdjustmentReview:
    shown = ChargeView(
        model=charge.model,
        outcome=charge.outcome,
        finished_at=charge.finished_at,
        charge=format_amount(charge.charge_nano),
        given_back=format_amount(charge.adjusted_nano),
        provider_cost=format_amount(charge.cost_nano),
    )
    return AdjustmentReview(**queued_view(request, now).model_dump(), charge=shown, account=account)
