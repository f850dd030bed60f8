"""What goes over the wire about accounts, to operators."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from farebox.accounts.account import Account, AccountStatus, ApiKey
from farebox.accounts.search import AccountFilter, FoundAccount
from farebox.cases.case import Case
from farebox.control.admin.cases.schemas import CaseView, case_view
from farebox.control.admin.signals.schemas import SignalView
from farebox.control.credits.schemas import CreditsView
from farebox.control.jobs.schemas import CallView
from farebox.control.limits import LimitsView, limits_view
from farebox.control.moment import Moment
from farebox.control.statement.schemas import LineView
from farebox.control.statements.schemas import StatementItem
from farebox.control.text import AmountText, NonEmptyLine, PositiveAmountText
from farebox.domain.job import KeyKind
from farebox.domain.money import format_amount, parse_amount
from farebox.identity.member import MemberOf
from farebox.traces.summary import TraceSummary


def _filter(
    q: Annotated[
        str | None,
        Query(
            min_length=3,
            max_length=254,
            pattern=r"^[^\x00-\x1f]+$",
            description="An id, or the beginning of an address, a name or an API key.",
        ),
    ] = None,
    status: AccountStatus | None = None,
    min_balance: AmountText | None = None,
    max_balance: AmountText | None = None,
) -> AccountFilter:
    return AccountFilter(
        words=q,
        status=status,
        least_nano=None if min_balance is None else parse_amount(min_balance),
        most_nano=None if max_balance is None else parse_amount(max_balance),
    )


Wanted = Annotated[AccountFilter, Depends(_filter)]


class AccountLine(BaseModel):
    """An account in a list."""

    id: UUID
    email: str
    name: str
    status: AccountStatus
    status_reason: str
    balance: str
    held: str
    debt: str
    open_jobs: int
    created_at: datetime | None


class KeyLine(BaseModel):
    """A key of the account, without its secret."""

    id: UUID
    name: str
    kind: KeyKind
    prefix: str
    status: Literal["active", "revoked"]
    created_at: datetime


class MemberLine(BaseModel):
    """A person in the account."""

    person_id: UUID
    email: str
    role: str


class TracesView(BaseModel):
    """What its newest traces tell in sum."""

    kind: str
    count: int
    addresses: int
    devices: int
    countries: list[str]
    last_at: datetime


class AccountView(BaseModel):
    """One account with all that a decision about it needs; each list is the newest few."""

    id: UUID
    email: str
    name: str
    status: AccountStatus
    status_reason: str
    created_at: datetime
    group: Annotated[str | None, Field(description="The customer group, whose share of the price it is charged.")]
    limits: LimitsView
    credits: CreditsView
    statement: list[LineView]
    statements: Annotated[list[StatementItem], Field(description="The monthly ones.")]
    jobs: list[CallView]
    keys: list[KeyLine]
    members: list[MemberLine]
    cases: list[CaseView]
    signals: list[SignalView]
    traces: list[TracesView]


class Reason(BaseModel):
    """Why it is done; the customer sees the reason of a freeze."""

    model_config = ConfigDict(extra="forbid")

    reason: NonEmptyLine


class Grant(BaseModel):
    """Credit without a payment. Promotional credit is spent first, and never refunded; neither is a grant."""

    model_config = ConfigDict(extra="forbid")

    amount: PositiveAmountText
    reason: NonEmptyLine
    kind: Literal["grant", "promo"] = "grant"
    expires_at: Moment | None = None


class Forgiveness(BaseModel):
    """How much of a debt is given up, and why."""

    model_config = ConfigDict(extra="forbid")

    amount: PositiveAmountText
    reason: NonEmptyLine


class Forgiven(BaseModel):
    """What was posted, and the debt that is left."""

    txn_id: UUID
    amount: str
    debt: str


class Granted(BaseModel):
    """What was posted."""

    txn_id: UUID
    amount: str
    balance: str
    repaid: str = Field(description="What of it went to an old debt.")


def account_line(account: FoundAccount) -> AccountLine:
    return AccountLine(
        id=account.id,
        email=account.email,
        name=account.name,
        status=account.status,
        status_reason=account.status_reason,
        balance=format_amount(account.balance_nano),
        held=format_amount(account.held_nano),
        debt=format_amount(account.owed_nano),
        open_jobs=account.open_jobs,
        created_at=account.created_at,
    )


def account_view(
    account: Account,
    *,
    group: str | None,
    credits_view: CreditsView,
    statement: list[LineView],
    statements: list[StatementItem],
    jobs: list[CallView],
    keys: list[ApiKey],
    members: list[MemberOf],
    cases: list[Case],
    signals: list[SignalView],
    traces: list[TraceSummary],
) -> AccountView:
    return AccountView(
        id=account.id,
        email=account.email,
        name=account.name,
        status=account.status,
        status_reason=account.status_reason,
        created_at=account.created_at,
        group=group,
        limits=limits_view(account.limits),
        credits=credits_view,
        statement=statement,
        statements=statements,
        jobs=jobs,
        keys=[
            KeyLine(
                id=key.id,
                name=key.name,
                kind=key.kind,
                prefix=key.prefix,
                status=key.status,
                created_at=key.created_at,
            )
            for key in keys
        ],
        members=[MemberLine(person_id=each.person_id, email=each.email, role=each.role) for each in members],
        cases=[case_view(case) for case in cases],
        signals=signals,
        traces=[traces_view(each) for each in traces],
    )


def traces_view(summary: TraceSummary) -> TracesView:
    return TracesView(
        kind=summary.kind,
        count=summary.count,
        addresses=summary.addresses,
        devices=summary.devices,
        countries=summary.countries,
        last_at=summary.last_at,
    )
