"""What goes over the wire about balances and lots."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from farebox.domain.money import format_amount
from farebox.domain.policies.money import RefundPolicy
from farebox.ledger.balance import Funds, LotView
from farebox.ledger.posting import LotKind
from farebox.payments.codes.code import is_of_code


class LotItem(BaseModel):
    """Credit of one origin. Promotional credit is spent first, then what expires first, then the oldest."""

    id: UUID
    kind: LotKind
    original: str
    remaining: str
    refundable: str = Field(description="What a refund of its payment could bring back, if the operator agrees.")
    expires_at: datetime | None
    created_at: datetime
    payment: str | None = Field(description="The payment that it came from.")
    job_id: UUID | None = Field(description="The job whose charge it gives back.")
    paid_minor: int | None = Field(description="What was paid, in the currency's minor unit.")
    paid_currency: str | None


class CreditsView(BaseModel):
    """The balance and what is bound of it; `debt` is what is owed after a payment was taken back."""

    unit: str
    balance: str = Field(examples=["12.5"])
    held: str
    spendable: str
    debt: str
    open_jobs: int
    lots: list[LotItem] = Field(description="The newest with credit left; /api/credits/lots has all.")


def lot_item(lot: LotView, policy: RefundPolicy, now: datetime) -> LotItem:
    job = lot.reference.removeprefix("job:") if lot.reference.startswith("job:") else None
    return LotItem(
        id=lot.id,
        kind=lot.kind,
        original=format_amount(lot.original_nano),
        remaining=format_amount(lot.remaining_nano),
        refundable=format_amount(lot.remaining_nano if _is_refundable(lot, policy, now) else 0),
        expires_at=lot.expires_at,
        created_at=lot.created_at,
        payment=lot.reference if lot.kind == "paid" else None,
        job_id=None if job is None else UUID(job),
        paid_minor=lot.paid_minor,
        paid_currency=lot.paid_currency,
    )


def credits_view(funds: Funds, lots: list[LotItem], unit: str) -> CreditsView:
    return CreditsView(
        unit=unit,
        balance=format_amount(funds.balance_nano),
        held=format_amount(funds.held_nano),
        spendable=format_amount(funds.spendable_nano),
        debt=format_amount(funds.owed_nano),
        open_jobs=funds.open_jobs,
        lots=lots,
    )


def _is_refundable(lot: LotView, policy: RefundPolicy, now: datetime) -> bool:
    # Only paid credit goes back; given credit, and what a correction brought, has no payment to go back to.
    if lot.kind != "paid" or is_of_code(lot.reference) or policy.unused == "none":
        return False
    if lot.expires_at is not None and lot.expires_at <= now:
        return False
    until = policy.until(lot.created_at)
    return until is None or now <= until
