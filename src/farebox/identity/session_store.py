"""SQL of sessions."""

from datetime import timedelta
from uuid import UUID

from farebox.identity.visitor import Visitor
from farebox.storage.database import Connection

INSERT = """
INSERT INTO session (id, person_id, hash, account_id, expires_at, proved_at)
SELECT $1, $2, $3, (SELECT account_id FROM member WHERE person_id = $2 ORDER BY created_at, account_id LIMIT 1),
       now() + $4, CASE WHEN $5 THEN now() END
"""

# One statement per request: the session, the person, the membership of the account looked at, the operator's scopes.
LOAD = """
SELECT session.id AS session_id, person.id AS person_id, email, email_verified_at IS NOT NULL AS email_verified,
       display_name, language, member.account_id, role, coalesce(operator_grant.scopes, '{}') AS scopes, proved_at,
       seen_at < now() - interval '1 minute' AS is_stale
FROM session
JOIN person ON person.id = session.person_id
LEFT JOIN member ON member.account_id = session.account_id AND member.person_id = person.id
LEFT JOIN operator_grant ON operator_grant.person_id = person.id AND operator_grant.revoked_at IS NULL
WHERE session.hash = $1 AND session.revoked_at IS NULL AND session.expires_at > now() AND person.status = 'active'
"""

TOUCH = "UPDATE session SET seen_at = now() WHERE id = $1"

CHOOSE_ACCOUNT = """
UPDATE session SET account_id = $3
WHERE id = $1 AND EXISTS (SELECT FROM member WHERE account_id = $3 AND person_id = $2)
RETURNING true
"""

REVOKE = """
UPDATE session SET revoked_at = now() WHERE id = $2 AND person_id = $1 AND revoked_at IS NULL RETURNING true
"""

REVOKE_ALL = """
WITH ended AS (
    UPDATE session SET revoked_at = now()
    WHERE person_id = $1 AND revoked_at IS NULL AND ($2::uuid IS NULL OR id <> $2)
    RETURNING id
)
SELECT count(*) FROM ended
"""

NOTE_PROOF = "UPDATE session SET proved_at = now() WHERE id = $1"


async def insert(
    connection: Connection, session_id: UUID, person_id: UUID, secret_hash: bytes, lifetime: timedelta, *, proved: bool
) -> None:
    await connection.execute(INSERT, session_id, person_id, secret_hash, lifetime, proved)


async def load(connection: Connection, secret_hash: bytes) -> Visitor | None:
    row = await connection.fetchrow(LOAD, secret_hash)
    if row is None:
        return None
    facts = dict(row)
    if facts.pop("is_stale"):
        # When it was last used is shown in the list of sessions; to the minute is enough.
        await connection.execute(TOUCH, facts["session_id"])
    return Visitor(**{**facts, "scopes": tuple(facts["scopes"])})


async def choose_account(connection: Connection, session_id: UUID, person_id: UUID, account_id: UUID) -> bool:
    return bool(await connection.fetchval(CHOOSE_ACCOUNT, session_id, person_id, account_id))


async def revoke(connection: Connection, person_id: UUID, session_id: UUID) -> bool:
    return bool(await connection.fetchval(REVOKE, person_id, session_id))


async def revoke_all(connection: Connection, person_id: UUID, but: UUID | None) -> int:
    ended: int = await connection.fetchval(REVOKE_ALL, person_id, but)
    return ended


async def note_proof(connection: Connection, session_id: UUID) -> None:
    await connection.execute(NOTE_PROOF, session_id)
