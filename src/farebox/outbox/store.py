"""SQL of queueing mail."""

from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

INSERT_FOR_PERSON = """
INSERT INTO mail (id, dedupe_key, kind, person_id, address, language, facts)
SELECT $1, $2, $3, id, email, language, $5 FROM person WHERE id = $4 AND status <> 'erased'
ON CONFLICT (dedupe_key) DO NOTHING
RETURNING true
"""

INSERT_FOR_ADDRESS = """
INSERT INTO mail (id, dedupe_key, kind, address, language, facts) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (dedupe_key) DO NOTHING
RETURNING true
"""

MEMBERS = """
SELECT person_id FROM member JOIN person ON person.id = person_id
WHERE account_id = $1 AND role = ANY ($2::text[]) AND person.status = 'active'
ORDER BY person_id
"""


async def insert_for_person(
    connection: Connection, mail_id: UUID, kind: str, person_id: UUID, facts: dict[str, Any], dedupe_key: str
) -> bool:
    return bool(await connection.fetchval(INSERT_FOR_PERSON, mail_id, dedupe_key, kind, person_id, facts))


async def insert_for_address(
    connection: Connection,
    mail_id: UUID,
    kind: str,
    address: str,
    language: str,
    facts: dict[str, Any],
    dedupe_key: str,
) -> bool:
    return bool(await connection.fetchval(INSERT_FOR_ADDRESS, mail_id, dedupe_key, kind, address, language, facts))


async def members(connection: Connection, account_id: UUID, roles: list[str]) -> list[UUID]:
    return [row["person_id"] for row in await connection.fetch(MEMBERS, account_id, roles)]
