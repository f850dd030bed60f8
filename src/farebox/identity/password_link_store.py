"""SQL of links with which a password is set."""

from datetime import timedelta
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

FIND = "SELECT id FROM person WHERE lower(email) = lower($1) AND status = 'active'"

DELETE_ALL = "DELETE FROM password_link WHERE person_id = $1"

INSERT = "INSERT INTO password_link (hash, person_id, purpose, expires_at) VALUES ($1, $2, $3, now() + $4)"

LOAD = """
SELECT person_id, email FROM password_link JOIN person ON person.id = person_id
WHERE hash = $1 AND expires_at > now() AND person.status = 'active'
"""

# An operator's invitation has proved the mailbox of somebody whom an operator named.
USE = """
WITH link AS (
    DELETE FROM password_link WHERE hash = $1 AND expires_at > now() RETURNING person_id, purpose
)
UPDATE person SET password_hash = $2,
    email_verified_at = CASE WHEN purpose = 'operator' THEN coalesce(email_verified_at, now())
                             ELSE email_verified_at END
FROM link WHERE person.id = link.person_id AND person.status = 'active'
RETURNING person.id
"""

FORGET = "DELETE FROM password_link WHERE expires_at <= now()"


class Holder(msgspec.Struct, frozen=True):
    """Who holds a link."""

    person_id: UUID
    email: str


async def find(connection: Connection, email: str) -> UUID | None:
    person_id: UUID | None = await connection.fetchval(FIND, email)
    return person_id


async def replace(
    connection: Connection, secret_hash: bytes, person_id: UUID, purpose: str, lifetime: timedelta
) -> None:
    await connection.execute(DELETE_ALL, person_id)
    await connection.execute(INSERT, secret_hash, person_id, purpose, lifetime)


async def load(connection: Connection, secret_hash: bytes) -> Holder | None:
    row = await connection.fetchrow(LOAD, secret_hash)
    return None if row is None else Holder(**row)


async def use(connection: Connection, secret_hash: bytes, password_hash: str) -> UUID | None:
    person_id: UUID | None = await connection.fetchval(USE, secret_hash, password_hash)
    return person_id


async def forget(connection: Connection) -> None:
    """Drops those that are over."""
    await connection.execute(FORGET)
