"""/admin/invitations: whom the operator invites to open an account, whatever the mode of sign-up."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.audit.record import personal, record
from farebox.control.access import Staff, operator
from farebox.control.invitations.schemas import Invitations, InvitationView, NewInvitationToOpen, invitation_view
from farebox.control.invitations.sending import send_invitation
from farebox.control.services import Here
from farebox.identity import invitation

router = APIRouter(prefix="/admin/invitations", tags=["Operator: people"])
_LANGUAGE = "en"  # of whom nothing is known yet


@router.get("")
async def list_invitations(_: Annotated[Staff, operator("accounts:read")], services: Here) -> Invitations:
    """Invitations to open an account that wait."""
    async with services.pool.acquire() as connection:
        return Invitations(data=[invitation_view(each) for each in await invitation.list_open(connection, None)])


@router.post("", status_code=201)
async def invite(
    body: NewInvitationToOpen, staff: Annotated[Staff, operator("accounts:write")], services: Here
) -> InvitationView:
    """Invite somebody to open an account; inviting them again replaces the link before."""
    async with services.pool.acquire() as connection, connection.transaction():
        new = await invitation.invite(
            connection, services.ids, body.email, account_id=None, role=None, invited_by=staff.person_id
        )
        await send_invitation(connection, services.ids, services.public_url, new, account_name="", language=_LANGUAGE)
        await record(
            connection,
            services.ids,
            staff.actor,
            "invitation.create",
            target=f"invitation:{new.invitation.id}",
            after={"email": personal(new.invitation.email, services.salt)},
        )
    return invitation_view(new.invitation)


@router.post("/{invitation_id}/revoke", status_code=204)
async def revoke(invitation_id: UUID, staff: Annotated[Staff, operator("accounts:write")], services: Here) -> None:
    """Take an invitation back: its link is over."""
    async with services.pool.acquire() as connection, connection.transaction():
        await invitation.revoke(connection, None, invitation_id)
        await record(connection, services.ids, staff.actor, "invitation.revoke", target=f"invitation:{invitation_id}")
