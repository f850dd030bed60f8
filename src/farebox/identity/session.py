"""Sessions: a random secret in a cookie, its hash at rest, who it stands for, and until when.

A session is looked up with every request, so a revoked one, a suspended person and a removed member are out at once.
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from farebox.domain.errors import ActionRefused
from farebox.identity import session_store as store
from farebox.identity.visitor import Visitor
from farebox.kit.ids import IdSource
from farebox.storage.database import Connection

LIFETIME = timedelta(days=14)


async def start(connection: Connection, ids: IdSource, person_id: UUID, *, proved: bool = False) -> str:
    """A new session's secret, for the cookie. Every sign-in makes a new one: nothing from before it lives on."""
    secret = secrets.token_urlsafe(32)
    await store.insert(connection, ids.new(), person_id, _hash(secret), LIFETIME, proved=proved)
    return secret


async def resolve(connection: Connection, secret: str) -> Visitor | None:
    """Who it is; None when it is unknown, over or revoked."""
    return await store.load(connection, _hash(secret))


async def choose_account(connection: Connection, visitor: Visitor, account_id: UUID) -> None:
    """The account that the session looks at from now on; it must be one of the person's."""
    if not await store.choose_account(connection, visitor.session_id, visitor.person_id, account_id):
        raise ActionRefused("not_found", "There is no such account of yours.", status=404)


async def revoke(connection: Connection, person_id: UUID, session_id: UUID) -> None:
    """Ends one session of a person."""
    if not await store.revoke(connection, person_id, session_id):
        raise ActionRefused("not_found", "There is no such session.", status=404)


async def revoke_all(connection: Connection, person_id: UUID, *, but: UUID | None = None) -> int:
    """Ends all sessions of a person but perhaps one; how many."""
    return await store.revoke_all(connection, person_id, but)


async def note_proof(connection: Connection, session_id: UUID) -> None:
    """A second factor was shown in this session just now."""
    await store.note_proof(connection, session_id)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
