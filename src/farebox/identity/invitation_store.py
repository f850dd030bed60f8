"""SQL of invitations."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

IS_MEMBER = """
SELECT EXISTS (SELECT FROM member JOIN person ON person.id = person_id
               WHERE account_id = $1 AND lower(email) = lower($2) AND status <> 'erased')
"""

COUNT_OPEN = """
SELECT count(*) FROM invitation
WHERE account_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now()
"""

REVOKE_OPEN = """
UPDATE invitation SET revoked_at = now()
WHERE account_id IS NOT DISTINCT FROM $1 AND lower(email) = lower($2) AND accepted_at IS NULL AND revoked_at IS NULL
"""

INSERT = """
INSERT INTO invitation (id, account_id, email, role, hash, invited_by, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, now() + $7)
ON CONFLICT DO NOTHING
RETURNING id, account_id, email, role, created_at, expires_at
"""

_OPEN = """
SELECT id, account_id, email, role, created_at, expires_at FROM invitation
WHERE accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now() AND email <> ''
"""

LOAD_OPEN = f"{_OPEN} AND account_id IS NOT DISTINCT FROM $1 ORDER BY id DESC LIMIT 200"

LOAD_BY_HASH = f"{_OPEN} AND hash = $1"

LOCK_BY_HASH = f"{_OPEN} AND hash = $1 FOR UPDATE"

REVOKE = """
UPDATE invitation SET revoked_at = now()
WHERE id = $2 AND account_id IS NOT DISTINCT FROM $1 AND accepted_at IS NULL AND revoked_at IS NULL
RETURNING true
"""

FORGET = """
UPDATE invitation SET email = ''
WHERE email <> '' AND least(expires_at, accepted_at, revoked_at) < now() - interval '30 days'
"""

NOTE_ACCEPTED = "UPDATE invitation SET accepted_at = now(), accepted_by = $2 WHERE id = $1"


async def is_member(connection: Connection, account_id: UUID, email: str) -> bool:
    return bool(await connection.fetchval(IS_MEMBER, account_id, email))


async def count_open(connection: Connection, account_id: UUID) -> int:
    count: int = await connection.fetchval(COUNT_OPEN, account_id)
    return count


async def revoke_open(connection: Connection, account_id: UUID | None, email: str) -> None:
    await connection.execute(REVOKE_OPEN, account_id, email)


async def insert(
    connection: Connection,
    invitation_id: UUID,
    account_id: UUID | None,
    email: str,
    role: str | None,
    secret_hash: bytes,
    invited_by: UUID | None,
    lifetime: timedelta,
) -> dict[str, Any] | None:
    """None when somebody else has just invited the same address."""
    row = await connection.fetchrow(INSERT, invitation_id, account_id, email, role, secret_hash, invited_by, lifetime)
    return None if row is None else dict(row)


async def load_open(connection: Connection, account_id: UUID | None) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(LOAD_OPEN, account_id)]


async def load_by_hash(connection: Connection, secret_hash: bytes) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD_BY_HASH, secret_hash)
    return None if row is None else dict(row)


async def lock_by_hash(connection: Connection, secret_hash: bytes) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOCK_BY_HASH, secret_hash)
    return None if row is None else dict(row)


async def revoke(connection: Connection, account_id: UUID | None, invitation_id: UUID) -> bool:
    return bool(await connection.fetchval(REVOKE, account_id, invitation_id))


async def note_accepted(connection: Connection, invitation_id: UUID, person_id: UUID) -> None:
    await connection.execute(NOTE_ACCEPTED, invitation_id, person_id)


async def forget(connection: Connection) -> None:
    """Empties the addresses of invitations that have long been over."""
    await connection.execute(FORGET)
