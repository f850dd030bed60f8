"""What goes over the wire about reviews of recharges."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.admin.standing import AccountStanding
from farebox.control.payments.schemas import PaymentView, payment_view
from farebox.control.recharges.schemas import RechargeView, recharge_view
from farebox.control.text import Line, NonEmptyWords, PositiveAmountText, Words
from farebox.payments.payment import Payment
from farebox.payments.recharge import Recharge


class RechargeFile(RechargeView):
    """A recharge with what only operators see."""

    account_id: UUID
    requested_by: UUID | None
    decision: Literal["", "approved", "declined"]
    reviewed_by: UUID | None
    reviewed_at: datetime | None
    checkout_ref: str


class RechargeFacts(BaseModel):
    """What a reviewer goes by: the recharge, its payments, the account and its newest other recharges."""

    recharge: RechargeFile
    payments: list[PaymentView]
    account: AccountStanding
    others: list[RechargeFile]


class Approval(BaseModel):
    """What the reviewer has seen. What is left out is as the customer said."""

    model_config = ConfigDict(extra="forbid")

    credit: PositiveAmountText | None = None
    price_minor: Annotated[int, Field(gt=0, le=10**9, description="What has arrived, in cents.")] | None = None
    evidence: Line = Field(default="", description="The reference of the transfer.")
    note: Words = ""


class Refusal(BaseModel):
    """Why nothing is credited; the customer reads it."""

    model_config = ConfigDict(extra="forbid")

    reason: NonEmptyWords


def recharge_file(recharge: Recharge) -> RechargeFile:
    return RechargeFile(
        **recharge_view(recharge).model_dump(),
        account_id=recharge.account_id,
        requested_by=recharge.requested_by,
        decision=recharge.decision,
        reviewed_by=recharge.reviewed_by,
        reviewed_at=recharge.reviewed_at,
        checkout_ref=recharge.checkout_ref,
    )


def recharge_facts(
    recharge: Recharge, payments: list[Payment], account: AccountStanding, others: list[Recharge]
) -> RechargeFacts:
    return RechargeFacts(
        recharge=recharge_file(recharge),
        payments=[payment_view(payment) for payment in payments],
        account=account,
        others=[recharge_file(each) for each in others],
    )
