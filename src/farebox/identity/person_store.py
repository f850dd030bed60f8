"""SQL of people."""

from uuid import UUID

import msgspec

from farebox.storage.database import Connection

CREDENTIALS = """
SELECT id AS person_id, password_hash FROM person WHERE lower(email) = lower($1) AND status = 'active'
"""

# Waits for a change of the password that is under way, and keeps the next one waiting.
HOLDS = "SELECT true FROM person WHERE id = $1 AND password_hash = $2 AND status = 'active' FOR SHARE"

SET_PASSWORD = """
UPDATE person SET password_hash = $2
WHERE id = $1 AND password_hash IS NOT DISTINCT FROM $3 AND status = 'active' RETURNING true
"""  # noqa: S105 a statement


class Credentials(msgspec.Struct, frozen=True):
    """What a password is compared with; it prints without the hash."""

    person_id: UUID
    password_hash: str | None

    def __repr__(self) -> str:
        return f"Credentials({self.person_id})"


async def load_credentials(connection: Connection, email: str) -> Credentials | None:
    row = await connection.fetchrow(CREDENTIALS, email)
    return None if row is None else Credentials(**row)


async def holds(connection: Connection, known: Credentials) -> bool:
    """Whether these are the credentials still, until the transaction ends."""
    return bool(await connection.fetchval(HOLDS, known.person_id, known.password_hash))


async def set_password(connection: Connection, person_id: UUID, password_hash: str, before: str | None) -> bool:
    """False when it is not the one before any more, or the person not active."""
    return bool(await connection.fetchval(SET_PASSWORD, person_id, password_hash, before))
