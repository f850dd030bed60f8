"""What goes over the wire about refunds that customers ask for."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.aftersale.refund_request import RefundRequest, RefundState, Where
from farebox.aftersale.source import PaymentFacts
from farebox.control.disputes_of_charges.schemas import amount_or_none
from farebox.control.text import PositiveAmountText, Words
from farebox.domain.money import format_amount


class NewRefundRequest(BaseModel):
    """Which payment's unused credit is to go back; or which payment was made twice."""

    model_config = ConfigDict(extra="forbid")

    payment_id: UUID
    amount: Annotated[
        PositiveAmountText | None, Field(description="Of the unused credit; null asks for all of it.")
    ] = None
    prefers: Annotated[Where, Field(description="Of a payment made twice: back to its source, or as credit.")] = (
        "source"
    )
    reason: Annotated[Words, Field(examples=["We stopped the project."])] = ""


class RefundRequestView(BaseModel):
    """One request; `approved` is the credit that left or, of a payment made twice, was given."""

    id: UUID
    payment_id: UUID
    kind: Literal["unused", "duplicate"]
    prefers: Where
    amount: str | None
    reason: str
    state: RefundState
    outcome: Annotated[Literal["", "source", "credit"], Field(description="Where the money went.")]
    approved: str | None
    note: str
    created_at: datetime
    due_at: datetime
    decided_at: datetime | None


class RefundablePayment(BaseModel):
    """A payment and what of it can be asked back now; money in the minor unit of its currency."""

    payment_id: UUID
    paid_at: datetime | None
    paid_minor: int
    currency: str
    is_duplicate: bool
    credited: str
    refundable: str
    refundable_minor: int
    has_open_dispute: bool


class RefundablePayments(BaseModel):
    """The account's payments, the oldest first."""

    data: list[RefundablePayment]


def refund_view(request: RefundRequest) -> RefundRequestView:
    return RefundRequestView(
        id=request.id,
        payment_id=request.payment_id,
        kind=request.kind,
        prefers=request.prefers,
        amount=amount_or_none(request.asked_nano),
        reason=request.reason,
        state=request.state,
        outcome=request.outcome,
        approved=amount_or_none(request.approved_nano),
        note=request.note,
        created_at=request.created_at,
        due_at=request.due_at,
        decided_at=request.decided_at,
    )


def refundable_payment(facts: PaymentFacts) -> RefundablePayment:
    return RefundablePayment(
        payment_id=facts.payment_id,
        paid_at=facts.paid_at,
        paid_minor=facts.gross_minor,
        currency=facts.currency,
        is_duplicate=facts.problem == "duplicate",
        credited=format_amount(facts.credited_nano),
        refundable=format_amount(facts.refundable_nano),
        refundable_minor=facts.refundable_minor,
        has_open_dispute=facts.has_open_dispute,
    )
