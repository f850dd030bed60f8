"""What goes over the wire about automatic recharges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.text import PositiveAmountText
from farebox.domain.money import format_amount, parse_amount
from farebox.payments.auto_recharge.auto_recharge_store import KeptMethod
from farebox.payments.auto_recharge.terms import AutoRecharge, Terms


class Agreement(BaseModel):
    """What is agreed to: below the threshold the amount is bought, in a calendar month (UTC) up to the ceiling."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "threshold": "5",
                    "amount": "20",
                    "monthly_ceiling": "100",
                    "payment_id": "01a1f000-0000-7000-8000-000000000000",
                    "agreed": True,
                }
            ]
        },
    )

    threshold: PositiveAmountText
    amount: PositiveAmountText
    monthly_ceiling: PositiveAmountText
    payment_id: UUID = Field(description="A payment whose card was kept: one of `kept_methods`.")
    agreed: Literal[True] = Field(description="That this card may be charged without asking again.")


class KeptMethodView(BaseModel):
    """A kept card, by the payment that it was kept with."""

    payment_id: UUID
    provider: str
    kept_at: datetime


class AutoRechargeView(BaseModel):
    """How it is set; the terms are null as long as nobody has agreed to any."""

    is_offered: bool
    is_on: bool
    threshold: str | None
    amount: str | None
    monthly_ceiling: str | None
    bought_this_month: str
    payment_id: UUID | None
    agreed_at: datetime | None
    failures: int = Field(description="One after the other; three switch it off.")
    off_reason: str = Field(description="Why it was switched off by us: declined or unknown.")
    kept_methods: list[KeptMethodView]


def terms_from(body: Agreement) -> Terms:
    return Terms(
        threshold_nano=parse_amount(body.threshold),
        credit_nano=parse_amount(body.amount),
        monthly_nano=parse_amount(body.monthly_ceiling),
    )


def auto_recharge_view(
    found: AutoRecharge | None, kept: Sequence[KeptMethod], bought_nano: int, *, is_offered: bool
) -> AutoRechargeView:
    return AutoRechargeView(
        is_offered=is_offered,
        is_on=found is not None and found.is_on,
        threshold=None if found is None else format_amount(found.threshold_nano),
        amount=None if found is None else format_amount(found.credit_nano),
        monthly_ceiling=None if found is None else format_amount(found.monthly_nano),
        bought_this_month=format_amount(bought_nano),
        payment_id=None if found is None else found.payment_id,
        agreed_at=None if found is None else found.agreed_at,
        failures=0 if found is None else found.failures,
        off_reason="" if found is None else found.off_reason,
        kept_methods=[
            KeptMethodView(payment_id=each.payment_id, provider=each.provider, kept_at=each.kept_at) for each in kept
        ],
    )
