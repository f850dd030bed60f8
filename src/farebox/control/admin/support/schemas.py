"""What goes over the wire about the queue of support requests."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.aftersale.support import Message, SupportRequest
from farebox.control.support.schemas import (
    MessageView,
    NewSupportRequest,
    SupportLanguage,
    SupportView,
    message_view,
    support_view,
)
from farebox.control.text import EmailText, NonEmptyWords


class FiledSupportRequest(NewSupportRequest):
    """What somebody wrote by mail. Without an account, the one of that address is looked for."""

    email: EmailText
    language: SupportLanguage = "en"
    account_id: UUID | None = None


class Reply(BaseModel):
    """An answer; plain text."""

    model_config = ConfigDict(extra="forbid")

    message: NonEmptyWords
    close: Annotated[bool, Field(description="Close the request with this answer.")] = False


class QueuedSupportView(SupportView):
    """A request as operators see it."""

    account_id: UUID | None
    person_id: UUID | None
    filed_by: UUID | None
    language: str
    is_overdue: bool


class QueuedSupportThread(QueuedSupportView):
    """The same with its messages, the oldest first."""

    messages: list[MessageView]


class ReplyTemplate(BaseModel):
    """A reply that is used again."""

    name: str
    language: str
    message: str


class TemplateText(BaseModel):
    """What a template says."""

    model_config = ConfigDict(extra="forbid")

    message: NonEmptyWords


class ReplyTemplates(BaseModel):
    """All of them."""

    data: list[ReplyTemplate]


def queued_view(request: SupportRequest, now: datetime) -> QueuedSupportView:
    return QueuedSupportView(
        **support_view(request).model_dump(),
        account_id=request.account_id,
        person_id=request.person_id,
        filed_by=request.filed_by,
        language=request.language,
        is_overdue=request.state == "open" and request.due_at < now,
    )


def queued_thread(request: SupportRequest, messages: list[Message], now: datetime) -> QueuedSupportThread:
    told = queued_view(request, now).model_dump()
    return QueuedSupportThread(**told, messages=[message_view(each) for each in messages])
