"""SQL of stored answers."""

from typing import Any

import msgspec

from farebox.storage.database import Connection

# Waits for a request with the same key that is under way, and gives nothing when it has stored its answer.
CLAIM = """
INSERT INTO stored_answer (owner, key, input_hash) VALUES ($1, $2, $3)
ON CONFLICT (owner, key) DO NOTHING
RETURNING true
"""

LOAD = "SELECT input_hash, status, body FROM stored_answer WHERE owner = $1 AND key = $2"

KEEP = "UPDATE stored_answer SET status = $3, body = $4 WHERE owner = $1 AND key = $2"


class Stored(msgspec.Struct, frozen=True):
    """The answer of an earlier request with the same key."""

    input_hash: bytes
    status: int
    body: dict[str, Any]


async def claim(connection: Connection, owner: str, key: str, digest: bytes) -> Stored | None:
    """None when the key is ours now; else what was stored under it."""
    if await connection.fetchval(CLAIM, owner, key, digest):
        return None
    row = await connection.fetchrow(LOAD, owner, key)
    assert row is not None
    return Stored(**row)


async def keep(connection: Connection, owner: str, key: str, status: int, body: dict[str, Any]) -> None:
    await connection.execute(KEEP, owner, key, status, body)
