"""/api/person: oneself. Erasure is for good, and needs a proof that it is really them."""

from datetime import UTC, datetime

from fastapi import APIRouter, Response

from farebox.audit.record import Actor, record
from farebox.control.access import Person
from farebox.control.person.schemas import (
    Erased,
    Erasure,
    PersonalData,
    PersonSettings,
    PersonView,
    person_view,
)
from farebox.control.services import Here, Services
from farebox.control.session import cookies
from farebox.domain.errors import ActionRefused
from farebox.identity import personal_data, throttle
from farebox.identity.password import is_password
from farebox.identity.person import rename, show_person
from farebox.identity.person_store import load_credentials
from farebox.identity.throttle import Subject
from farebox.identity.visitor import Visitor

router = APIRouter(prefix="/api/person", tags=["Person"])


@router.get("")
async def show(person: Person, services: Here) -> PersonView:
    """Oneself, with the accounts that one belongs to."""
    async with services.pool.acquire() as connection:
        return person_view(await show_person(connection, person.person_id))


@router.put("")
async def change(body: PersonSettings, person: Person, services: Here) -> PersonView:
    """Change name and language."""
    async with services.pool.acquire() as connection, connection.transaction():
        await rename(connection, person.person_id, display_name=body.display_name, language=body.language)
        await record(
            connection,
            services.ids,
            Actor("member", person.person_id),
            "person.change",
            target=f"person:{person.person_id}",
            before={"language": person.language},
            after={"language": body.language},
        )
        return person_view(await show_person(connection, person.person_id))


@router.get("/export")
async def export(person: Person, services: Here) -> PersonalData:
    """All that is stored about oneself, without secrets."""
    async with services.pool.acquire() as connection:
        data = await personal_data.export(connection, person.person_id)
    return PersonalData(exported_at=datetime.now(UTC), data=data)


@router.post("/erase")
async def erase(body: Erasure, person: Person, services: Here, response: Response) -> Erased:
    """Erase oneself: address, name, means of signing in and traces. What was paid and charged stays."""
    await _check_it_is_them(services, person, body.password)
    async with services.pool.acquire() as connection, connection.transaction():
        await personal_data.erase(connection, person.person_id)
        await record(
            connection,
            services.ids,
            Actor("member", person.person_id),
            "person.erase",
            target=f"person:{person.person_id}",
            after={"status": "erased"},
        )
    cookies.clear_session(response, services)
    return Erased()


async def _check_it_is_them(services: Services, person: Visitor, password: str | None) -> None:
    if person.is_fresh(datetime.now(UTC)):
        return
    subject = Subject("erase", str(person.person_id), free=5)
    async with services.pool.acquire() as connection:
        await throttle.attempt(connection, services.salt, subject)
        known = await load_credentials(connection, person.email)
    stored = None if known is None else known.password_hash
    if password is None or not await is_password(password, stored):
        raise ActionRefused(
            "not_proven", "Give your password, or show your second factor first.", status=403, field="password"
        )
