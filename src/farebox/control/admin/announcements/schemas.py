"""What goes over the wire about announcements, for operators."""

from datetime import UTC, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.moment import Moment
from farebox.control.text import NonEmptyLine, Words
from farebox.notices.announcement import Announcement, AnnouncementKind, MailTo, NewAnnouncement
from farebox.notices.languages import Language
from farebox.notices.texts import Text


class TextView(BaseModel):
    """A title and a body in one language."""

    model_config = ConfigDict(extra="forbid")

    title: NonEmptyLine
    body: Words = ""


class Announcing(BaseModel):
    """What to announce; English is needed. `mail` says who is told by mail as well."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "kind": "maintenance",
                    "texts": {"en": {"title": "New database", "body": "Calls may fail for a minute."}},
                    "starts_at": "2030-01-31T12:00:00Z",
                    "ends_at": "2030-01-31T13:00:00Z",
                    "is_banner": True,
                    "mail": "all",
                }
            ]
        },
    )

    kind: AnnouncementKind
    texts: dict[Language, TextView] = Field(min_length=1)
    shown_from: Moment | None = Field(default=None, description="Now when left out.")
    shown_until: Moment | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    is_banner: bool = False
    mail: MailTo = "none"


class AnnouncementView(BaseModel):
    """An announcement in all its languages."""

    id: UUID
    kind: AnnouncementKind
    texts: dict[Language, TextView]
    shown_from: datetime
    shown_until: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    is_banner: bool
    mail: MailTo
    created_at: datetime
    withdrawn_at: datetime | None


def announcement_of(body: Announcing) -> NewAnnouncement:
    return NewAnnouncement(
        kind=body.kind,
        texts={language: Text(text.title, text.body) for language, text in body.texts.items()},
        shown_from=body.shown_from or datetime.now(UTC),
        shown_until=body.shown_until,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        is_banner=body.is_banner,
        mail=body.mail,
    )


def announcement_view(found: Announcement) -> AnnouncementView:
    return AnnouncementView(
        id=found.id,
        kind=found.kind,
        texts={language: TextView(title=text.title, body=text.body) for language, text in found.texts.items()},
        shown_from=found.shown_from,
        shown_until=found.shown_until,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        is_banner=found.is_banner,
        mail=found.mail,
        created_at=found.created_at,
        withdrawn_at=found.withdrawn_at,
    )
