"""What goes over the wire about support requests."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.aftersale.support import Author, Message, SupportRequest, SupportState
from farebox.control.text import Line, NonEmptyLine, NonEmptyWords

SupportLanguage = Literal["en", "zh-CN", "zh-TW", "ja"]


class NewSupportRequest(BaseModel):
    """What somebody wants to know or to have put right."""

    model_config = ConfigDict(extra="forbid")

    subject: Annotated[NonEmptyLine, Field(examples=["A transfer that did not arrive"])]
    message: Annotated[NonEmptyWords, Field(examples=["I paid on Monday and see no credit."])]
    payment_method: Annotated[Line, Field(examples=["bank transfer"])] = ""
    payment_reference: Annotated[Line, Field(examples=["FB-2291"])] = ""
    job_id: UUID | None = None
    amount: Annotated[Line, Field(examples=["20 USD"], description="In your own words, in whatever currency.")] = ""


class NewMessage(BaseModel):
    """A further message."""

    model_config = ConfigDict(extra="forbid")

    message: NonEmptyWords


class MessageView(BaseModel):
    """One message; plain text."""

    id: UUID
    author: Author
    message: str
    created_at: datetime


class SupportView(BaseModel):
    """A request without its messages; `due_at` is when the next answer is due while it is open."""

    id: UUID
    email: str
    subject: str
    payment_method: str
    payment_reference: str
    job_id: UUID | None
    amount: str
    state: SupportState
    created_at: datetime
    due_at: datetime
    closed_at: datetime | None


class SupportThread(SupportView):
    """A request with its messages, the oldest first."""

    messages: list[MessageView]


def support_view(request: SupportRequest) -> SupportView:
    return SupportView(
        id=request.id,
        email=request.email,
        subject=request.subject,
        payment_method=request.payment_method,
        payment_reference=request.payment_reference,
        job_id=request.job_id,
        amount=request.amount,
        state=request.state,
        created_at=request.created_at,
        due_at=request.due_at,
        closed_at=request.closed_at,
    )


def support_thread(request: SupportRequest, messages: list[Message]) -> SupportThread:
    return SupportThread(**support_view(request).model_dump(), messages=[message_view(each) for each in messages])


def message_view(message: Message) -> MessageView:
    return MessageView(id=message.id, author=message.author, message=message.words, created_at=message.created_at)
