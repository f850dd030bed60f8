"""SQL of members."""

from typing import Any
from uuid import UUID

from farebox.identity.visitor import Role
from farebox.storage.database import Connection

LOAD_ALL = """
SELECT person_id, email, display_name, role, member.created_at AS since
FROM member JOIN person ON person.id = person_id
WHERE account_id = $1 ORDER BY member.created_at, person_id
"""

INSERT = """
INSERT INTO member (account_id, person_id, role) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING true
"""

# Locked, so that of two people who confirm at once, or two owners who add somebody, one finds it empty.
ADOPT = """
WITH contact AS (
    SELECT account_id FROM account_contact WHERE lower(email) = lower($2) FOR UPDATE
)
INSERT INTO member (account_id, person_id, role)
SELECT account_id, $1, 'owner' FROM contact JOIN account ON account.id = account_id
WHERE account.status <> 'closed' AND NOT EXISTS (SELECT FROM member WHERE member.account_id = contact.account_id)
RETURNING account_id
"""

# All of them, so that whoever changes members of an account waits for whoever is just doing so.
LOCK_ROLES = "SELECT person_id, role FROM member WHERE account_id = $1 ORDER BY person_id FOR UPDATE"

SET_ROLE = "UPDATE member SET role = $3 WHERE account_id = $1 AND person_id = $2"

DELETE = "DELETE FROM member WHERE account_id = $1 AND person_id = $2"

# Sessions that look at no account yet.
LOOK_AT = "UPDATE session SET account_id = $2 WHERE person_id = $1 AND account_id IS NULL AND revoked_at IS NULL"

LOOK_ELSEWHERE = """
UPDATE session SET account_id = (
    SELECT account_id FROM member WHERE person_id = $2 ORDER BY created_at, account_id LIMIT 1)
WHERE person_id = $2 AND account_id = $1
"""


async def load_all(connection: Connection, account_id: UUID) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(LOAD_ALL, account_id)]


async def insert(connection: Connection, account_id: UUID, person_id: UUID, role: Role) -> bool:
    return bool(await connection.fetchval(INSERT, account_id, person_id, role))


async def adopt(connection: Connection, person_id: UUID, email: str) -> UUID | None:
    adopted: UUID | None = await connection.fetchval(ADOPT, person_id, email)
    return adopted


async def lock_roles(connection: Connection, account_id: UUID) -> dict[UUID, Role]:
    return {row["person_id"]: row["role"] for row in await connection.fetch(LOCK_ROLES, account_id)}


async def set_role(connection: Connection, account_id: UUID, person_id: UUID, role: Role) -> None:
    await connection.execute(SET_ROLE, account_id, person_id, role)


async def delete(connection: Connection, account_id: UUID, person_id: UUID) -> None:
    await connection.execute(DELETE, account_id, person_id)


async def look_at(connection: Connection, person_id: UUID, account_id: UUID) -> None:
    await connection.execute(LOOK_AT, person_id, account_id)


async def look_elsewhere(connection: Connection, account_id: UUID, person_id: UUID) -> None:
    await connection.execute(LOOK_ELSEWHERE, account_id, person_id)
