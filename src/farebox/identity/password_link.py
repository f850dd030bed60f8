"""Links that were mailed and with which a password can be set, once: after it was forgotten, or as a new operator.

The link proves the mailbox and nothing else: nobody is signed in by it, and a second factor is needed as before.
"""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from farebox.domain.errors import ActionRefused
from farebox.identity import password_link_store as store
from farebox.identity import secret_link, session
from farebox.identity.password_link_store import Holder
from farebox.kit.ids import IdSource
from farebox.kit.secret_hash import secret_hash
from farebox.outbox.mail import queue_mail
from farebox.storage.database import Connection

Purpose = Literal["reset", "operator"]
RESET_LIFETIME = timedelta(minutes=30)
_PAGE = "set-password"


async def make(connection: Connection, person_id: UUID, purpose: Purpose, lifetime: timedelta) -> str:
    """The secret of a new link; earlier ones of the same person open nothing any more."""
    secret = secret_link.new_secret()
    await store.replace(connection, secret_hash(secret), person_id, purpose, lifetime)
    return secret


def address(public_url: str, secret: str) -> str:
    """What the mail shows."""
    return secret_link.link(public_url, _PAGE, secret)


async def mail_reset(connection: Connection, ids: IdSource, email: str, *, public_url: str) -> None:
    """Mails a link to whoever has this address, in a transaction; nothing tells whether somebody has."""
    person_id = await store.find(connection, email)
    if person_id is None:
        return
    secret = await make(connection, person_id, "reset", RESET_LIFETIME)
    facts = {"link": address(public_url, secret), "minutes": int(RESET_LIFETIME.total_seconds() // 60)}
    await queue_mail(connection, ids, "password_reset", person_id, facts, dedupe_key=f"password_reset:{ids.new()}")


async def holder_of(connection: Connection, secret: str) -> Holder:
    """Who may set a password with it; ActionRefused when it is unknown, over or used."""
    found = await store.load(connection, secret_hash(secret))
    if found is None:
        raise _over()
    return found


async def set_password(connection: Connection, secret: str, password_hash: str) -> UUID:
    """Uses the link up, in a transaction: of two at once one is refused. All sessions of the person end."""
    person_id = await store.use(connection, secret_hash(secret), password_hash)
    if person_id is None:
        raise _over()
    await session.revoke_all(connection, person_id)
    return person_id


def _over() -> ActionRefused:
    return ActionRefused("link_over", "This link was used or is over. Ask for a new one.", status=410)
