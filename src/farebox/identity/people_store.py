"""SQL of making, finding and changing people."""

from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

INSERT = """
INSERT INTO person (id, email, mailbox, password_hash, display_name, language, email_verified_at)
VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN now() END)
ON CONFLICT (lower(email)) WHERE status <> 'erased' DO NOTHING
RETURNING id
"""

_COLUMNS = """
SELECT id, email, email_verified_at, display_name, language, status, created_at,
       coalesce((SELECT jsonb_agg(jsonb_build_object('account_id', account_id, 'role', role, 'name',
                                                     coalesce(nullif(contact.name, ''), contact.email, ''))
                                  ORDER BY account_id)
                 FROM member LEFT JOIN account_contact AS contact USING (account_id)
                 WHERE person_id = person.id), '[]') AS memberships
FROM person
"""

LOAD = f"{_COLUMNS} WHERE id = $1"

LOAD_BY_EMAIL = f"{_COLUMNS} WHERE lower(email) = lower($1) AND status <> 'erased'"

PAGE = f"""
{_COLUMNS}
WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR lower(email) = lower($2))
  AND ($3::uuid IS NULL OR EXISTS (SELECT FROM member WHERE person_id = person.id AND account_id = $3))
ORDER BY id DESC LIMIT $4
"""

IS_OPERATOR = "SELECT EXISTS (SELECT FROM operator_grant WHERE person_id = $1 AND revoked_at IS NULL)"

RENAME = "UPDATE person SET display_name = $2, language = $3 WHERE id = $1"

CHANGE_STATUS = "UPDATE person SET status = $3 WHERE id = $1 AND status = $2 RETURNING true"


async def insert(
    connection: Connection,
    person_id: UUID,
    *,
    email: str,
    mailbox: str,
    password_hash: str,
    display_name: str,
    language: str,
    is_confirmed: bool,
) -> UUID | None:
    """None when the address is taken; waits for whoever is just taking it."""
    made: UUID | None = await connection.fetchval(
        INSERT, person_id, email, mailbox, password_hash, display_name, language, is_confirmed
    )
    return made


async def load(connection: Connection, person_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD, person_id)
    return None if row is None else dict(row)


async def load_by_email(connection: Connection, email: str) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD_BY_EMAIL, email)
    return None if row is None else dict(row)


async def page(
    connection: Connection, after: UUID | None, *, email: str | None, account_id: UUID | None, limit: int
) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(PAGE, after, email, account_id, limit)]


async def is_operator(connection: Connection, person_id: UUID) -> bool:
    return bool(await connection.fetchval(IS_OPERATOR, person_id))


async def rename(connection: Connection, person_id: UUID, display_name: str, language: str) -> None:
    await connection.execute(RENAME, person_id, display_name, language)


async def change_status(connection: Connection, person_id: UUID, before: str, after: str) -> bool:
    return bool(await connection.fetchval(CHANGE_STATUS, person_id, before, after))
