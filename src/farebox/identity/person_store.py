"""SQL of people."""

from uuid import UUID

import msgspec

from farebox.storage.database import Connection

CREDENTIALS = """
SELECT id AS person_id, password_hash FROM person WHERE lower(email) = lower($1) AND status = 'active'
"""


class Credentials(msgspec.Struct, frozen=True):
    """What a password is compared with; it prints without the hash."""

    person_id: UUID
    password_hash: str | None

    def __repr__(self) -> str:
        return f"Credentials({self.person_id})"


async def load_credentials(connection: Connection, email: str) -> Credentials | None:
    row = await connection.fetchrow(CREDENTIALS, email)
    return None if row is None else Credentials(**row)
