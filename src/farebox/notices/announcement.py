"""Announcements: planned maintenance, price changes, new terms, anything else; shown in public, mailed on request."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.kit.ids import IdSource
from farebox.notices import announcement_store as store
from farebox.notices.broadcast import Audience, begin_broadcast, cancel_broadcast
from farebox.notices.languages import Language
from farebox.notices.texts import Text, Texts, check_texts
from farebox.storage.database import Connection

AnnouncementKind = Literal["maintenance", "price_change", "terms", "general"]
MailTo = Audience | Literal["none"]
PAGE = "announcements"

_MAIL_KIND: dict[AnnouncementKind, str] = {
    "maintenance": "maintenance",
    "price_change": "price_change",
    "terms": "terms_changed",
    "general": "announcement",
}
# How long after it has happened a change is still shown.
_SHOWN_AFTERWARDS = timedelta(days=30)
_PRICES_OF: dict[Language, str] = {
    "en": "Prices of {models}",
    "zh-CN": "{models} 的价格",
    "zh-TW": "{models} 的價格",
    "ja": "{models} の料金",
}
_NAMED_MODELS = 5


class NewAnnouncement(msgspec.Struct, frozen=True, kw_only=True):
    """What is announced. `starts_at` and `ends_at` are of the event.

    It is shown from `shown_from` to `shown_until`, else to the event's end, else until it is withdrawn.
    """

    kind: AnnouncementKind
    texts: Texts
    shown_from: datetime
    shown_until: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_banner: bool = False
    mail: MailTo = "none"


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """One that was made; withdrawn ones are shown to nobody but operators."""

    id: UUID
    kind: AnnouncementKind
    texts: dict[Language, Text]
    shown_from: datetime
    shown_until: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    is_banner: bool
    mail: MailTo
    created_at: datetime
    withdrawn_at: datetime | None


async def announce(connection: Connection, ids: IdSource, new: NewAnnouncement, *, public_url: str) -> UUID:
    """Makes it public, and begins the mail to whoever is to be told; in a transaction."""
    new = msgspec.structs.replace(new, shown_until=new.shown_until or new.ends_at)
    _check(new)
    announcement_id = ids.new()
    await store.insert(connection, announcement_id, msgspec.structs.asdict(new), new.texts)
    if new.mail != "none":
        facts = {language: _facts(new, text, public_url) for language, text in new.texts.items()}
        kind = _MAIL_KIND[new.kind]
        await begin_broadcast(connection, ids, kind, new.mail, facts, dedupe_key=_dedupe_key(announcement_id))
    return announcement_id


async def announce_price_change(
    connection: Connection,
    ids: IdSource,
    models: Sequence[str],
    effective_at: datetime,
    *,
    now: datetime,
    mail: MailTo,
    public_url: str,
) -> UUID:
    """Announces that prices of these models change, in every language; whoever sets them calls it."""
    named = ", ".join(models[:_NAMED_MODELS]) + (" …" if len(models) > _NAMED_MODELS else "")
    new = NewAnnouncement(
        kind="price_change",
        texts={language: Text(form.format(models=named), "") for language, form in _PRICES_OF.items()},
        shown_from=now,
        shown_until=max(now, effective_at) + _SHOWN_AFTERWARDS,
        starts_at=effective_at,
        is_banner=True,
        mail=mail,
    )
    return await announce(connection, ids, new, public_url=public_url)


async def withdraw(connection: Connection, announcement_id: UUID) -> Announcement:
    """Shown no longer, and mailed to nobody else; ActionRefused when there is none that is shown."""
    if not await store.withdraw(connection, announcement_id):
        raise ActionRefused("not_found", "There is no such announcement, or it was withdrawn already.", status=404)
    await cancel_broadcast(connection, _dedupe_key(announcement_id))
    return await show(connection, announcement_id)


async def show(connection: Connection, announcement_id: UUID) -> Announcement:
    """One that was made."""
    (found,) = await _load(connection, [announcement_id])
    return found


async def list_shown(connection: Connection, limit: int) -> list[Announcement]:
    """What everybody sees now, the newest first."""
    return await _load(connection, await store.shown_ids(connection, limit))


async def list_all(connection: Connection, after: UUID | None, limit: int) -> list[Announcement]:
    """Coming, shown, past and withdrawn ones, the newest first, those before the cursor."""
    return await _load(connection, await store.page_ids(connection, after, limit))


async def _load(connection: Connection, ids: list[UUID]) -> list[Announcement]:
    return [msgspec.convert(row, Announcement) for row in await store.load(connection, ids)]


def _check(new: NewAnnouncement) -> None:
    check_texts(new.texts)
    if new.shown_until is not None and new.shown_until <= new.shown_from:
        raise ActionRefused("ends_before_start", "It must be shown for some time.", status=422, field="shown_until")
    if new.ends_at is not None and (new.starts_at is None or new.ends_at <= new.starts_at):
        raise ActionRefused("ends_before_start", "It must end after it starts.", status=422, field="ends_at")
    if new.kind != "general" and new.starts_at is None:
        raise ActionRefused("start_missing", "Say when it starts.", status=422, field="starts_at")


def _facts(new: NewAnnouncement, text: Text, public_url: str) -> dict[str, str]:
    facts = {"title": text.title, "text": text.body}
    if public_url:
        facts["link"] = f"{public_url}/{PAGE}"
    if new.starts_at is not None:
        facts |= {"starts_at": new.starts_at.isoformat(), "effective_at": new.starts_at.isoformat()}
    if new.ends_at is not None:
        facts["ends_at"] = new.ends_at.isoformat()
    return facts


def _dedupe_key(announcement_id: UUID) -> str:
    return f"announcement:{announcement_id}"
