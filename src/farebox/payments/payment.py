"""Payments, refunds and disputes as they are known here: what providers told, merged, and what has been posted."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.payments.fact import DisputeState, Mode, RefundState

# Of a transfer that a reviewer has seen arrive, there is no provider to ask.
Source = Literal["stripe", "creem", "manual"]
# Why a payment is not credited although it is paid.
Problem = Literal[
    "",
    "no_recharge",  # it belongs to nothing that we asked for
    "wrong_provider",  # the recharge was to be paid elsewhere
    "wrong_mode",  # test money for a live recharge
    "wrong_currency",
    "wrong_amount",
    "wrong_product",
    "duplicate",  # the recharge has been paid by another payment
    "declined",  # the reviewer has said no: the money has to go back
]


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """One payment. Amounts in the minor unit of `currency` as in fact.py; `posted_*` is what the ledger has.

    `posted_taken_minor` is the part of the price that the wash book does not have because it was taken back. Of a
    payment that is not credited it is less by what has been set aside: below zero where nothing was ever credited.
    """

    id: UUID
    provider: Source
    ref: str
    mode: Mode
    state: Literal["unknown", "pending", "failed", "paid"]
    recharge_id: UUID | None
    account_id: UUID | None
    created_at: datetime
    checkout_ref: str = ""
    price_minor: int = 0
    gross_minor: int = 0
    tax_minor: int = 0
    currency: str = ""
    product: str = ""
    country: str = ""
    fingerprint: str = ""
    failure: str = ""
    invoice_url: str = ""
    customer_ref: str = ""
    method_ref: str = ""
    refunded_minor: int = 0
    refunded_at: datetime | None = None
    paid_at: datetime | None = None
    problem: Problem = ""
    accepted_nano: int | None = None
    posted_credit_nano: int = 0
    posted_bonus_nano: int = 0
    posted_taken_nano: int = 0
    posted_taken_minor: int = 0
    bonus_taken_nano: int = 0  # of the bonus
    steps: int = 0
    is_country_judged: bool = False
    case_id: UUID | None = None

    @property
    def reference(self) -> str:
        """What its lots and postings are known by in the ledger."""
        return f"{self.provider}:{self.ref}"

    @property
    def aside_minor(self) -> int:
        """The part of the price that is set aside; none as long as anything of the payment is credited."""
        if self.posted_taken_nano < self.posted_credit_nano:
            return 0
        return (self.price_minor if self.posted_credit_nano else 0) - self.posted_taken_minor

    @property
    def taken_minor(self) -> int:
        """The part of the price that has been taken back of the credit."""
        return self.posted_taken_minor + self.aside_minor

    @property
    def bonus_reference(self) -> str:
        return f"{self.reference}:bonus"


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Money of a payment on its way back, or back. asked and manual are ours and reserve what they take."""

    id: UUID
    payment_id: UUID
    provider: Source
    ref: str
    state: RefundState | Literal["asked", "manual"]
    gross_minor: int
    begun_at: datetime | None = None
    failed_at: datetime | None = None
    is_ours: bool
    is_whole: bool
    asked_by: str
    reason: str
    error: str = ""
    created_at: datetime | None = None  # None until it is stored


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """A chargeback. `decision` is an operator's, for providers that do not tell the end."""

    id: UUID
    payment_id: UUID
    provider: Source
    ref: str
    state: DisputeState
    gross_minor: int  # 0 where the provider did not tell: all of the payment
    reason: str
    due_at: datetime | None
    has_frozen: bool
    case_id: UUID | None
    decision: Literal["", "won", "lost"]
    decided_by: UUID | None
    decided_at: datetime | None
    note: str
    created_at: datetime

    @property
    def outcome(self) -> DisputeState:
        """The provider's last word where there is one, else the operator's."""
        return self.state if self.state in ("won", "lost") else self.decision or self.state
