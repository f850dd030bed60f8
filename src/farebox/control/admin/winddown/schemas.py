"""What goes over the wire about winding the service down."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.aftersale.winddown import WindDownState
from farebox.aftersale.winddown_store import Listed, ListedLot
from farebox.control.disputes_of_charges.schemas import amount_or_none
from farebox.control.text import Words
from farebox.domain.money import format_amount


class Refreshed(BaseModel):
    """How many accounts are new on the list."""

    added: int


class Mark(BaseModel):
    """What has become of an account."""

    model_config = ConfigDict(extra="forbid")

    state: WindDownState
    note: Words = ""


class ListedView(BaseModel):
    """An account on the list: `listed_*` when it was put there, the others as of now."""

    account_id: UUID
    email: str
    status: str
    state: WindDownState
    note: str
    listed_at: datetime
    changed_at: datetime | None
    changed_by: UUID | None
    listed_balance: str
    listed_refundable: str
    balance: str
    held: str
    refundable: Annotated[str, Field(description="Credit that was bought, and is to be repaid.")]


class LotView(BaseModel):
    """Bought credit to repay; `refundable_minor` of `paid_currency` was paid for what is left of it."""

    lot_id: UUID
    kind: str
    reference: str
    payment_id: UUID | None
    provider: str | None
    paid_at: datetime | None
    paid_minor: int | None
    paid_currency: str | None
    remaining: str
    refundable_minor: int | None


class ListedDetail(ListedView):
    """The same with its lots."""

    lots: list[LotView]


LOT_COLUMNS = (
    "account_id",
    "email",
    "state",
    "lot_id",
    "kind",
    "payment",
    "provider",
    "paid_at",
    "paid_minor",
    "paid_currency",
    "original",
    "remaining",
    "refundable_minor",
)


def listed_view(listed: Listed) -> ListedView:
    return ListedView(
        account_id=listed.account_id,
        email=listed.email,
        status=listed.status,
        state=listed.state,
        note=listed.note,
        listed_at=listed.listed_at,
        changed_at=listed.changed_at,
        changed_by=listed.changed_by,
        listed_balance=format_amount(listed.listed_balance_nano),
        listed_refundable=format_amount(listed.listed_refundable_nano),
        balance=format_amount(listed.balance_nano),
        held=format_amount(listed.held_nano),
        refundable=format_amount(listed.refundable_nano),
    )


def lot_view(lot: ListedLot) -> LotView:
    return LotView(
        lot_id=lot.lot_id,
        kind=lot.kind,
        reference=lot.reference,
        payment_id=lot.payment_id,
        provider=lot.provider,
        paid_at=lot.paid_at,
        paid_minor=lot.paid_minor,
        paid_currency=lot.paid_currency,
        remaining=format_amount(lot.remaining_nano),
        refundable_minor=lot.refundable_minor,
    )


def lot_cells(lot: ListedLot) -> tuple[object, ...]:
    """In the order of LOT_COLUMNS."""
    return (
        lot.account_id,
        lot.email,
        lot.state,
        lot.lot_id,
        lot.kind,
        lot.reference,
        lot.provider,
        lot.paid_at,
        lot.paid_minor,
        lot.paid_currency,
        amount_or_none(lot.original_nano),
        format_amount(lot.remaining_nano),
        lot.refundable_minor,
    )
