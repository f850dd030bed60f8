"""/api/members: who belongs to the account. Whatever changes is in force with the next request of whom it concerns."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from farebox.accounts.details import show_details
from farebox.audit.record import personal, record
from farebox.control.access import AnyMember, Member, Owner
from farebox.control.invitations.schemas import Invitations, InvitationView, NewMember, invitation_view
from farebox.control.invitations.sending import send_invitation
from farebox.control.members.schemas import Members, NewRole, members_view
from farebox.control.services import Here, Services
from farebox.domain.errors import ActionRefused
from farebox.identity import invitation, member
from farebox.identity.throttle import attempt, for_mail_to
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/members", tags=["Members"])


@router.get("")
async def list_members(me: AnyMember, services: Here) -> Members:
    """Everybody who belongs to the account."""
    async with services.pool.acquire() as connection:
        return members_view(await member.list_members(connection, me.account_id))


@router.get("/invitations")
async def list_invitations(me: Owner, services: Here) -> Invitations:
    """Invitations that wait."""
    async with services.pool.acquire() as connection:
        found = await invitation.list_open(connection, me.account_id)
    return Invitations(data=[invitation_view(each) for each in found])


@router.post("/invitations", status_code=201)
async def invite(body: NewMember, me: Owner, services: Here) -> InvitationView:
    """Invite somebody by mail; inviting them again replaces the link before."""
    async with services.pool.acquire() as connection:
        await attempt(connection, services.salt, for_mail_to(body.email))
    async with services.pool.acquire() as connection, connection.transaction():
        new = await invitation.invite(
            connection,
            services.ids,
            body.email,
            account_id=me.account_id,
            role=body.role,
            invited_by=me.person_id,
        )
        details = await show_details(connection, me.account_id)
        await send_invitation(
            connection,
            services.ids,
            services.public_url,
            new,
            account_name=details.name or details.email,
            language=me.language,
        )
        told = {"email": personal(new.invitation.email, services.salt), "role": body.role}
        await _note(connection, services, me, "member.invite", f"invitation:{new.invitation.id}", after=told)
    return invitation_view(new.invitation)


@router.post("/invitations/{invitation_id}/revoke", status_code=204)
async def revoke_invitation(invitation_id: UUID, me: Owner, services: Here) -> None:
    """Take an invitation back: its link is over."""
    async with services.pool.acquire() as connection, connection.transaction():
        await invitation.revoke(connection, me.account_id, invitation_id)
        await _note(connection, services, me, "invitation.revoke", f"invitation:{invitation_id}")


@router.put("/{person_id}")
async def change_role(person_id: UUID, body: NewRole, me: Owner, services: Here) -> Members:
    """Give a member another role; the last owner stays one."""
    async with services.pool.acquire() as connection, connection.transaction():
        before = await member.change_role(connection, me.account_id, person_id, body.role)
        target, told = f"person:{person_id}", {"role": body.role}
        await _note(connection, services, me, "member.change_role", target, before={"role": before}, after=told)
        return members_view(await member.list_members(connection, me.account_id))


@router.post("/{person_id}/transfer")
async def transfer(person_id: UUID, me: Owner, services: Here) -> Members:
    """Make another member owner in your place; you stay as a developer."""
    async with services.pool.acquire() as connection, connection.transaction():
        await member.transfer(connection, me.account_id, me.person_id, person_id)
        told = {"owner": str(person_id)}
        await _note(connection, services, me, "account.transfer", f"person:{person_id}", after=told)
        return members_view(await member.list_members(connection, me.account_id))


@router.delete("/{person_id}", status_code=204)
async def remove(person_id: UUID, me: AnyMember, services: Here) -> None:
    """Remove a member, or leave; the last owner stays."""
    if me.role != "owner" and person_id != me.person_id:
        raise ActionRefused("role_not_allowed", "Only owners remove other members.", status=403)
    async with services.pool.acquire() as connection, connection.transaction():
        before = await member.remove(connection, me.account_id, person_id)
        await _note(connection, services, me, "member.remove", f"person:{person_id}", before={"role": before})


async def _note(
    connection: Connection,
    services: Services,
    me: Member,
    action: str,
    target: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    await record(
        connection,
        services.ids,
        me.actor,
        action,
        target=target,
        account_id=me.account_id,
        before=before,
        after=after,
    )
