"""/admin/people: who signs in here, to which accounts they belong; suspending, exporting and erasing them."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from farebox.audit.record import record
from farebox.control.access import Staff, operator
from farebox.control.admin.people.schemas import Deed
from farebox.control.page import Page, Paging, page_of
from farebox.control.person.schemas import Erased, PersonalData, PersonView, person_view
from farebox.control.services import Here, Services
from farebox.identity import mail_address, personal_data
from farebox.identity.person import list_people, restore, show_person, suspend
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/people", tags=["Operator: people"])
Reader = Annotated[Staff, operator("accounts:read")]
Writer = Annotated[Staff, operator("accounts:write")]
Dangerous = Annotated[Staff, operator("accounts:write", fresh=True)]


@router.get("")
async def list_all(
    _: Reader,
    services: Here,
    paging: Paging,
    email: Annotated[str | None, Query(max_length=mail_address.LONGEST, pattern=r"^[^\x00]*$")] = None,
    account_id: UUID | None = None,
) -> Page[PersonView]:
    """The newest people first; by exact address, or by account."""
    async with services.pool.acquire() as connection:
        found = await list_people(connection, paging.after, email=email, account_id=account_id, limit=paging.limit + 1)
    return page_of(found, paging, person_view, lambda person: person.id)


@router.get("/{person_id}")
async def show(person_id: UUID, _: Reader, services: Here) -> PersonView:
    """One person."""
    async with services.pool.acquire() as connection:
        return person_view(await show_person(connection, person_id))


@router.post("/{person_id}/suspend")
async def suspend_person(person_id: UUID, body: Deed, staff: Writer, services: Here) -> PersonView:
    """Keep somebody out, at once and on every device. Their accounts' keys go on: freeze the account to stop those."""
    async with services.pool.acquire() as connection, connection.transaction():
        await suspend(connection, person_id)
        await _note(connection, services, staff, "person.suspend", person_id, body.reason)
        return person_view(await show_person(connection, person_id))


@router.post("/{person_id}/restore")
async def restore_person(person_id: UUID, body: Deed, staff: Writer, services: Here) -> PersonView:
    """Let somebody sign in again."""
    async with services.pool.acquire() as connection, connection.transaction():
        await restore(connection, person_id)
        await _note(connection, services, staff, "person.restore", person_id, body.reason)
        return person_view(await show_person(connection, person_id))


@router.post("/{person_id}/export")
async def export(person_id: UUID, body: Deed, staff: Dangerous, services: Here) -> PersonalData:
    """All that is stored about somebody, for them to have; that it was taken is a line of the trail."""
    async with services.pool.acquire() as connection, connection.transaction():
        data = await personal_data.export(connection, person_id)
        await _note(connection, services, staff, "person.export", person_id, body.reason)
    return PersonalData(exported_at=datetime.now(UTC), data=data)


@router.post("/{person_id}/erase")
async def erase(person_id: UUID, body: Deed, staff: Dangerous, services: Here) -> Erased:
    """Erase somebody on their request. What was paid and charged stays."""
    async with services.pool.acquire() as connection, connection.transaction():
        await personal_data.erase(connection, person_id)
        await _note(connection, services, staff, "person.erase", person_id, body.reason)
    return Erased()


async def _note(
    connection: Connection, services: Services, staff: Staff, action: str, person_id: UUID, reason: str
) -> None:
    await record(connection, services.ids, staff.actor, action, target=f"person:{person_id}", reason=reason)
