"""/admin/providers: caps over all channels of one provider."""

from typing import Annotated

from fastapi import APIRouter, Path

from farebox.audit.record import record
from farebox.catalog import caps
from farebox.catalog.store import load_snapshot
from farebox.control.access import Staff, operator
from farebox.control.admin.channels.schemas import CapsView, caps_changes
from farebox.control.admin.provider.schemas import ProviderList, ProviderView, provider_view
from farebox.control.services import Here
from farebox.control.text import NonEmptyLine

router = APIRouter(prefix="/admin/providers", tags=["Operator: channels"])


@router.get("")
async def list_providers(_: Annotated[Staff, operator("catalogue:read")], services: Here) -> ProviderList:
    """All providers with their caps and channels."""
    async with services.pool.acquire() as connection:
        snapshot = await load_snapshot(connection)
    names = {channel.provider for channel in snapshot.channels.values()} | set(snapshot.providers)
    return ProviderList(data=[provider_view(name, snapshot) for name in sorted(names)])


@router.put("/{name}/caps")
async def cap_provider(
    name: Annotated[NonEmptyLine, Path()],
    body: CapsView,
    staff: Annotated[Staff, operator("catalogue:write")],
    services: Here,
) -> ProviderView:
    """Replace a provider's caps; in force for the next admission."""
    async with services.pool.acquire() as connection:
        before = provider_view(name, await load_snapshot(connection))
        async with connection.transaction():
            await caps.cap_provider(connection, name, caps_changes(body))
            await record(
                connection,
                services.ids,
                staff.actor,
                "provider.cap",
                target=f"provider:{name}",
                before=before.caps.model_dump(),
                after=body.model_dump(),
            )
        return provider_view(name, await load_snapshot(connection))
