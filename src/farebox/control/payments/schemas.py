"""What goes over the wire about payments."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from farebox.domain.money import format_amount
from farebox.payments.payment import Payment

Minor = Field(description="In the minor unit (cents) of the currency.", examples=[1000])


class PaymentView(BaseModel):
    """A payment as the customer sees it."""

    id: UUID
    recharge_id: UUID | None
    provider: Literal["stripe", "creem", "manual"]
    reference: str
    state: Literal["unknown", "pending", "failed", "paid"]
    paid_minor: int = Minor
    tax_minor: int = Minor
    currency: str
    credited: str = Field(description="Credit given for it, bonus included; a decimal string.")
    taken_back: str = Field(description="What of it refunds and disputes have taken back.")
    invoice_url: str
    paid_at: datetime | None
    created_at: datetime


def payment_view(payment: Payment) -> PaymentView:
    return PaymentView(
        id=payment.id,
        recharge_id=payment.recharge_id,
        provider=payment.provider,
        reference=payment.ref,
        state=payment.state,
        paid_minor=payment.gross_minor,
        tax_minor=payment.tax_minor,
        currency=payment.currency,
        credited=format_amount(payment.posted_credit_nano + payment.posted_bonus_nano),
        taken_back=format_amount(payment.posted_taken_nano + payment.bonus_taken_nano),
        invoice_url=payment.invoice_url,
        paid_at=payment.paid_at,
        created_at=payment.created_at,
    )
