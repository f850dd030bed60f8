"""/api/password: changing it, and setting one with a mailed link."""

from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Depends, Response

from farebox.audit.record import Actor, record
from farebox.control.access import Person
from farebox.control.openapi_refusals import REFUSES_OLD_LINKS
from farebox.control.origin import From, check_same_origin
from farebox.control.password.schemas import Forgotten, MailedLink, OnItsWay, PasswordChange
from farebox.control.security.changes import note_change, renew_session
from farebox.control.services import Here, Services
from farebox.domain.errors import ActionRefused
from farebox.identity import password_link, person_store, second_factor, second_factor_store, throttle
from farebox.identity.password import check_strength, hash_password
from farebox.outbox.mail import queue_mail
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/password", tags=["Password"])
_FROM_OUR_PAGES = [Depends(check_same_origin)]


@router.post("", status_code=204)
async def change_password(body: PasswordChange, person: Person, services: Here, response: Response) -> None:
    """Change the password; all other sessions end. Who has none yet sets one right after signing in."""
    check_strength(body.new, email=person.email)
    async with services.pool.acquire() as connection:
        stored = await second_factor_store.password_hash(connection, person.person_id)
        if stored is None:
            await second_factor.check_may_enrol(connection, services.salt, person, None, datetime.now(UTC))
        else:
            await second_factor.check_password(connection, services.salt, person, stored, body.old)
    made = await hash_password(body.new)
    async with services.pool.acquire() as connection, connection.transaction():
        if not await person_store.set_password(connection, person.person_id, made, stored):
            raise ActionRefused("password_changed", "The password was changed in the meantime. Try again.")
        await note_change(connection, services, person, "password.change", {})
        await renew_session(connection, services, person, response)


@router.post("/forgotten", status_code=202, dependencies=_FROM_OUR_PAGES)
async def forgotten(body: Forgotten, services: Here, origin: From, later: BackgroundTasks) -> OnItsWay:
    """Mail a link to whoever has this address. The answer is the same, and as quick, when nobody has."""
    async with services.pool.acquire() as connection:
        by_address = throttle.from_address(origin.address, kind="forgotten")
        await throttle.attempt(connection, services.salt, by_address, throttle.for_mail_to(body.email))
    # After the answer: looking and mailing take a time that would tell who exists.
    later.add_task(_mail_link, services, body.email)
    return OnItsWay()


@router.post("/set", status_code=204, dependencies=_FROM_OUR_PAGES, responses=REFUSES_OLD_LINKS)
async def set_password(body: MailedLink, services: Here, origin: From) -> None:
    """Set a password with the link of a mail, once. All sessions end, nobody is signed in, second factors stay."""
    async with services.pool.acquire() as connection:
        by_address = throttle.from_address(origin.address, kind="mailed_link")
        await throttle.attempt(connection, services.salt, by_address)
        holder = await password_link.holder_of(connection, body.secret)
        await throttle.take_back(connection, services.salt, by_address)
    check_strength(body.new, email=holder.email)
    made = await hash_password(body.new)
    async with services.pool.acquire() as connection, connection.transaction():
        person_id = await password_link.set_password(connection, body.secret, made)
        await _note(services, connection, person_id)
        await throttle.forgive(connection, services.salt, throttle.for_sign_in(holder.email))


async def _mail_link(services: Services, email: str) -> None:
    async with services.pool.acquire() as connection, connection.transaction():
        await password_link.mail_reset(connection, services.ids, email, public_url=services.public_url)


async def _note(services: Services, connection: Connection, person_id: UUID) -> None:
    target = f"person:{person_id}"
    await record(connection, services.ids, Actor("member", person_id), "password.set_by_link", target=target)
    key = f"security_changed:{services.ids.new()}"
    facts = {"change": "password.set_by_link"}
    await queue_mail(connection, services.ids, "security_changed", person_id, facts, dedupe_key=key)
