"""SQL of admin tokens."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.identity.visitor import AdminToken
from farebox.storage.database import Connection

LOAD = """
SELECT id, name, scopes, created_by FROM admin_token
WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
"""

INSERT = """
INSERT INTO admin_token (id, name, prefix, hash, scopes, created_by, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id, name, prefix, scopes, created_by, created_at, expires_at, revoked_at
"""

PAGE = """
SELECT id, name, prefix, scopes, created_by, created_at, expires_at, revoked_at FROM admin_token
WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2
"""

MADE_BY = """
SELECT id, name, prefix, scopes, created_by, created_at, expires_at, revoked_at FROM admin_token
WHERE created_by = $1 AND revoked_at IS NULL
"""

REVOKE = """
UPDATE admin_token SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1
RETURNING id, name, prefix, scopes, created_by, created_at, expires_at, revoked_at
"""


class TokenLine(msgspec.Struct, frozen=True):
    """A token without its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    created_by: UUID | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


async def load(connection: Connection, secret_hash: bytes) -> AdminToken | None:
    row = await connection.fetchrow(LOAD, secret_hash)
    return None if row is None else AdminToken(row["id"], row["name"], tuple(row["scopes"]), row["created_by"])


async def insert(
    connection: Connection,
    token_id: UUID,
    *,
    name: str,
    prefix: str,
    secret_hash: bytes,
    scopes: list[str],
    made_by: UUID | None,
    expires_at: datetime,
) -> TokenLine:
    return _line(await connection.fetchrow(INSERT, token_id, name, prefix, secret_hash, scopes, made_by, expires_at))


async def page(connection: Connection, after: UUID | None, limit: int) -> list[TokenLine]:
    return [_line(row) for row in await connection.fetch(PAGE, after, limit)]


async def made_by(connection: Connection, person_id: UUID) -> list[TokenLine]:
    return [_line(row) for row in await connection.fetch(MADE_BY, person_id)]


async def revoke(connection: Connection, token_id: UUID) -> TokenLine | None:
    row = await connection.fetchrow(REVOKE, token_id)
    return None if row is None else _line(row)


def _line(row: Any) -> TokenLine:
    return TokenLine(**{**row, "scopes": tuple(row["scopes"])})
