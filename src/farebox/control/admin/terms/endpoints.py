"""/admin/terms: publishing the next version of the terms."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter

from farebox.audit.record import record
from farebox.control.access import Staff, operator
from farebox.control.admin.terms.schemas import Publishing, Versions, VersionView, texts_of, version_view
from farebox.control.services import Here
from farebox.notices import terms

router = APIRouter(prefix="/admin/terms", tags=["Operator: terms"])


@router.get("")
async def list_versions(_: Annotated[Staff, operator("notices:read")], services: Here) -> Versions:
    """All versions, the newest first."""
    async with services.pool.acquire() as connection:
        return Versions(data=[version_view(each) for each in await terms.list_versions(connection)])


@router.post("", status_code=201)
async def publish(body: Publishing, staff: Annotated[Staff, operator("notices:write")], services: Here) -> VersionView:
    """Publish the next version; it cannot be changed afterwards."""
    async with services.pool.acquire() as connection, connection.transaction():
        published = await terms.publish(
            connection,
            services.ids,
            services.policy.terms,
            texts_of(body),
            summaries={language: text.summary for language, text in body.texts.items()},
            effective_at=body.effective_at,
            is_material=body.is_material,
            now=datetime.now(UTC),
            public_url=services.public_url,
        )
        await record(
            connection,
            services.ids,
            staff.actor,
            "terms.publish",
            target=f"terms:{published.version}",
            after={"effective_at": published.effective_at.isoformat(), "is_material": published.is_material},
        )
    return version_view(published)
