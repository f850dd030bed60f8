"""/admin/announcements: telling everybody something, on the site and by mail."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.audit.record import record
from farebox.control.access import Staff, operator
from farebox.control.admin.announcements.schemas import (
    AnnouncementView,
    Announcing,
    announcement_of,
    announcement_view,
)
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here
from farebox.notices import announcement

router = APIRouter(prefix="/admin/announcements", tags=["Operator: announcements"])


@router.get("")
async def list_announcements(
    _: Annotated[Staff, operator("notices:read")], services: Here, paging: Paging
) -> Page[AnnouncementView]:
    """All of them, withdrawn and coming ones too, the newest first."""
    async with services.pool.acquire() as connection:
        found = await announcement.list_all(connection, paging.after, paging.limit + 1)
    return page_of(found, paging, announcement_view, lambda each: each.id)


@router.post("", status_code=201)
async def announce(
    body: Announcing, staff: Annotated[Staff, operator("notices:write")], services: Here
) -> AnnouncementView:
    """Announce something; mail to its readers is queued in the background."""
    new = announcement_of(body)
    async with services.pool.acquire() as connection, connection.transaction():
        made = await announcement.announce(connection, services.ids, new, public_url=services.public_url)
        await record(
            connection,
            services.ids,
            staff.actor,
            "announcement.make",
            target=f"announcement:{made}",
            after={"kind": new.kind, "title": new.texts["en"].title, "mail": new.mail},
        )
        return announcement_view(await announcement.show(connection, made))


@router.post("/{announcement_id}/withdraw")
async def withdraw(
    announcement_id: UUID, staff: Annotated[Staff, operator("notices:write")], services: Here
) -> AnnouncementView:
    """Show it no longer, and mail it to nobody else."""
    async with services.pool.acquire() as connection, connection.transaction():
        withdrawn = await announcement.withdraw(connection, announcement_id)
        await record(
            connection,
            services.ids,
            staff.actor,
            "announcement.withdraw",
            target=f"announcement:{announcement_id}",
            after={"kind": withdrawn.kind},
        )
    return announcement_view(withdrawn)
