"""What goes over the wire about the queue of refund requests."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.aftersale.refund_request import RefundRequest, Review, Where
from farebox.aftersale.refund_store import Behaviour, LotLeft
from farebox.aftersale.source import PaymentFacts
from farebox.control.refunds.schemas import NewRefundRequest, RefundRequestView, refund_view
from farebox.control.text import NonEmptyWords, PositiveAmountText, Words
from farebox.domain.money import format_amount


class FiledRefund(NewRefundRequest):
    """What a customer wrote by mail, or what the operator offers."""

    account_id: UUID


class RefundApproval(BaseModel):
    """How much goes back, and where; without, what was asked for."""

    model_config = ConfigDict(extra="forbid")

    amount: PositiveAmountText | None = None
    to: Where | None = None
    note: Words = ""


class RefundDecline(BaseModel):
    """Why not; the customer reads it."""

    model_config = ConfigDict(extra="forbid")

    note: NonEmptyWords


class QueuedRefundRequest(RefundRequestView):
    """A request as operators see it."""

    account_id: UUID
    requested_by: UUID | None
    filed_by: UUID | None
    decided_by: UUID | None
    refund_id: UUID | None
    is_overdue: bool


class ReviewedPayment(BaseModel):
    """The payment: its status, what of its credit was used, and what can go back."""

    provider: str
    state: str
    problem: Annotated[str, Field(description="Why it was not credited; empty when it was.")]
    paid_at: datetime | None
    paid_minor: int
    currency: str
    credited: str
    used: str
    taken_back: str
    refundable: str
    refundable_minor: int
    has_open_dispute: bool


class ReviewedAccount(BaseModel):
    """How the account behaves; charges and provider cost are those since the payment."""

    status: str
    status_reason: str
    balance: str
    held: str
    owed: str
    open_cases: list[str]
    closed_cases: int
    disputes: int
    refunds_before: int
    charged: str
    provider_cost: str


class ReviewedLot(BaseModel):
    """A lot with credit left."""

    id: UUID
    kind: str
    original: str
    remaining: str
    expires_at: datetime | None
    reference: str
    created_at: datetime


class RefundReview(QueuedRefundRequest):
    """A request with what the reviewer looks at."""

    payment: ReviewedPayment
    account: ReviewedAccount
    lots: list[ReviewedLot]


def queued_view(request: RefundRequest, now: datetime) -> QueuedRefundRequest:
    return QueuedRefundRequest(
        **refund_view(request).model_dump(),
        account_id=request.account_id,
        requested_by=request.requested_by,
        filed_by=request.filed_by,
        decided_by=request.decided_by,
        refund_id=request.refund_id,
        is_overdue=request.state == "open" and request.due_at < now,
    )


def review_view(request: RefundRequest, review: Review, now: datetime) -> RefundReview:
    return RefundReview(
        **queued_view(request, now).model_dump(),
        payment=_payment(review.payment),
        account=_account(review.behaviour),
        lots=[_lot(lot) for lot in review.lots],
    )


def _payment(facts: PaymentFacts) -> ReviewedPayment:
    return ReviewedPayment(
        provider=facts.provider,
        state=facts.state,
        problem=facts.problem,
        paid_at=facts.paid_at,
        paid_minor=facts.gross_minor,
        currency=facts.currency,
        credited=format_amount(facts.credited_nano),
        used=format_amount(facts.used_nano),
        taken_back=format_amount(facts.taken_back_nano),
        refundable=format_amount(facts.refundable_nano),
        refundable_minor=facts.refundable_minor,
        has_open_dispute=facts.has_open_dispute,
    )


def _account(behaviour: Behaviour) -> ReviewedAccount:
    return ReviewedAccount(
        status=behaviour.status,
        status_reason=behaviour.status_reason,
        balance=format_amount(behaviour.balance_nano),
        held=format_amount(behaviour.held_nano),
        owed=format_amount(behaviour.owed_nano),
        open_cases=behaviour.open_cases,
        closed_cases=behaviour.closed_cases,
        disputes=behaviour.disputes,
        refunds_before=behaviour.refunds_before,
        charged=format_amount(behaviour.charged_nano),
        provider_cost=format_amount(behaviour.cost_nano),
    )


def _lot(lot: LotLeft) -> ReviewedLot:
    return ReviewedLot(
        id=lot.id,
        kind=lot.kind,
        original=format_amount(lot.original_nano),
        remaining=format_amount(lot.remaining_nano),
        expires_at=lot.expires_at,
        reference=lot.reference,
        created_at=lot.created_at,
    )
