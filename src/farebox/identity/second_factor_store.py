"""SQL of all that a person can sign in with."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

LOAD = """
SELECT password_hash IS NOT NULL AS has_password,
       (SELECT confirmed_at FROM totp WHERE person_id = person.id) AS totp_since,
       (SELECT count(*) FROM passkey WHERE person_id = person.id) AS passkeys,
       (SELECT count(*) FROM backup_code WHERE person_id = person.id AND used_at IS NULL) AS backup_codes_left,
       array(SELECT provider FROM oidc_identity WHERE person_id = person.id ORDER BY provider) AS oidc
FROM person WHERE id = $1
"""

# Two removals at once would else each find the other's way in still there.
LOCK = "SELECT FROM person WHERE id = $1 FOR UPDATE"

PASSWORD_HASH = "SELECT password_hash FROM person WHERE id = $1 AND status = 'active'"  # noqa: S105 a statement

REMOVE_ALL = """
WITH app AS (DELETE FROM totp WHERE person_id = $1),
     codes AS (DELETE FROM backup_code WHERE person_id = $1),
     half AS (DELETE FROM pending_sign_in WHERE person_id = $1)
DELETE FROM passkey WHERE person_id = $1
"""


class WaysIn(msgspec.Struct, frozen=True):
    """What there is; `oidc` names providers elsewhere."""

    has_password: bool
    totp_since: datetime | None
    passkeys: int
    backup_codes_left: int
    oidc: tuple[str, ...]

    @property
    def has_totp(self) -> bool:
        return self.totp_since is not None

    @property
    def has_second_factor(self) -> bool:
        return self.has_totp or self.passkeys > 0


async def load(connection: Connection, person_id: UUID) -> WaysIn:
    facts = dict(await connection.fetchrow(LOAD, person_id) or {})
    return WaysIn(**{**facts, "oidc": tuple(facts["oidc"])})


async def load_locked(connection: Connection, person_id: UUID) -> WaysIn:
    """Until the transaction ends nobody else changes them who asks in this way too."""
    await connection.execute(LOCK, person_id)
    return await load(connection, person_id)


async def password_hash(connection: Connection, person_id: UUID) -> str | None:
    stored: str | None = await connection.fetchval(PASSWORD_HASH, person_id)
    return stored


async def remove_all(connection: Connection, person_id: UUID) -> None:
    await connection.execute(REMOVE_ALL, person_id)
