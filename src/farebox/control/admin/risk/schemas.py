"""What goes over the wire about the review queue."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.admin.accounts.schemas import AccountView
from farebox.control.admin.cases.schemas import CaseView
from farebox.control.admin.disputes.schemas import DisputeView
from farebox.control.admin.payments.schemas import PaymentFile
from farebox.control.admin.signals.schemas import SignalView
from farebox.control.admin.standing import AccountStanding
from farebox.control.limits import LimitsView
from farebox.control.text import Words
from farebox.domain.money import format_amount
from farebox.risk.review import Decided, Decision, Review


class ReviewLine(BaseModel):
    """A case in the queue, and how its account stands."""

    id: UUID
    account_id: UUID
    email: str
    status: Literal["open", "closed"]
    opened_at: datetime
    decision: str
    account_status: Literal["active", "frozen", "closed"]
    balance: str
    held: str
    signals: list[str]
    has_frozen: bool = Field(description="Whether a signal of this case froze the account.")


class DecidedView(BaseModel):
    """A decision of the past."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    case_id: UUID | None
    decision: Decision
    note: str
    decided_by: UUID | None
    decided_at: datetime


class ReviewView(BaseModel):
    """All that a decision needs on one page; each list is the newest few."""

    case: CaseView
    standing: AccountStanding
    account: AccountView
    bars: list[str] = Field(description="Why calls of the account are refused although it is active.")
    signals: list[SignalView]
    decisions: list[DecidedView]
    payments: list[PaymentFile]
    disputes: list[DisputeView]


class EndUser(BaseModel):
    """Whom a provider means by the id that it was told with calls."""

    account_id: UUID


class VerdictBody(BaseModel):
    """What is decided. A note leaves the case open; all else closes it. Limits replace those of the account."""

    model_config = ConfigDict(extra="forbid")

    decision: Decision
    note: Words = Field(default="", description="For colleagues; the customer does not see it.")
    limits: LimitsView | None = Field(default=None, description="With the decision 'limits'.")


def review_line(review: Review) -> ReviewLine:
    return ReviewLine(
        id=review.id,
        account_id=review.account_id,
        email=review.email,
        status=review.status,
        opened_at=review.opened_at,
        decision=review.decision,
        account_status=review.account_status,
        balance=format_amount(review.balance_nano),
        held=format_amount(review.held_nano),
        signals=review.signals,
        has_frozen=review.has_frozen,
    )


def decided_view(decided: Decided) -> DecidedView:
    return DecidedView.model_validate(decided)
