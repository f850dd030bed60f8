"""What goes over the wire about invitations."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.signup.schemas import Email, Joining, LinkSecret
from farebox.identity.invitation import Invitation
from farebox.identity.visitor import Role


class InvitationSecret(BaseModel):
    """An invitation as its mail holds it."""

    model_config = ConfigDict(extra="forbid")

    secret: LinkSecret


class JoinByInvitation(Joining):
    """Somebody new who accepts; the mail's link has proven the address."""

    secret: LinkSecret


class NewInvitationToOpen(BaseModel):
    """Whom the operator invites to open an account."""

    model_config = ConfigDict(extra="forbid")

    email: Email


class NewMember(NewInvitationToOpen):
    """Whom an owner invites."""

    role: Role = "developer"


class InvitationShown(BaseModel):
    """What an invitation is for. Without role: to open an account of one's own."""

    email: str
    account_name: str
    role: Role | None
    is_registered: bool = Field(description="Whether this address signs in here: sign in and accept, else join.")
    expires_at: datetime


class Accepted(BaseModel):
    """The account that is open now; null where the operator has to look first."""

    account_id: UUID | None
    role: Role | None


class InvitationView(BaseModel):
    """An invitation that waits."""

    id: UUID
    email: str
    role: Role | None
    created_at: datetime
    expires_at: datetime


def invitation_view(invitation: Invitation) -> InvitationView:
    return InvitationView(
        id=invitation.id,
        email=invitation.email,
        role=invitation.role,
        created_at=invitation.created_at,
        expires_at=invitation.expires_at,
    )


class Invitations(BaseModel):
    """All that wait."""

    data: list[InvitationView]
