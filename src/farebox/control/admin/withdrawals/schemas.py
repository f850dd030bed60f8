"""What goes over the wire about the queue of withdrawals."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from farebox.aftersale.withdrawal import Withdrawal
from farebox.control.admin.standing import AccountStanding, LotView
from farebox.control.text import NonEmptyLine, NonEmptyWords, Words
from farebox.control.withdrawals.schemas import NewWithdrawal, WithdrawalView, withdrawal_view


class FiledWithdrawal(NewWithdrawal):
    """What a customer wrote by mail."""

    account_id: UUID


class Remark(BaseModel):
    """A remark for the trail."""

    model_config = ConfigDict(extra="forbid")

    note: Words = ""


class WhyNot(BaseModel):
    """Why not."""

    model_config = ConfigDict(extra="forbid")

    note: NonEmptyWords


class PayoutMade(BaseModel):
    """The payout's reference, such as the bank's; one reference stands for one payout."""

    model_config = ConfigDict(extra="forbid")

    reference: NonEmptyLine
    note: Words = ""


class QueuedWithdrawalView(WithdrawalView):
    """A withdrawal as operators see it."""

    account_id: UUID
    requested_by: UUID | None
    closing_id: UUID | None
    approved_by: UUID | None
    seconded_by: UUID | None
    is_overdue: bool


class WithdrawalFacts(QueuedWithdrawalView):
    """The same with what a decision about it goes by; `needs_two`: two operators approve."""

    needs_two: bool
    account: AccountStanding
    lots: list[LotView]


def queued_view(found: Withdrawal, now: datetime) -> QueuedWithdrawalView:
    return QueuedWithdrawalView(
        **withdrawal_view(found).model_dump(),
        account_id=found.account_id,
        requested_by=found.requested_by,
        closing_id=found.closing_id,
        approved_by=found.approved_by,
        seconded_by=found.seconded_by,
        is_overdue=found.state in ("asked", "seconding", "approved") and found.due_at < now,
    )
