"""What goes over the wire about payments, their refunds and events."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.admin.disputes.schemas import DisputeView, dispute_view
from farebox.control.payments.schemas import PaymentView, payment_view
from farebox.control.text import Line, NonEmptyWords, PositiveAmountText
from farebox.domain.money import format_amount
from farebox.payments.event_store import Event
from farebox.payments.payment import Dispute, Payment, Problem, Refund
from farebox.payments.refunds import Refundable


class PaymentFile(PaymentView):
    """A payment with what only operators see; `problem` says why it is paid and not credited."""

    account_id: UUID | None
    mode: Literal["live", "test"]
    price_minor: int
    product: str
    country: str
    failure: str
    problem: Problem


class RefundView(BaseModel):
    """Money on its way back, or back. asked: the provider is to be told; manual: somebody does it there."""

    id: UUID
    payment_id: UUID
    reference: str
    state: Literal["asked", "manual", "pending", "succeeded", "failed"]
    gross_minor: int
    is_ours: bool
    asked_by: str
    reason: str
    error: str
    created_at: datetime | None


class PaymentFacts(BaseModel):
    """A payment with its refunds and disputes, and what of it can go back now."""

    payment: PaymentFile
    refunds: list[RefundView]
    disputes: list[DisputeView]
    refundable: str = Field(description="Credit of this payment that is unspent and not held.")
    refundable_minor: int


class NewRefund(BaseModel):
    """How much unspent credit goes back to its source; without an amount all of it."""

    model_config = ConfigDict(extra="forbid")

    amount: PositiveAmountText | None = None
    reason: NonEmptyWords


class RefundEnd(BaseModel):
    """What became of a refund that somebody makes by hand."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["done", "given_up"]
    reference: Line = ""
    note: NonEmptyWords


class CreditAnyway(BaseModel):
    """Credit for a payment that fits no recharge; without an amount what its recharge says."""

    model_config = ConfigDict(extra="forbid")

    account_id: UUID | None = None
    amount: PositiveAmountText | None = None
    reason: NonEmptyWords


class EventView(BaseModel):
    """An event as a provider sent it, without its body."""

    id: UUID
    provider: str
    event_id: str
    kind: str
    received_at: datetime
    attempts: int
    applied_at: datetime | None
    outcome: str
    error: str
    is_kept: bool


def payment_file(payment: Payment) -> PaymentFile:
    return PaymentFile(
        **payment_view(payment).model_dump(),
        account_id=payment.account_id,
        mode=payment.mode,
        price_minor=payment.price_minor,
        product=payment.product,
        country=payment.country,
        failure=payment.failure,
        problem=payment.problem,
    )


def refund_view(refund: Refund) -> RefundView:
    return RefundView(
        id=refund.id,
        payment_id=refund.payment_id,
        reference=refund.ref,
        state=refund.state,
        gross_minor=refund.gross_minor,
        is_ours=refund.is_ours,
        asked_by=refund.asked_by,
        reason=refund.reason,
        error=refund.error,
        created_at=refund.created_at,
    )


def payment_facts(
    payment: Payment, refunds: list[Refund], disputes: list[Dispute], possible: Refundable
) -> PaymentFacts:
    return PaymentFacts(
        payment=payment_file(payment),
        refunds=[refund_view(refund) for refund in refunds],
        disputes=[dispute_view(dispute) for dispute in disputes],
        refundable=format_amount(possible.credit_nano),
        refundable_minor=possible.gross_minor,
    )


def event_view(event: Event) -> EventView:
    return EventView(
        id=event.id,
        provider=event.provider,
        event_id=event.event_id,
        kind=event.kind,
        received_at=event.received_at,
        attempts=event.attempts,
        applied_at=event.applied_at,
        outcome=event.outcome,
        error=event.error,
        is_kept=event.is_kept,
    )
