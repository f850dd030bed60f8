"""SQL of authenticator apps."""

from uuid import UUID

from farebox.storage.database import Connection

BEGIN = """
INSERT INTO totp AS enrolled (person_id, sealed) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE SET sealed = EXCLUDED.sealed, created_at = now()
WHERE enrolled.confirmed_at IS NULL
RETURNING true
"""

# What was begun long ago may have been seen by anybody since.
LOAD_UNCONFIRMED = """
SELECT sealed FROM totp
WHERE person_id = $1 AND confirmed_at IS NULL AND created_at > now() - interval '1 hour' FOR UPDATE
"""

CONFIRM = "UPDATE totp SET confirmed_at = now(), last_step = $2 WHERE person_id = $1"

LOAD = "SELECT sealed FROM totp WHERE person_id = $1 AND confirmed_at IS NOT NULL"

# Of the same code sent twice at once, one finds the step taken.
USE = """
UPDATE totp SET last_step = $2 WHERE person_id = $1 AND confirmed_at IS NOT NULL AND last_step < $2 RETURNING true
"""

DELETE = "DELETE FROM totp WHERE person_id = $1 RETURNING confirmed_at IS NOT NULL"


async def begin(connection: Connection, person_id: UUID, sealed: bytes) -> bool:
    return bool(await connection.fetchval(BEGIN, person_id, sealed))


async def load_unconfirmed(connection: Connection, person_id: UUID) -> bytes | None:
    sealed: bytes | None = await connection.fetchval(LOAD_UNCONFIRMED, person_id)
    return sealed


async def confirm(connection: Connection, person_id: UUID, step: int) -> None:
    await connection.execute(CONFIRM, person_id, step)


async def load(connection: Connection, person_id: UUID) -> bytes | None:
    sealed: bytes | None = await connection.fetchval(LOAD, person_id)
    return sealed


async def use(connection: Connection, person_id: UUID, step: int) -> bool:
    return bool(await connection.fetchval(USE, person_id, step))


async def delete(connection: Connection, person_id: UUID) -> bool:
    return bool(await connection.fetchval(DELETE, person_id))
