"""SQL of challenges."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

INSERT = """
INSERT INTO challenge (hash, purpose, person_id, sealed, expires_at) VALUES ($1, $2, $3, $4, now() + $5)
"""

DELETE = "DELETE FROM challenge WHERE hash = $1 AND purpose = $2 AND expires_at > now() RETURNING person_id, sealed"

FORGET = "DELETE FROM challenge WHERE expires_at <= now()"


async def insert(
    connection: Connection,
    value_hash: bytes,
    purpose: str,
    person_id: UUID | None,
    sealed: bytes | None,
    lifetime: timedelta,
) -> None:
    await connection.execute(INSERT, value_hash, purpose, person_id, sealed, lifetime)


async def delete(connection: Connection, value_hash: bytes, purpose: str) -> Any:
    return await connection.fetchrow(DELETE, value_hash, purpose)


async def forget(connection: Connection) -> None:
    """Drops those that nobody answered."""
    await connection.execute(FORGET)
