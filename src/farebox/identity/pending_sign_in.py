"""Half a sign-in: the first factor was shown and the second not yet. It opens nothing, and is over within minutes."""

import secrets
from datetime import timedelta
from uuid import UUID

from farebox.domain.errors import ActionRefused
from farebox.identity import pending_sign_in_store as store
from farebox.kit.secret_hash import secret_hash
from farebox.storage.database import Connection

LIFETIME = timedelta(minutes=10)


async def begin(connection: Connection, person_id: UUID) -> str:
    """The secret of a cookie of its own."""
    secret = secrets.token_urlsafe(32)
    await store.insert(connection, secret_hash(secret), person_id, LIFETIME)
    return secret


async def person_of(connection: Connection, secret: str) -> UUID:
    """Whose it is; ActionRefused when it is over."""
    person_id = await store.load(connection, secret_hash(secret))
    if person_id is None:
        raise over()
    return person_id


async def end(connection: Connection, secret: str) -> None:
    """In the transaction that starts the session; of two at once one is refused."""
    if not await store.delete(connection, secret_hash(secret)):
        raise over()


def over() -> ActionRefused:
    return ActionRefused("sign_in_expired", "This sign-in took too long. Start again with your password.", status=401)
