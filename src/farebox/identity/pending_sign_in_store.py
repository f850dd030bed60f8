"""SQL of half sign-ins."""

from datetime import timedelta
from uuid import UUID

from farebox.storage.database import Connection

INSERT = "INSERT INTO pending_sign_in (hash, person_id, expires_at) VALUES ($1, $2, now() + $3)"

LOAD = """
SELECT person_id FROM pending_sign_in JOIN person ON person.id = person_id
WHERE hash = $1 AND expires_at > now() AND person.status = 'active'
"""

DELETE = "DELETE FROM pending_sign_in WHERE hash = $1 AND expires_at > now() RETURNING true"

FORGET = "DELETE FROM pending_sign_in WHERE expires_at <= now()"


async def insert(connection: Connection, secret_hash: bytes, person_id: UUID, lifetime: timedelta) -> None:
    await connection.execute(INSERT, secret_hash, person_id, lifetime)


async def load(connection: Connection, secret_hash: bytes) -> UUID | None:
    person_id: UUID | None = await connection.fetchval(LOAD, secret_hash)
    return person_id


async def delete(connection: Connection, secret_hash: bytes) -> bool:
    return bool(await connection.fetchval(DELETE, secret_hash))


async def forget(connection: Connection) -> None:
    """Drops those that nobody finished."""
    await connection.execute(FORGET)
