"""/admin/texts: publishing privacy, refund rules and imprint, and what they said before."""

from typing import Annotated

from fastapi import APIRouter, Path

from farebox.audit.record import record
from farebox.control.access import Staff, operator
from farebox.control.admin.site_texts.schemas import (
    PublishedList,
    PublishedText,
    PublishingText,
    published_line,
    published_text,
    texts_of,
)
from farebox.control.services import Here
from farebox.notices import site_text
from farebox.notices.site_text import TextKind

router = APIRouter(prefix="/admin/texts", tags=["Operator: texts"])


@router.get("")
async def list_texts(_: Annotated[Staff, operator("notices:read")], services: Here) -> PublishedList:
    """All versions of all kinds, the newest first."""
    async with services.pool.acquire() as connection:
        return PublishedList(data=[published_line(each) for each in await site_text.list_versions(connection)])


@router.post("", status_code=201)
async def publish_text(
    body: PublishingText, staff: Annotated[Staff, operator("notices:write")], services: Here
) -> PublishedText:
    """Publish the next version, in force at once; it cannot be changed afterwards."""
    async with services.pool.acquire() as connection, connection.transaction():
        published = await site_text.publish(connection, body.kind, texts_of(body))
        await record(
            connection,
            services.ids,
            staff.actor,
            "text.publish",
            target=f"text:{published.kind}:{published.version}",
            after={"languages": sorted(published.texts)},
        )
    return published_text(published)


@router.get("/{kind}/{version}")
async def show_text(
    kind: TextKind,
    version: Annotated[int, Path(ge=1, le=1_000_000)],
    _: Annotated[Staff, operator("notices:read")],
    services: Here,
) -> PublishedText:
    """One version in all its languages, also one that is not in force any more."""
    async with services.pool.acquire() as connection:
        return published_text(await site_text.show(connection, kind, version))
