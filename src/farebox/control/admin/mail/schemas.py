"""What goes over the wire about mail."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from farebox.notices.mail_store import MailLine, MailState


class MailView(BaseModel):
    """A message on its way; the address is gone once it was sent."""

    id: UUID
    kind: str
    person_id: UUID | None
    address: str
    language: str
    state: MailState
    attempts: int
    next_at: datetime
    created_at: datetime
    sent_at: datetime | None
    error: str


class MailText(BaseModel):
    """What a message says. Links that open something are shown on a deployment that nobody else can reach."""

    subject: str
    text: str


def mail_view(line: MailLine) -> MailView:
    return MailView(
        id=line.id,
        kind=line.kind,
        person_id=line.person_id,
        address=line.address,
        language=line.language,
        state=line.state,
        attempts=line.attempts,
        next_at=line.next_at,
        created_at=line.created_at,
        sent_at=line.sent_at,
        error=line.error,
    )
