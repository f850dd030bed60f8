"""What a member agrees to, what an attempt is, and what follows from one that fails. Pure."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.domain.money import parse_amount
from farebox.domain.policies.money import RechargePolicy

# One after the other; then it is switched off until a member agrees again.
MOST_FAILURES = 3
# A provider knows a repeated request for a day. After that, whether it has charged can only be found out over there.
REPEATABLE = timedelta(hours=20)

Outcome = Literal["", "credited", "failed", "unknown"]
# Why we have switched it off, or do nothing for the time being.
Trouble = Literal["declined", "unknown", "ceiling", "new_account", "not_allowed"]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Below the threshold so much is bought, but in a calendar month (UTC) never more than the ceiling."""

    threshold_nano: int
    credit_nano: int
    monthly_nano: int


class AutoRecharge(msgspec.Struct, frozen=True, kw_only=True):
    """What an account's members have agreed to, and how it goes. The payment is the one whose method was kept."""

    account_id: UUID
    is_on: bool
    threshold_nano: int
    credit_nano: int
    monthly_nano: int
    payment_id: UUID
    agreed_by: UUID | None
    agreed_at: datetime
    failures: int
    next_at: datetime
    off_reason: str


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One charge of a kept method, for a recharge of its own. Its outcome is '' as long as it is open."""

    recharge_id: UUID
    account_id: UUID
    customer_ref: str
    method_ref: str
    outcome: Outcome
    created_at: datetime


def wait_after(failures: int) -> timedelta:
    """How long after so many failures the next attempt comes: an hour, then four, then sixteen."""
    return timedelta(hours=4 ** max(0, failures - 1))


def check_terms(policy: RechargePolicy, terms: Terms) -> None:
    """Raises ActionRefused for terms that cannot work, or that are not on offer here."""
    if not parse_amount(policy.least) <= terms.credit_nano <= parse_amount(policy.most):
        raise ActionRefused(
            "amount_out_of_range",
            f"An amount must be between {policy.least} and {policy.most}.",
            status=422,
            field="amount",
            values={"least_amount": policy.least, "most_amount": policy.most},
        )
    if not 0 < terms.threshold_nano <= terms.credit_nano:
        # Else the balance would still be below it afterwards, and the next charge follow at once.
        raise ActionRefused(
            "threshold_out_of_range",
            "The threshold must be above zero, and at most the amount.",
            status=422,
            field="threshold",
        )
    if terms.monthly_nano < terms.credit_nano:
        raise ActionRefused(
            "ceiling_too_low", "The ceiling must leave room for one recharge.", status=422, field="monthly_ceiling"
        )
