"""What goes over the wire about accounts that wait."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from farebox.control.text import NonEmptyWords, Words


class Waiting(BaseModel):
    """An account that cannot call before somebody has decided."""

    account_id: UUID
    email: str
    code: Literal["approval_pending", "region_not_served"]
    since: datetime


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
