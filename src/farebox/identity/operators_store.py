"""SQL of operators."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

# Changes of operators come one after the other, so that two who revoke each other do not both find the other left.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('farebox_operators', 0))"

ALL = """
SELECT person_id, email, display_name, scopes, operator_grant.created_at,
       EXISTS (SELECT FROM totp WHERE totp.person_id = person.id AND confirmed_at IS NOT NULL)
       OR EXISTS (SELECT FROM passkey WHERE passkey.person_id = person.id) AS has_second_factor
FROM operator_grant JOIN person ON person.id = person_id
WHERE revoked_at IS NULL AND status <> 'erased' ORDER BY operator_grant.created_at, person_id
"""

ONE = """
SELECT person_id, email, display_name, scopes, operator_grant.created_at,
       EXISTS (SELECT FROM totp WHERE totp.person_id = person.id AND confirmed_at IS NOT NULL)
       OR EXISTS (SELECT FROM passkey WHERE passkey.person_id = person.id) AS has_second_factor
FROM operator_grant JOIN person ON person.id = person_id
WHERE revoked_at IS NULL AND status <> 'erased' AND person_id = $1
"""

FIND_PERSON = """
SELECT id, email_verified_at IS NOT NULL AS is_verified FROM person
WHERE lower(email) = lower($1) AND status <> 'erased'
"""

INSERT_PERSON = "INSERT INTO person (id, email, mailbox) VALUES ($1, $2, $3)"

GRANT = """
INSERT INTO operator_grant AS known (person_id, scopes) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE SET scopes = EXCLUDED.scopes, created_at = now(), revoked_at = NULL
WHERE known.revoked_at IS NOT NULL
RETURNING true
"""

SET_SCOPES = "UPDATE operator_grant SET scopes = $2 WHERE person_id = $1 AND revoked_at IS NULL"

REVOKE = "UPDATE operator_grant SET revoked_at = now() WHERE person_id = $1 AND revoked_at IS NULL"

# By whoever has the machine, who answers for the mailbox.
SET_PASSWORD = """
UPDATE person SET password_hash = $2, email_verified_at = coalesce(email_verified_at, now())
WHERE id = $1 AND status = 'active' RETURNING true
"""  # noqa: S105 a statement

HAS_ONE_WITH_ALL = """
SELECT EXISTS (
    SELECT FROM operator_grant JOIN person ON person.id = person_id
    WHERE revoked_at IS NULL AND status = 'active' AND '*' = ANY (scopes) AND email_verified_at IS NOT NULL
)
"""


class Operator(msgspec.Struct, frozen=True):
    """A person who acts for the deployment."""

    person_id: UUID
    email: str
    display_name: str
    scopes: tuple[str, ...]
    created_at: datetime
    has_second_factor: bool


class KnownPerson(msgspec.Struct, frozen=True):
    """Somebody who is here already."""

    id: UUID
    is_verified: bool


async def lock(connection: Connection) -> None:
    """Until the transaction ends."""
    await connection.execute(LOCK)


async def load_all(connection: Connection) -> list[Operator]:
    return [Operator(**{**row, "scopes": tuple(row["scopes"])}) for row in await connection.fetch(ALL)]


async def load(connection: Connection, person_id: UUID) -> Operator | None:
    row = await connection.fetchrow(ONE, person_id)
    return None if row is None else Operator(**{**row, "scopes": tuple(row["scopes"])})


async def find_person(connection: Connection, email: str) -> KnownPerson | None:
    row = await connection.fetchrow(FIND_PERSON, email)
    return None if row is None else KnownPerson(**row)


async def insert_person(connection: Connection, person_id: UUID, email: str, mailbox: str) -> None:
    await connection.execute(INSERT_PERSON, person_id, email, mailbox)


async def grant(connection: Connection, person_id: UUID, scopes: list[str]) -> bool:
    """False when the person is an operator already."""
    return bool(await connection.fetchval(GRANT, person_id, scopes))


async def set_scopes(connection: Connection, person_id: UUID, scopes: list[str]) -> None:
    await connection.execute(SET_SCOPES, person_id, scopes)


async def revoke(connection: Connection, person_id: UUID) -> None:
    await connection.execute(REVOKE, person_id)


async def has_one_with_all(connection: Connection) -> bool:
    return bool(await connection.fetchval(HAS_ONE_WITH_ALL))


async def set_password(connection: Connection, person_id: UUID, password_hash: str) -> bool:
    """False when the person is not active."""
    return bool(await connection.fetchval(SET_PASSWORD, person_id, password_hash))
