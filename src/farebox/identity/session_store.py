"""SQL of sessions."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from farebox.identity.visitor import Visitor
from farebox.storage.database import Connection

# An operator's session is short.
INSERT = """
INSERT INTO session (id, person_id, hash, account_id, expires_at, proved_at, country, device)
SELECT $1, $2, $3, (SELECT account_id FROM member WHERE person_id = $2 ORDER BY created_at, account_id LIMIT 1),
       now() + CASE WHEN EXISTS (SELECT FROM operator_grant WHERE person_id = $2 AND revoked_at IS NULL)
                    THEN $5::interval ELSE $4::interval END,
       CASE WHEN $6 THEN now() END, $7, $8
"""

# One statement per request: the session, the person, the membership of the account looked at, the operator's scopes.
LOAD = """
SELECT session.id AS session_id, person.id AS person_id, email, email_verified_at IS NOT NULL AS email_verified,
       display_name, language, member.account_id, role, coalesce(operator_grant.scopes, '{}') AS scopes, proved_at,
       EXISTS (SELECT FROM totp WHERE totp.person_id = person.id AND confirmed_at IS NOT NULL)
       OR EXISTS (SELECT FROM passkey WHERE passkey.person_id = person.id) AS has_second_factor,
       session.created_at AS signed_in_at,
       seen_at < now() - interval '1 minute' AS is_stale
FROM session
JOIN person ON person.id = session.person_id
LEFT JOIN member ON member.account_id = session.account_id AND member.person_id = person.id
LEFT JOIN operator_grant ON operator_grant.person_id = person.id AND operator_grant.revoked_at IS NULL
WHERE session.hash = $1 AND session.revoked_at IS NULL AND session.expires_at > now() AND person.status = 'active'
  AND seen_at > now() - CASE WHEN operator_grant.person_id IS NULL THEN $2::interval ELSE $3::interval END
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
    WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > now() AND ($2::uuid IS NULL OR id <> $2)
    RETURNING id
), half AS (
    DELETE FROM pending_sign_in WHERE person_id = $1
)
SELECT count(*) FROM ended
"""

NOTE_PROOF = "UPDATE session SET proved_at = now() WHERE id = $1"

ROTATE = """
UPDATE session SET hash = $2 WHERE id = $1 AND revoked_at IS NULL AND expires_at > now() RETURNING true
"""

OPEN = """
SELECT id, created_at, seen_at, expires_at, country, device FROM session
WHERE person_id = $1 AND revoked_at IS NULL AND expires_at > now() AND seen_at > now() - $2::interval
ORDER BY seen_at DESC, id LIMIT 100
"""

# What has been over for a month explains nothing any more.
FORGET = "DELETE FROM session WHERE expires_at < now() - interval '30 days'"


class SessionLine(msgspec.Struct, frozen=True):
    """One line of the list of sessions."""

    id: UUID
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    country: str
    device: str


async def insert(
    connection: Connection,
    session_id: UUID,
    person_id: UUID,
    secret_hash: bytes,
    lifetimes: tuple[timedelta, timedelta],
    *,
    proved: bool,
    country: str,
    device: str,
) -> None:
    """`lifetimes`: of everybody's, and of an operator's session."""
    await connection.execute(INSERT, session_id, person_id, secret_hash, *lifetimes, proved, country, device)


async def load(connection: Connection, secret_hash: bytes, idle: tuple[timedelta, timedelta]) -> Visitor | None:
    """`idle`: after how long without use everybody's, and an operator's session is over."""
    row = await connection.fetchrow(LOAD, secret_hash, *idle)
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


async def rotate(connection: Connection, session_id: UUID, secret_hash: bytes) -> bool:
    return bool(await connection.fetchval(ROTATE, session_id, secret_hash))


async def load_open(connection: Connection, person_id: UUID, idle: timedelta) -> list[SessionLine]:
    return [SessionLine(**row) for row in await connection.fetch(OPEN, person_id, idle)]


async def forget(connection: Connection) -> None:
    """Drops sessions that are long over."""
    await connection.execute(FORGET)
