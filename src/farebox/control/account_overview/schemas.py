"""What goes over the wire about an account at a glance."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from farebox.cases.case import Case
from farebox.control.jobs.schemas import CallView, call_view
from farebox.domain.money import format_amount
from farebox.ledger.balance import Funds
from farebox.ledger.job_page import LoggedCall
from farebox.ledger.usage import Spent

_WEEK_DAYS = 7


class LowBalance(BaseModel):
    """What is spendable will not last a day at the pace of the last week, or there is nothing."""

    is_low: bool
    lasts_days: int | None = Field(description="Whole days at the pace of the last week; null when nothing was spent.")


class OpenCase(BaseModel):
    """Something of this account that the operator looks at."""

    id: UUID
    kind: str
    opened_at: datetime
    due_at: datetime | None


class OverviewView(BaseModel):
    """The account at a glance; days and months are of UTC."""

    unit: str
    status: Literal["active", "frozen", "closed"]
    balance: str
    held: str
    spendable: str
    debt: str
    open_jobs: int
    spent_today: str
    spent_this_month: str
    low_balance: LowBalance
    recent_jobs: list[CallView]
    open_cases: list[OpenCase]


def low_balance(funds: Funds, spent: Spent) -> LowBalance:
    # In integers: spendable over a seventh of the week's charges.
    lasts_days = funds.spendable_nano * _WEEK_DAYS // spent.week_nano if spent.week_nano else None
    return LowBalance(
        is_low=funds.spendable_nano == 0 or (lasts_days is not None and lasts_days < 1), lasts_days=lasts_days
    )


def overview_view(funds: Funds, spent: Spent, recent: list[LoggedCall], cases: list[Case], unit: str) -> OverviewView:
    return OverviewView.model_validate(
        {
            "unit": unit,
            "status": funds.status,
            "balance": format_amount(funds.balance_nano),
            "held": format_amount(funds.held_nano),
            "spendable": format_amount(funds.spendable_nano),
            "debt": format_amount(funds.owed_nano),
            "open_jobs": funds.open_jobs,
            "spent_today": format_amount(spent.today_nano),
            "spent_this_month": format_amount(spent.month_nano),
            "low_balance": low_balance(funds, spent),
            "recent_jobs": [call_view(call) for call in recent],
            "open_cases": [
                OpenCase(id=case.id, kind=case.kind, opened_at=case.opened_at, due_at=case.due_at) for case in cases
            ],
        }
    )
