"""What goes over the wire about webhooks of customers."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from farebox.notices.webhook import Delivery, NewSecret, Webhook
from farebox.outbox.events import EVENT_KINDS, EventKind

_Url = Annotated[
    str, StringConstraints(max_length=2_000, pattern=r"^https://[!-~]+$"), Field(examples=["https://example.com/hook"])
]


class WebhookSettings(BaseModel):
    """Where events go, and which."""

    model_config = ConfigDict(extra="forbid")

    url: _Url
    events: list[EventKind] = Field(min_length=1, max_length=len(EVENT_KINDS))


class WebhookView(BaseModel):
    """A webhook without its secret; a disabled one failed for days or was switched off."""

    id: UUID
    url: str
    events: list[str]
    status: Literal["active", "disabled"]
    failing_since: datetime | None
    created_at: datetime


class WebhookList(BaseModel):
    """All webhooks of the account, the oldest first."""

    data: list[WebhookView]


class WebhookMade(BaseModel):
    """The secret is in this answer and nowhere else."""

    webhook: WebhookView
    secret: str


class DeliveryView(BaseModel):
    """One event on its way to one webhook."""

    id: UUID
    event_id: UUID
    kind: str
    data: dict[str, Any]
    state: Literal["waiting", "delivered", "failed", "cancelled"]
    attempts: int
    next_at: datetime
    status_code: int | None
    error: str
    created_at: datetime
    ended_at: datetime | None


def webhook_view(webhook: Webhook) -> WebhookView:
    return WebhookView(
        id=webhook.id,
        url=webhook.url,
        events=list(webhook.events),
        status="active" if webhook.status == "active" else "disabled",
        failing_since=webhook.failing_since,
        created_at=webhook.created_at,
    )


def made_view(made: NewSecret) -> WebhookMade:
    return WebhookMade(webhook=webhook_view(made.webhook), secret=made.secret)


def delivery_view(found: Delivery) -> DeliveryView:
    return DeliveryView(
        id=found.id,
        event_id=found.event_id,
        kind=found.kind,
        data=found.data,
        state=found.state,
        attempts=found.attempts,
        next_at=found.next_at,
        status_code=found.status_code,
        error=found.error,
        created_at=found.created_at,
        ended_at=found.ended_at,
    )
