"""Confirming a mail address: links of one use, each good for the sign-up that asked for it."""

from datetime import timedelta
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.identity import session
from farebox.identity import verification_store as store
from farebox.identity.secret_link import new_secret
from farebox.kit.secret_hash import secret_hash
from farebox.storage.database import Connection

LIFETIME_HOURS = 48
_LIFETIME = timedelta(hours=LIFETIME_HOURS)


class Confirmed(msgspec.Struct, frozen=True):
    """Whose address was confirmed."""

    person_id: UUID
    email: str


async def new_link(connection: Connection, person_id: UUID, email: str, *, password_hash: str | None = None) -> str:
    """The secret of a new link; with a password hash, that password comes into force with it."""
    secret = new_secret()
    await store.insert(connection, secret_hash(secret), person_id, email, password_hash, _LIFETIME)
    return secret


async def confirm(connection: Connection, secret: str) -> Confirmed:
    """Uses a link; ActionRefused when it is unknown, over or used, or the address was confirmed by another one.

    Of two requests at once one gets it. An address that is confirmed stays as it is: an old link in somebody else's
    hands would set their password.
    """
    found = await store.use(connection, secret_hash(secret))
    if found is None:
        raise _over()
    before = await store.lock_unconfirmed(connection, found.person_id, found.email)
    if before is None:
        raise _over()
    if found.password_hash is not None and found.password_hash != before.password_hash:
        # Whoever signed in with the password of another sign-up has proven nothing.
        await session.revoke_all(connection, found.person_id)
    await store.set_confirmed(connection, found.person_id, found.password_hash)
    return Confirmed(found.person_id, found.email)


async def confirm_by_invitation(connection: Connection, email: str, password_hash: str) -> UUID | None:
    """Confirms an address that an invitation has proven, for who signed up before and never opened their own link.

    None when nobody waits at this address. The password is the one that came with the invitation, and no other.
    """
    person_id = await store.lock_waiting(connection, email)
    if person_id is not None:
        await session.revoke_all(connection, person_id)
        await store.set_confirmed(connection, person_id, password_hash)
    return person_id


def _over() -> ActionRefused:
    return ActionRefused("link_over", "This link was used or is over. Ask for a new one.", status=410)
