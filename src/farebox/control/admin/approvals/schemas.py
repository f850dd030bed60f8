"""What goes over the wire about accounts that wait."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.admin.accounts.schemas import TracesView
from farebox.control.admin.cases.schemas import CaseView
from farebox.control.admin.standing import AccountStanding
from farebox.control.text import NonEmptyWords, Words


class Waiting(BaseModel):
    """An account that cannot call before somebody has decided."""

    account_id: UUID
    email: str
    code: Literal["approval_pending", "region_not_served"]
    since: datetime


class WaitingFacts(Waiting):
    """The same with what a decision about it goes by: cases say why it waits, traces from where it came."""

    name: str
    country: str = Field(description="Of its billing details; empty where nothing is said.")
    account: AccountStanding
    cases: list[CaseView]
    traces: list[TracesView]


class Decision(BaseModel):
    """Why it is decided so."""

    model_config = ConfigDict(extra="forbid")

    note: Words = ""


class Refusing(BaseModel):
    """Why not."""

    model_config = ConfigDict(extra="forbid")

    note: NonEmptyWords


class Decided(BaseModel):
    """How the account stands now."""

    account_id: UUID
    status: Literal["active", "frozen", "closed"]
    bars: list[str]
