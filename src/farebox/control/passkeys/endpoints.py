"""/api/security/passkeys: registering, naming and removing passkeys."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, Response

from farebox.control.access import Person
from farebox.control.passkeys.schemas import (
    Enrolling,
    NewPasskey,
    PasskeyAdded,
    PasskeyName,
    PasskeyOptions,
    PasskeyView,
    passkey_view,
)
from farebox.control.security.changes import note_change, renew_session
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.identity import passkey, passkey_store, second_factor
from farebox.identity.site import site_of

router = APIRouter(prefix="/api/security/passkeys", tags=["Security"])


@router.post("/options")
async def new_passkey_options(body: Enrolling, person: Person, services: Here) -> PasskeyOptions:
    """What to ask the browser for, to make a passkey; as first factor this needs the password."""
    async with services.pool.acquire() as connection:
        await second_factor.check_may_enrol(connection, services.salt, person, body.password, datetime.now(UTC))
        options = await passkey.ask_new(connection, site_of(services.public_url), person.person_id, person.email)
    return PasskeyOptions(options=options)


@router.post("", status_code=201)
async def add_passkey(body: NewPasskey, person: Person, services: Here, response: Response) -> PasskeyAdded:
    """Keep the passkey that the browser made. Other sessions end; with a first factor come backup codes."""
    async with services.pool.acquire() as connection:
        made = await passkey.verify_new(
            connection,
            site_of(services.public_url),
            person.person_id,
            body.credential.model_dump(exclude_none=True),
        )
        async with connection.transaction():
            first = not (await second_factor.ways_in(connection, person.person_id)).has_second_factor
            added = await passkey.keep(connection, services.ids, person.person_id, made, body.name)
            codes = await second_factor.settle_backup_codes(connection, person.person_id, first=first)
            await note_change(connection, services, person, "passkey.add", {"name": body.name, "first": first})
            await renew_session(connection, services, person, response, proved=True)
    return PasskeyAdded(passkey=passkey_view(added), backup_codes=codes)


@router.put("/{passkey_id}")
async def rename_passkey(passkey_id: UUID, body: PasskeyName, person: Person, services: Here) -> PasskeyView:
    """Another name."""
    async with services.pool.acquire() as connection:
        renamed = await passkey_store.rename(connection, person.person_id, passkey_id, body.name)
    if renamed is None:
        raise _not_found()
    return passkey_view(renamed)


@router.delete("/{passkey_id}", status_code=204)
async def remove_passkey(passkey_id: UUID, person: Person, services: Here, response: Response) -> None:
    """Remove a passkey, but not the only way to sign in; needs a second factor just shown."""
    second_factor.check_fresh(person, datetime.now(UTC))
    async with services.pool.acquire() as connection, connection.transaction():
        if not await passkey_store.delete(connection, person.person_id, passkey_id):
            raise _not_found()
        await second_factor.after_removal(connection, person.person_id)
        await note_change(connection, services, person, "passkey.remove", {})
        await renew_session(connection, services, person, response)


def _not_found() -> ActionRefused:
    return ActionRefused("not_found", "There is no such passkey.", status=404)
