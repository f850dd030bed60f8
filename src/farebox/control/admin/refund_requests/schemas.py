"""What goes over the wire about the queue of refund requests."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.aftersale.behaviour_store import Spent
from farebox.aftersale.refund_request import RefundRequest, Review, Where
from farebox.aftersale.source import PaymentFacts
from farebox.control.admin.standing import AccountStanding, LotView, lot_view
from farebox.control.refunds.schemas import NewRefundRequest, RefundRequestView, refund_view
from farebox.control.text import NonEmptyWords, PositiveAmountText, Words
from farebox.domain.money import format_amount
from farebox.domain.policies.money import RefundPolicy


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
    reference: Annotated[str, Field(description="What its lots are known by.")]
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


class ReviewedAccount(AccountStanding):
    """How the account behaves; charges and provider cost are those since the payment."""

    charged: str
    provider_cost: str


class RefundRule(BaseModel):
    """The policy's rules, and until when this payment's unused credit can be asked back; null is no end."""

    unused: Literal["review", "discretion", "none"]
    duplicate: Literal["source_or_credit", "source"]
    until: datetime | None


class RefundReview(QueuedRefundRequest):
    """A request with what the reviewer looks at."""

    payment: ReviewedPayment
    rule: RefundRule
    account: ReviewedAccount
    lots: list[LotView]


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


def review_view(
    request: RefundRequest, review: Review, standing: AccountStanding, rules: RefundPolicy, now: datetime
) -> RefundReview:
    return RefundReview(
        **queued_view(request, now).model_dump(),
        payment=_payment(review.payment),
        rule=_rule(rules, review.payment),
        account=_account(standing, review.spent),
        lots=[lot_view(lot) for lot in review.lots],
    )


def _payment(facts: PaymentFacts) -> ReviewedPayment:
    return ReviewedPayment(
        provider=facts.provider,
        reference=facts.reference,
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


def _rule(rules: RefundPolicy, facts: PaymentFacts) -> RefundRule:
    # What was paid twice comes back however late it is asked for.
    until = None if facts.paid_at is None or facts.problem == "duplicate" else rules.until(facts.paid_at)
    return RefundRule(unused=rules.unused, duplicate=rules.duplicate, until=until)


def _account(standing: AccountStanding, spent: Spent) -> ReviewedAccount:
    return ReviewedAccount(
        **standing.model_dump(),
        charged=format_amount(spent.charged_nano),
        provider_cost=format_amount(spent.cost_nano),
    )
