"""What goes over the wire about withdrawals."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.aftersale.withdrawal import Kind, Withdrawal, WithdrawalState
from farebox.aftersale.withdrawal_offer import Offer
from farebox.control.text import PositiveAmountText, Words
from farebox.domain.money import format_amount

CurrencyText = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["USD"])]


class NewWithdrawal(BaseModel):
    """A payout names where to pay to; a migration names the account that the credit goes to."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    amount: PositiveAmountText
    currency: Annotated[
        CurrencyText | None, Field(description="Of a payout: only credit bought in it is paid out in it.")
    ] = None
    destination: Annotated[Words, Field(examples=["IBAN DE02 1203 0000 0000 2020 51, Ada Lovelace"])] = ""
    to_account_id: UUID | None = None
    reason: Words = ""


class PayableView(BaseModel):
    """Credit that was bought in a currency; `paid_minor` is what would be paid for all of it."""

    currency: str
    amount: str
    paid_minor: int


class OfferView(BaseModel):
    """What the account could ask for now; `movable` is what could go to another account of yours."""

    payout: bool
    migration: bool
    payable: list[PayableView]
    movable: str


class WithdrawalView(BaseModel):
    """One withdrawal; `paid_minor` of `currency` is what is paid, known once it is approved."""

    id: UUID
    kind: Kind
    amount: str
    currency: str
    paid_minor: int | None
    destination: str
    to_account_id: UUID | None
    reason: str
    state: WithdrawalState
    note: str
    payout_ref: str
    created_at: datetime
    due_at: datetime
    decided_at: datetime | None


def withdrawal_view(found: Withdrawal) -> WithdrawalView:
    return WithdrawalView(
        id=found.id,
        kind=found.kind,
        amount=format_amount(found.amount_nano),
        currency=found.currency,
        paid_minor=found.paid_minor,
        destination=found.destination,
        to_account_id=found.to_account_id,
        reason=found.reason,
        state=found.state,
        note=found.note,
        payout_ref=found.payout_ref,
        created_at=found.created_at,
        due_at=found.due_at,
        decided_at=found.decided_at,
    )


def offer_view(offer: Offer) -> OfferView:
    return OfferView(
        payout=offer.payout,
        migration=offer.migration,
        payable=[
            PayableView(currency=each.currency, amount=format_amount(each.amount_nano), paid_minor=each.paid_minor)
            for each in offer.payable
        ],
        movable=format_amount(offer.movable_nano),
    )
