"""SQL of confirming addresses."""

from datetime import timedelta
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

INSERT = """
INSERT INTO email_link (hash, person_id, email, password_hash, expires_at) VALUES ($1, $2, $3, $4, now() + $5)
"""

# The hash of the password is the person's from here on, or nobody's.
USE = """
UPDATE email_link SET used_at = now(), password_hash = NULL
FROM (SELECT hash, password_hash FROM email_link WHERE hash = $1 FOR UPDATE) AS before
WHERE email_link.hash = before.hash AND used_at IS NULL AND expires_at > now()
RETURNING person_id, email, before.password_hash
"""

LOCK_UNCONFIRMED = """
SELECT password_hash FROM person
WHERE id = $1 AND lower(email) = lower($2) AND status = 'active' AND email_verified_at IS NULL
FOR UPDATE
"""

LOCK_WAITING = """
SELECT id FROM person WHERE lower(email) = lower($1) AND status = 'active' AND email_verified_at IS NULL FOR UPDATE
"""

SET_CONFIRMED = """
UPDATE person SET email_verified_at = now(), password_hash = coalesce($2, password_hash) WHERE id = $1
"""


FORGET = "DELETE FROM email_link WHERE expires_at < now() OR used_at < now() - interval '1 day'"

# Owners of accounts that wait for their link, and have waited for longer than any link is good.
UNCONFIRMED = """
SELECT person_id, account_id FROM member
JOIN person ON person.id = person_id
JOIN account_bar USING (account_id)
JOIN account ON account.id = account_id
WHERE account.status <> 'closed' AND balance_nano = 0 AND held_nano = 0
  AND code = 'email_not_verified' AND role = 'owner' AND since < now() - $1::interval
  AND person.status = 'active' AND email_verified_at IS NULL
  AND NOT EXISTS (SELECT FROM operator_grant WHERE operator_grant.person_id = member.person_id AND revoked_at IS NULL)
ORDER BY person_id LIMIT $2
"""


class UsedLink(msgspec.Struct, frozen=True):
    """What a link was for; it prints without the hash."""

    person_id: UUID
    email: str
    password_hash: str | None

    def __repr__(self) -> str:
        return f"UsedLink({self.person_id})"


class Unconfirmed(msgspec.Struct, frozen=True):
    """A person as they were before."""

    password_hash: str | None

    def __repr__(self) -> str:
        return "Unconfirmed()"


async def insert(
    connection: Connection,
    link_hash: bytes,
    person_id: UUID,
    email: str,
    password_hash: str | None,
    lifetime: timedelta,
) -> None:
    await connection.execute(INSERT, link_hash, person_id, email, password_hash, lifetime)


async def use(connection: Connection, link_hash: bytes) -> UsedLink | None:
    """None when there is no such link to use."""
    row = await connection.fetchrow(USE, link_hash)
    return None if row is None else UsedLink(**row)


async def lock_unconfirmed(connection: Connection, person_id: UUID, email: str) -> Unconfirmed | None:
    row = await connection.fetchrow(LOCK_UNCONFIRMED, person_id, email)
    return None if row is None else Unconfirmed(**row)


async def lock_waiting(connection: Connection, email: str) -> UUID | None:
    found: UUID | None = await connection.fetchval(LOCK_WAITING, email)
    return found


async def set_confirmed(connection: Connection, person_id: UUID, password_hash: str | None) -> None:
    await connection.execute(SET_CONFIRMED, person_id, password_hash)


async def forget(connection: Connection) -> None:
    """Drops links that open nothing any more."""
    await connection.execute(FORGET)


async def load_unconfirmed(connection: Connection, waited: timedelta, limit: int) -> list[tuple[UUID, UUID]]:
    """Person and account of those who never opened their link."""
    return [(row["person_id"], row["account_id"]) for row in await connection.fetch(UNCONFIRMED, waited, limit)]
