"""Invitations by mail: into an account with a role, or to open an account of one's own. Each is accepted once."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.identity import invitation_store as store
from farebox.identity.mail_address import check_address
from farebox.identity.secret_link import new_secret
from farebox.identity.visitor import Role
from farebox.kit.ids import IdSource
from farebox.kit.secret_hash import secret_hash
from farebox.storage.database import Connection

LIFETIME = timedelta(days=7)
MOST_OPEN = 100


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """Without account and role: to open an account of one's own."""

    id: UUID
    email: str
    account_id: UUID | None
    role: Role | None
    created_at: datetime
    expires_at: datetime


class NewInvitation(msgspec.Struct, frozen=True):
    """An invitation with the secret that goes by mail; it prints without it."""

    invitation: Invitation
    secret: str

    def __repr__(self) -> str:
        return f"NewInvitation({self.invitation.id})"


async def invite(
    connection: Connection,
    ids: IdSource,
    email: str,
    *,
    account_id: UUID | None,
    role: Role | None,
    invited_by: UUID | None,
) -> NewInvitation:
    """Inviting the same address again replaces the invitation before: its link is over."""
    email = check_address(email)
    if account_id is not None:
        if await store.is_member(connection, account_id, email):
            raise ActionRefused("already_member", "This address belongs to a member.", field="email")
        if await store.count_open(connection, account_id) >= MOST_OPEN:
            raise ActionRefused(
                "too_many_invitations",
                f"At most {MOST_OPEN} invitations can be open at once.",
                values={"most": MOST_OPEN},
            )
    await store.revoke_open(connection, account_id, email)
    secret = new_secret()
    row = await store.insert(connection, ids.new(), account_id, email, role, secret_hash(secret), invited_by, LIFETIME)
    if row is None:
        raise ActionRefused("already_invited", "Somebody else has just invited this address.", field="email")
    return NewInvitation(msgspec.convert(row, Invitation), secret)


async def list_open(connection: Connection, account_id: UUID | None) -> list[Invitation]:
    """The newest first; None lists those to open accounts."""
    return [msgspec.convert(row, Invitation) for row in await store.load_open(connection, account_id)]


async def revoke(connection: Connection, account_id: UUID | None, invitation_id: UUID) -> None:
    """Its link is over."""
    if not await store.revoke(connection, account_id, invitation_id):
        raise ActionRefused("not_found", "There is no such invitation.", status=404)


async def look(connection: Connection, secret: str) -> Invitation:
    """What an invitation is for, without accepting it; ActionRefused when it is over."""
    row = await store.load_by_hash(connection, secret_hash(secret))
    if row is None:
        raise _over()
    return msgspec.convert(row, Invitation)


async def take(connection: Connection, secret: str) -> Invitation:
    """The invitation, locked until the transaction ends; of two at once the second waits and finds it accepted."""
    row = await store.lock_by_hash(connection, secret_hash(secret))
    if row is None:
        raise _over()
    return msgspec.convert(row, Invitation)


async def note_accepted(connection: Connection, invitation_id: UUID, person_id: UUID) -> None:
    await store.note_accepted(connection, invitation_id, person_id)


def _over() -> ActionRefused:
    return ActionRefused(
        "invitation_over", "This invitation was accepted, taken back or is over. Ask for a new one.", status=410
    )
