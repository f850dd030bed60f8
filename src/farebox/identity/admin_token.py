"""Admin tokens: secrets of programs that act for the operator, with scopes and an end."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from farebox.audit.record import Actor, record
from farebox.domain.errors import ActionRefused
from farebox.identity import admin_token_store as store
from farebox.identity.admin_token_store import TokenLine
from farebox.identity.scopes import covers
from farebox.identity.visitor import AdminToken
from farebox.kit.ids import IdSource
from farebox.kit.secret_hash import secret_hash
from farebox.storage.database import Connection

PREFIX = "fb_admin_"
SHOWN_CHARACTERS = 16
LONGEST_LIFETIME = timedelta(days=366)
USUAL_LIFETIME = timedelta(days=90)


class MadeToken(msgspec.Struct, frozen=True):
    """A new token. The secret is shown once, and prints as nothing."""

    line: TokenLine
    secret: str

    def __repr__(self) -> str:
        return f"MadeToken({self.line.id})"


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


async def resolve(connection: Connection, secret: str) -> AdminToken | None:
    """The token; None when it is unknown, over or revoked."""
    if not secret.startswith(PREFIX):
        return None
    return await store.load(connection, secret_hash(secret))


async def create(
    connection: Connection,
    ids: IdSource,
    actor: Actor,
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None,
    now: datetime,
    made_by: UUID | None,
) -> MadeToken:
    """A new token, in a transaction; its maker was checked to have these scopes. Without an end it lasts 90 days."""
    end = now + USUAL_LIFETIME if expires_at is None else expires_at
    if not now < end <= now + LONGEST_LIFETIME:
        raise ActionRefused(
            "bad_expiry", "A token ends in the future and within a year.", status=422, field="expires_at"
        )
    secret, token_id = new_secret(), ids.new()
    line = await store.insert(
        connection,
        token_id,
        name=name,
        prefix=secret[:SHOWN_CHARACTERS],
        secret_hash=secret_hash(secret),
        scopes=list(scopes),
        made_by=made_by,
        expires_at=end,
    )
    told = {"name": name, "scopes": list(scopes), "expires_at": end.isoformat()}
    await record(connection, ids, actor, "token.create", target=f"token:{token_id}", after=told)
    return MadeToken(line, secret)


async def list_tokens(connection: Connection, after: UUID | None, limit: int) -> list[TokenLine]:
    """The newest first, over and revoked ones too."""
    return await store.page(connection, after, limit)


async def revoke(connection: Connection, ids: IdSource, actor: Actor, token_id: UUID, *, reason: str = "") -> TokenLine:
    """It opens nothing from its next request on; in a transaction. Doing it again changes nothing."""
    line = await store.revoke(connection, token_id)
    if line is None:
        raise ActionRefused("not_found", "There is no such token.", status=404)
    await record(connection, ids, actor, "token.revoke", target=f"token:{token_id}", reason=reason)
    return line


async def end_beyond(connection: Connection, maker_id: UUID, scopes: Sequence[str]) -> None:
    """Revokes what a person has made and could not make with these scopes."""
    for token in await store.made_by(connection, maker_id):
        if not all(covers(scopes, each) for each in token.scopes):
            await store.revoke(connection, token.id)
