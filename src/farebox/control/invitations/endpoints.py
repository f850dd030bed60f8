"""/api/invitations: what whoever got an invitation by mail does with it."""

from uuid import UUID

from fastapi import APIRouter, Depends, Response

from farebox.accounts.details import show_details
from farebox.accounts.service import show_account
from farebox.audit.record import Actor, record
from farebox.control.access import Person
from farebox.control.invitations.schemas import Accepted, InvitationSecret, InvitationShown, JoinByInvitation
from farebox.control.openapi_refusals import REFUSES_OLD_LINKS, REFUSES_REGION
from farebox.control.origin import From, check_region, check_same_origin
from farebox.control.services import Here, Services
from farebox.control.session import cookies
from farebox.control.signup.endpoints import check_domain
from farebox.control.signup.opening import complete, open_account
from farebox.control.signup.schemas import statements_of
from farebox.control.signup.steps import Applicant, remember
from farebox.domain.errors import ActionRefused
from farebox.identity import consent, invitation, member, session, statement, verification
from farebox.identity.invitation import Invitation
from farebox.identity.password import check_strength, hash_password
from farebox.identity.person import NewPerson, find_person, make_person, show_person
from farebox.identity.throttle import attempt, from_address
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/invitations", tags=["Invitations"])


@router.post("/look", dependencies=[Depends(check_same_origin)], responses=REFUSES_OLD_LINKS)
async def look(body: InvitationSecret, services: Here) -> InvitationShown:
    """What an invitation is for; nothing changes."""
    async with services.pool.acquire() as connection:
        found = await invitation.look(connection, body.secret)
        known = await find_person(connection, found.email)
        name = "" if found.account_id is None else (await show_details(connection, found.account_id)).name
    return InvitationShown(
        email=found.email,
        account_name=name,
        role=found.role,
        is_registered=known is not None and known.is_confirmed,
        expires_at=found.expires_at,
    )


@router.post("/accept", responses=REFUSES_OLD_LINKS)
async def accept(body: InvitationSecret, person: Person, services: Here, response: Response) -> Accepted:
    """Accept as who is signed in; the invitation must be to their address."""
    async with services.pool.acquire() as connection, connection.transaction():
        found = await invitation.take(connection, body.secret)
        if found.email.lower() != person.email.lower():
            raise ActionRefused("other_address", "This invitation is for another address: sign in with it.", status=403)
        if not person.email_verified:
            raise ActionRefused("email_not_verified", "Confirm your e-mail address first.", status=403)
        if found.account_id is None and person.account_id is not None:
            raise ActionRefused("already_customer", "You have an account here already.")
        account_id = await _enter(connection, services, found, person.person_id)
        # What opens more than before gets a new secret.
        secret = await session.rotate(connection, person.session_id)
    cookies.set_session(response, services, secret)
    return Accepted(account_id=account_id, role=found.role or "owner")


@router.post(
    "/join",
    status_code=201,
    dependencies=[Depends(check_same_origin), Depends(check_region)],
    responses=REFUSES_OLD_LINKS | REFUSES_REGION,
)
async def join(body: JoinByInvitation, services: Here, origin: From) -> Accepted:
    """Accept as somebody new: the invitation's link has proven the address. Sign in afterwards."""
    said = statements_of(body)
    statement.check(services.policy, said)
    async with services.pool.acquire() as connection:
        await attempt(connection, services.salt, from_address(origin.address, kind="join"))
        found = await invitation.look(connection, body.secret)
        terms_version = await consent.check_version(connection, body.terms_version)
    check_domain(services, found.email)
    check_strength(body.password, email=found.email)
    password_hash = await hash_password(body.password)
    new = NewPerson(
        email=found.email,
        password_hash=password_hash,
        display_name=body.display_name,
        language=body.language,
        is_confirmed=True,
    )
    async with services.pool.acquire() as connection, connection.transaction():
        found = await invitation.take(connection, body.secret)
        person_id = await make_person(connection, services.ids, new) or await _known_as_waiting(
            connection, services, new
        )
        account_id = await _enter(connection, services, found, person_id)
        await remember(connection, services, person_id, account_id, Applicant(new, said, terms_version), origin)
    return Accepted(account_id=account_id, role=found.role or "owner")


async def _known_as_waiting(connection: Connection, services: Services, new: NewPerson) -> UUID:
    person_id = await verification.confirm_by_invitation(connection, new.email, new.password_hash)
    if person_id is None:
        raise ActionRefused("sign_in_first", "This address signs in here: sign in, then accept.")
    for own in (await show_person(connection, person_id)).memberships:
        await complete(connection, services, person_id, own.account_id)
    return person_id


async def _enter(connection: Connection, services: Services, found: Invitation, person_id: UUID) -> UUID | None:
    account_id = found.account_id
    if account_id is None or found.role is None:
        own = (await show_person(connection, person_id)).memberships
        if own:
            account_id = own[0].account_id
        else:
            account_id = await open_account(connection, services, person_id, found.email, is_invited=True)
            if account_id is not None:
                await complete(connection, services, person_id, account_id)
    else:
        if (await show_account(connection, account_id)).status == "closed":
            raise ActionRefused("account_closed", "This account was closed.", status=410)
        await member.add_member(connection, account_id, person_id, found.role)
    await invitation.note_accepted(connection, found.id, person_id)
    await record(
        connection,
        services.ids,
        Actor("member", person_id),
        "invitation.accept",
        target=f"invitation:{found.id}",
        account_id=account_id,
        after={"role": found.role or "owner"},
    )
    return account_id
