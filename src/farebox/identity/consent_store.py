"""SQL of terms and consents."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

IN_FORCE = """
SELECT version, effective_at FROM terms_version WHERE effective_at <= now() ORDER BY version DESC LIMIT 1
"""

INSERT = """
INSERT INTO consent (id, person_id, account_id, terms_version, how) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id, terms_version, person_id) DO NOTHING
RETURNING true
"""

SET_ACCOUNT = "UPDATE consent SET account_id = $2 WHERE person_id = $1 AND account_id IS NULL"

HAS_ANY = "SELECT EXISTS (SELECT FROM consent WHERE account_id = $1)"

HAS_IN_FORCE = """
SELECT coalesce((SELECT max(version) FROM terms_version WHERE effective_at <= now()), 0)
    <= coalesce((SELECT max(terms_version) FROM consent WHERE account_id = $1), 0)
"""

# Calls tell by their ids when they were made, and are looked up by account and id. `$2` is the first id of the moment
# from which going on counts.
GOING_ON = """
SELECT id FROM account
WHERE status = 'active'
  AND EXISTS (SELECT FROM consent WHERE account_id = account.id AND terms_version < $1)
  AND NOT EXISTS (SELECT FROM consent WHERE account_id = account.id AND terms_version >= $1)
  AND EXISTS (SELECT FROM job WHERE job.account_id = account.id AND job.id >= $2)
ORDER BY id LIMIT $3
"""

INSERT_BY_USE = """
INSERT INTO consent (id, account_id, terms_version, how)
SELECT id, account_id, $3, 'by_use' FROM unnest($1::uuid[], $2::uuid[]) AS new (id, account_id)
ON CONFLICT (account_id, terms_version, person_id) DO NOTHING
RETURNING account_id
"""

# Accounts that nobody belongs to are the operator's own: there is nobody who could accept.
NEVER_ACCEPTED = """
SELECT id FROM account
WHERE status <> 'closed'
  AND EXISTS (SELECT FROM member WHERE account_id = account.id)
  AND NOT EXISTS (SELECT FROM consent WHERE account_id = account.id)
  AND NOT EXISTS (SELECT FROM account_bar WHERE account_id = account.id AND code = 'terms_not_accepted')
ORDER BY id LIMIT $1
"""


class TermsInForce(msgspec.Struct, frozen=True):
    """The newest version whose day has come."""

    version: int
    effective_at: datetime


async def load_in_force(connection: Connection) -> TermsInForce | None:
    row = await connection.fetchrow(IN_FORCE)
    return None if row is None else TermsInForce(**row)


async def insert(
    connection: Connection, consent_id: UUID, person_id: UUID, account_id: UUID | None, version: int, how: str
) -> bool:
    return bool(await connection.fetchval(INSERT, consent_id, person_id, account_id, version, how))


async def set_account(connection: Connection, person_id: UUID, account_id: UUID) -> None:
    await connection.execute(SET_ACCOUNT, person_id, account_id)


async def has_any(connection: Connection, account_id: UUID) -> bool:
    """Whether terms of any version were ever accepted for the account."""
    return bool(await connection.fetchval(HAS_ANY, account_id))


async def has_in_force(connection: Connection, account_id: UUID) -> bool:
    return bool(await connection.fetchval(HAS_IN_FORCE, account_id))


async def going_on(connection: Connection, version: int, first_job_id: UUID, limit: int) -> list[UUID]:
    """Accounts that have accepted terms before this version only, and have called since."""
    return [row["id"] for row in await connection.fetch(GOING_ON, version, first_job_id, limit)]


async def insert_by_use(
    connection: Connection, ids: Sequence[UUID], account_ids: Sequence[UUID], version: int
) -> list[UUID]:
    """The accounts whose acceptance was recorded by this very call."""
    rows = await connection.fetch(INSERT_BY_USE, list(ids), list(account_ids), version)
    return [row["account_id"] for row in rows]


async def never_accepted(connection: Connection, limit: int) -> list[UUID]:
    """Accounts with members for which no terms were ever accepted, and that are not barred for it yet."""
    return [row["id"] for row in await connection.fetch(NEVER_ACCEPTED, limit)]
