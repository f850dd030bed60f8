"""What goes over the wire about the queue of accounts that close."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.aftersale.closing import Closing, Treatment
from farebox.control.admin.standing import AccountStanding, LotView
from farebox.control.closing.schemas import ClosingView, closing_view
from farebox.control.text import NonEmptyWords, Words


class OperatorsClosing(BaseModel):
    """The end of an account, decided by an operator."""

    model_config = ConfigDict(extra="forbid")

    account_id: UUID
    has_breach: Annotated[bool, Field(description="A material breach of the terms: policy says what that costs.")]
    reason: NonEmptyWords


class TreatmentChosen(BaseModel):
    """What becomes of what was bought and is left; a forfeiture needs its reason."""

    model_config = ConfigDict(extra="forbid")

    treatment: Treatment
    note: Words = ""


class QueuedClosingView(ClosingView):
    """A closing as operators see it; `choices` is what the policy lets them decide."""

    account_id: UUID
    requested_by: UUID | None
    by_operator: bool
    has_breach: bool
    choices: list[Treatment]
    decided_by: UUID | None
    erased_at: datetime | None
    is_overdue: bool


class ClosingFacts(QueuedClosingView):
    """The same with what a decision about it goes by."""

    account: AccountStanding
    lots: list[LotView]


def queued_view(closing: Closing, choices: tuple[Treatment, ...], now: datetime) -> QueuedClosingView:
    return QueuedClosingView(
        **closing_view(closing).model_dump(),
        account_id=closing.account_id,
        requested_by=closing.requested_by,
        by_operator=closing.by_operator,
        has_breach=closing.has_breach,
        choices=list(choices),
        decided_by=closing.decided_by,
        erased_at=closing.erased_at,
        is_overdue=closing.state != "done" and closing.due_at < now,
    )
