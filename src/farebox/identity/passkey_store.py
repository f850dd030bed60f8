"""SQL of passkeys."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

INSERT = """
INSERT INTO passkey (id, person_id, credential_id, public_key, sign_count, transports, name)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (credential_id) DO NOTHING
RETURNING id, person_id, credential_id, public_key, sign_count, name, created_at, last_used_at
"""

ALL = """
SELECT id, person_id, credential_id, public_key, sign_count, name, created_at, last_used_at
FROM passkey WHERE person_id = $1 ORDER BY id
"""

FIND = """
SELECT passkey.id, person_id, credential_id, public_key, sign_count, name, passkey.created_at, last_used_at
FROM passkey JOIN person ON person.id = person_id
WHERE credential_id = $1 AND person.status = 'active'
"""

# Of two uses at once with the same counter one finds it moved; authenticators without a counter stay at 0.
NOTE_USE = """
UPDATE passkey SET sign_count = $3, last_used_at = now() WHERE id = $1 AND sign_count = $2 RETURNING true
"""

RENAME = """
UPDATE passkey SET name = $3 WHERE id = $2 AND person_id = $1
RETURNING id, person_id, credential_id, public_key, sign_count, name, created_at, last_used_at
"""

DELETE = "DELETE FROM passkey WHERE id = $2 AND person_id = $1 RETURNING true"


class NewPasskey(msgspec.Struct, frozen=True):
    """What an authenticator has made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]


class Passkey(msgspec.Struct, frozen=True):
    """A public key and what its owner calls it."""

    id: UUID
    person_id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


async def insert(
    connection: Connection, passkey_id: UUID, person_id: UUID, made: NewPasskey, name: str
) -> Passkey | None:
    """None when the credential is registered already."""
    facts = (made.credential_id, made.public_key, made.sign_count, list(made.transports), name)
    row = await connection.fetchrow(INSERT, passkey_id, person_id, *facts)
    return None if row is None else Passkey(**row)


async def load_all(connection: Connection, person_id: UUID) -> list[Passkey]:
    return [Passkey(**row) for row in await connection.fetch(ALL, person_id)]


async def find(connection: Connection, credential_id: bytes) -> Passkey | None:
    row = await connection.fetchrow(FIND, credential_id)
    return None if row is None else Passkey(**row)


async def note_use(connection: Connection, passkey_id: UUID, before: int, after: int) -> bool:
    return bool(await connection.fetchval(NOTE_USE, passkey_id, before, after))


async def rename(connection: Connection, person_id: UUID, passkey_id: UUID, name: str) -> Passkey | None:
    row = await connection.fetchrow(RENAME, person_id, passkey_id, name)
    return None if row is None else Passkey(**row)


async def delete(connection: Connection, person_id: UUID, passkey_id: UUID) -> bool:
    return bool(await connection.fetchval(DELETE, person_id, passkey_id))
