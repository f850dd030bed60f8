"""What goes over the wire about cases."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from farebox.cases.case import Case
from farebox.control.admin.standing import AccountStanding
from farebox.control.text import NonEmptyLine, Words


class CaseView(BaseModel):
    """What an operator has to look at."""

    id: UUID
    kind: str
    subject: str
    account_id: UUID | None
    facts: dict[str, Any]
    status: Literal["open", "closed"]
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    closed_by: UUID | None
    decision: str
    note: str


class CaseFacts(CaseView):
    """The same with how its account stands."""

    account: AccountStanding | None


class Closing(BaseModel):
    """How a case is decided."""

    model_config = ConfigDict(extra="forbid")

    decision: NonEmptyLine
    note: Words = ""


def case_view(case: Case) -> CaseView:
    return CaseView(
        id=case.id,
        kind=case.kind,
        subject=case.subject,
        account_id=case.account_id,
        facts=case.facts,
        status=case.status,
        opened_at=case.opened_at,
        due_at=case.due_at,
        closed_at=case.closed_at,
        closed_by=case.closed_by,
        decision=case.decision,
        note=case.note,
    )
