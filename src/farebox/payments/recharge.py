"""A recharge: what a customer asked for, and the state that follows from it and from its payments. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.payments.fact import Mode
from farebox.payments.payment import Payment

Method = Literal["stripe", "creem", "manual"]
RechargeState = Literal["pending", "checkout", "review", "credited", "declined", "expired", "failed", "cancelled"]
# Not yet ended one way or the other.
OPEN_STATES: tuple[RechargeState, ...] = ("pending", "checkout", "review")


class Recharge(msgspec.Struct, frozen=True, kw_only=True):
    """One request for credit at a price. `bonus_nano` is promotional credit that comes with it.

    `needs_review`: paid or not, an operator looks before anything is credited.
    """

    id: UUID
    account_id: UUID
    method: Method
    state: RechargeState
    needs_review: bool
    mode: Mode
    credit_nano: int
    bonus_nano: int
    credit_days: int
    price_minor: int
    currency: str
    package: str
    product: str
    requested_by: UUID | None
    idempotency_key: str
    input_hash: bytes
    keep_method: bool
    checkout_ref: str = ""
    checkout_url: str = ""
    checkout_expires_at: datetime | None = None
    evidence: str = ""
    note: str = ""
    decision: Literal["", "approved", "declined"] = ""
    reviewed_by: UUID | None = None
    reviewed_at: datetime | None = None
    review_note: str = ""
    cancelled_at: datetime | None = None
    expired_at: datetime | None = None
    created_at: datetime | None = None  # None until it is stored


def state_of(recharge: Recharge, payments: Sequence[Payment]) -> RechargeState:
    """The state as it follows from what is known, in whatever order it became known.

    Money that arrives outranks everything: a checkout that was given up and paid after all is credited.
    """
    if any(payment.posted_credit_nano for payment in payments):
        return "credited"
    if recharge.decision == "declined":
        return "declined"
    is_paid = any(payment.state == "paid" and not payment.problem for payment in payments)
    if recharge.needs_review and (is_paid or recharge.method == "manual") and recharge.cancelled_at is None:
        return "review"
    if recharge.cancelled_at is not None:
        return "cancelled"
    if recharge.expired_at is not None:
        return "expired"
    if recharge.state == "failed" or any(payment.state == "failed" for payment in payments):
        return "failed"
    return "checkout" if recharge.checkout_ref else "pending"
