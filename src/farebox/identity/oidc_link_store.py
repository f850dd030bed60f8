"""SQL of accounts elsewhere."""

from uuid import UUID

from farebox.storage.database import Connection

USE = """
UPDATE oidc_identity SET last_used_at = now() FROM person
WHERE provider = $1 AND subject = $2 AND person.id = person_id AND person.status = 'active'
RETURNING person_id
"""

FIND_BY_EMAIL = """
SELECT id FROM person WHERE lower(email) = lower($1) AND email_verified_at IS NOT NULL AND status = 'active'
"""

INSERT = """
INSERT INTO oidc_identity (id, provider, subject, person_id, last_used_at) VALUES ($1, $2, $3, $4, now())
ON CONFLICT DO NOTHING RETURNING true
"""

DELETE = "DELETE FROM oidc_identity WHERE provider = $1 AND person_id = $2 RETURNING true"


async def use(connection: Connection, provider: str, subject: str) -> UUID | None:
    person_id: UUID | None = await connection.fetchval(USE, provider, subject)
    return person_id


async def find_by_email(connection: Connection, email: str) -> UUID | None:
    person_id: UUID | None = await connection.fetchval(FIND_BY_EMAIL, email)
    return person_id


async def insert(connection: Connection, link_id: UUID, provider: str, subject: str, person_id: UUID) -> bool:
    """False when either side is linked already."""
    return bool(await connection.fetchval(INSERT, link_id, provider, subject, person_id))


async def delete(connection: Connection, provider: str, person_id: UUID) -> bool:
    return bool(await connection.fetchval(DELETE, provider, person_id))
