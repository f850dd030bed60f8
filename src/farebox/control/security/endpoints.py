"""/api/security: the ways in of the person who is signed in, the authenticator app, backup codes."""

from datetime import UTC, datetime

from fastapi import APIRouter, Response

from farebox.control.access import Person
from farebox.control.passkeys.schemas import Enrolling
from farebox.control.security.changes import note_change, renew_session
from farebox.control.security.schemas import (
    BackupCodes,
    SecurityView,
    TotpConfirmation,
    TotpEnrolment,
    security_view,
)
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.identity import backup_codes, passkey_store, second_factor, throttle, totp
from farebox.identity.site import site_of

router = APIRouter(prefix="/api/security", tags=["Security"])


@router.get("")
async def show_security(person: Person, services: Here) -> SecurityView:
    """All ways to sign in that the person has."""
    async with services.pool.acquire() as connection:
        ways = await second_factor.ways_in(connection, person.person_id)
        passkeys = await passkey_store.load_all(connection, person.person_id)
    return security_view(ways, passkeys)


@router.post("/totp")
async def enrol_totp(body: Enrolling, person: Person, services: Here) -> TotpEnrolment:
    """Begin to enrol an authenticator app; as first factor this needs the password."""
    async with services.pool.acquire() as connection:
        await second_factor.check_may_enrol(connection, services.salt, person, body.password, datetime.now(UTC))
        issuer = site_of(services.public_url).name
        made = await totp.enrol(connection, services.seal, person.person_id, email=person.email, issuer=issuer)
    return TotpEnrolment(secret=made.secret, uri=made.uri)


@router.post("/totp/confirm")
async def confirm_totp(body: TotpConfirmation, person: Person, services: Here, response: Response) -> BackupCodes:
    """End the enrolment with a code of the app. Other sessions end; with a first factor come backup codes."""
    async with services.pool.acquire() as connection:
        subject = throttle.for_second_factor(person.person_id)
        await throttle.attempt(connection, services.salt, subject)
        async with connection.transaction():
            ways = await second_factor.ways_in(connection, person.person_id)
            await totp.confirm(connection, services.seal, services.clock, person.person_id, body.code)
            first = not ways.has_second_factor
            codes = await second_factor.settle_backup_codes(connection, person.person_id, first=first)
            await note_change(connection, services, person, "totp.enrol", {"first": first})
            await renew_session(connection, services, person, response, proved=True)
        await throttle.forgive(connection, services.salt, subject)
    return BackupCodes(backup_codes=codes)


@router.delete("/totp", status_code=204)
async def remove_totp(person: Person, services: Here, response: Response) -> None:
    """Remove the authenticator app; needs a second factor just shown."""
    second_factor.check_fresh(person, datetime.now(UTC))
    async with services.pool.acquire() as connection, connection.transaction():
        if not await totp.remove(connection, person.person_id):
            raise ActionRefused("not_found", "There is no authenticator app enrolled.", status=404)
        await second_factor.after_removal(connection, person.person_id)
        await note_change(connection, services, person, "totp.remove", {})
        await renew_session(connection, services, person, response)


@router.post("/backup-codes")
async def renew_backup_codes(person: Person, services: Here) -> BackupCodes:
    """New backup codes in place of all earlier ones; needs a second factor just shown."""
    second_factor.check_fresh(person, datetime.now(UTC))
    async with services.pool.acquire() as connection, connection.transaction():
        codes = await backup_codes.replace(connection, person.person_id)
        await note_change(connection, services, person, "backup_codes.renew", {"codes": len(codes)})
    return BackupCodes(backup_codes=codes)
