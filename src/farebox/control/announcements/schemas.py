"""What goes over the wire about announcements, for everybody."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from farebox.notices.announcement import Announcement, AnnouncementKind
from farebox.notices.languages import best_of


class Shown(BaseModel):
    """An announcement in one language; `starts_at` and `ends_at` are of what is announced."""

    id: UUID
    kind: AnnouncementKind
    title: str
    body: str
    shown_from: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    is_banner: bool


class ShownList(BaseModel):
    """What is announced now, the newest first."""

    data: list[Shown]


def shown(announcement: Announcement, language: str) -> Shown:
    text = best_of(announcement.texts, language)
    return Shown(
        id=announcement.id,
        kind=announcement.kind,
        title=text.title,
        body=text.body,
        shown_from=announcement.shown_from,
        starts_at=announcement.starts_at,
        ends_at=announcement.ends_at,
        is_banner=announcement.is_banner,
    )
