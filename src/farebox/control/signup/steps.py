"""Signing up, confirming, asking for another link: each one transaction, each with the same answer whoever exists."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from farebox.audit.record import Actor, personal, record
from farebox.control.services import Services
from farebox.control.signup.opening import complete, open_account
from farebox.identity import consent, member, statement, verification
from farebox.identity.person import NewPerson, Person, find_person, make_person, show_person
from farebox.identity.secret_link import link
from farebox.identity.statement import Statements
from farebox.outbox.mail import queue_mail
from farebox.storage.database import Connection
from farebox.traces.trace import Origin, leave_trace

VERIFY_PAGE = "verify-email"
_SIGN_IN_PAGE = "sign-in"


class Applicant(msgspec.Struct, frozen=True):
    """Somebody who wants to become a customer, with all that was asked for."""

    person: NewPerson
    statements: Statements
    terms_version: int | None


async def sign_up(connection: Connection, services: Services, applicant: Applicant, origin: Origin) -> None:
    """A new person with an account, and a mail; where the address is somebody's, nothing but a mail to its owner."""
    new = applicant.person
    person_id = await make_person(connection, services.ids, new)
    if person_id is None:
        known = await find_person(connection, new.email)
        if known is not None:
            await _meet_again(connection, services, known, new)
        await leave_trace(connection, services.ids, "sign_up", origin)
        return
    account_id = await open_account(connection, services, person_id, new.email)
    await remember(connection, services, person_id, account_id, applicant, origin)
    await _send_link(connection, services, person_id, new.email, new.password_hash)
    if account_id is not None and not services.policy.sign_up.verified_email:
        await complete(connection, services, person_id, account_id)


async def remember(
    connection: Connection,
    services: Services,
    person_id: UUID,
    account_id: UUID | None,
    applicant: Applicant,
    origin: Origin,
) -> None:
    """What a new person said and accepted, where they came from, and the line of the trail."""
    await statement.keep(connection, services.policy, person_id, applicant.statements)
    if applicant.terms_version is not None:
        await consent.accept(connection, services.ids, person_id, account_id, applicant.terms_version, "sign_up")
    await leave_trace(connection, services.ids, "sign_up", origin, account_id=account_id, person_id=person_id)
    await record(
        connection,
        services.ids,
        Actor("member", person_id),
        "person.sign_up",
        target=f"person:{person_id}",
        account_id=account_id,
        after={
            "email": personal(applicant.person.email, services.salt),
            "terms_version": applicant.terms_version,
        },
    )


async def confirm(connection: Connection, services: Services, secret: str) -> None:
    """Uses the link of a mail: the address is the person's from now on, and the account can be used."""
    confirmed = await verification.confirm(connection, secret)
    person = await show_person(connection, confirmed.person_id)
    account_id = person.memberships[0].account_id if person.memberships else None
    if account_id is None:
        account_id = await member.adopt(connection, person.id, person.email)
        if account_id is not None:
            await consent.move_to_account(connection, person.id, account_id)
    await record(
        connection,
        services.ids,
        Actor("member", person.id),
        "person.confirm_email",
        target=f"person:{person.id}",
        account_id=account_id,
        after={"email": personal(person.email, services.salt)},
    )
    if account_id is not None:
        await complete(connection, services, person.id, account_id)


async def send_again(connection: Connection, services: Services, email: str) -> None:
    """Another link, if the address waits for one."""
    known = await find_person(connection, email)
    if known is not None and known.status == "active" and not known.is_confirmed:
        await _send_link(connection, services, known.id, known.email, None)


async def _meet_again(connection: Connection, services: Services, known: Person, new: NewPerson) -> None:
    if known.status != "active":
        return
    if not known.is_confirmed:
        # Nobody has proven anything yet: the password of this sign-up counts if its own link is opened.
        await _send_link(connection, services, known.id, known.email, new.password_hash)
        return
    day = datetime.now(UTC).date().isoformat()
    await queue_mail(
        connection,
        services.ids,
        "already_registered",
        known.id,
        {"link": f"{services.public_url}/{_SIGN_IN_PAGE}"},
        dedupe_key=f"already_registered:{known.id}:{day}",
    )


async def _send_link(
    connection: Connection, services: Services, person_id: UUID, email: str, password_hash: str | None
) -> None:
    secret = await verification.new_link(connection, person_id, email, password_hash=password_hash)
    await queue_mail(
        connection,
        services.ids,
        "verification",
        person_id,
        {"link": link(services.public_url, VERIFY_PAGE, secret), "hours": verification.LIFETIME_HOURS},
        dedupe_key=f"verification:{services.ids.new()}",
    )
