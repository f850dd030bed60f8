"""Sessions: a random secret in a cookie, its hash at rest, who it stands for, and until when.

A session is looked up with every request, so a revoked one, a suspended person and a removed member are out at once.
Its secret changes whenever it comes to open more than before.
"""

import secrets
from datetime import timedelta
from uuid import UUID

from farebox.domain.errors import ActionRefused
from farebox.identity import session_store as store
from farebox.identity.session_store import SessionLine
from farebox.identity.visitor import Visitor
from farebox.kit.ids import IdSource
from farebox.kit.secret_hash import secret_hash
from farebox.storage.database import Connection

LIFETIME, IDLE = timedelta(days=14), timedelta(days=7)
# Operators sign in every day.
OPERATOR_LIFETIME, OPERATOR_IDLE = timedelta(hours=12), timedelta(hours=2)


async def start(
    connection: Connection,
    ids: IdSource,
    person_id: UUID,
    *,
    proved: bool = False,
    country: str = "",
    device: str = "",
) -> str:
    """A new session's secret, for the cookie. Every sign-in makes a new one: nothing from before it lives on."""
    secret = secrets.token_urlsafe(32)
    lifetimes = (LIFETIME, OPERATOR_LIFETIME)
    await store.insert(
        connection, ids.new(), person_id, secret_hash(secret), lifetimes, proved=proved, country=country, device=device
    )
    return secret


async def resolve(connection: Connection, secret: str) -> Visitor | None:
    """Who it is; None when it is unknown, over or revoked."""
    return await store.load(connection, secret_hash(secret), (IDLE, OPERATOR_IDLE))


async def list_sessions(connection: Connection, person_id: UUID) -> list[SessionLine]:
    """Those that are open, the last used first."""
    return await store.load_open(connection, person_id, IDLE)


async def choose_account(connection: Connection, visitor: Visitor, account_id: UUID) -> None:
    """The account that the session looks at from now on; it must be one of the person's."""
    if not await store.choose_account(connection, visitor.session_id, visitor.person_id, account_id):
        raise ActionRefused("not_found", "There is no such account of yours.", status=404)


async def revoke(connection: Connection, person_id: UUID, session_id: UUID) -> None:
    """Ends one session of a person."""
    if not await store.revoke(connection, person_id, session_id):
        raise ActionRefused("not_found", "There is no such session.", status=404)


async def revoke_all(connection: Connection, person_id: UUID, *, but: UUID | None = None) -> int:
    """Ends all sessions of a person but perhaps one, and every sign-in that is half done; how many sessions."""
    return await store.revoke_all(connection, person_id, but)


async def rotate(connection: Connection, session_id: UUID) -> str:
    """The same session under a new secret; the old one opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    if not await store.rotate(connection, session_id, secret_hash(secret)):
        raise ActionRefused("not_signed_in", "This session has just ended. Sign in again.", status=401)
    return secret


async def note_proof(connection: Connection, session_id: UUID) -> None:
    """A second factor was shown in this session just now."""
    await store.note_proof(connection, session_id)
