"""SQL of what the operator publishes beside the terms."""

from typing import Any

from farebox.storage.database import Connection

# One publication at a time: versions are numbered without a gap, each later than the one before.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('farebox_site_text', 0))"

# The moment is taken behind the lock, where the transaction's own may lie before the last version's.
INSERT = """
INSERT INTO site_text (kind, version, texts, published_at)
SELECT $1, coalesce(max(version), 0) + 1, $2, clock_timestamp() FROM site_text WHERE kind = $1
RETURNING version
"""

LOAD = """
SELECT kind, version, published_at, texts FROM site_text
WHERE kind = $1 AND ($2::integer IS NULL OR version = $2)
ORDER BY version DESC LIMIT 1
"""

LOAD_ALL = "SELECT kind, version, published_at, texts FROM site_text ORDER BY published_at DESC, kind LIMIT 1000"

KINDS = "SELECT DISTINCT kind FROM site_text"


async def lock(connection: Connection) -> None:
    await connection.execute(LOCK)


async def insert(connection: Connection, kind: str, texts: dict[str, Any]) -> int:
    """The new version's number."""
    return int(await connection.fetchval(INSERT, kind, texts))


async def load(connection: Connection, kind: str, version: int | None) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD, kind, version)
    return None if row is None else dict(row)


async def load_all(connection: Connection) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(LOAD_ALL)]


async def kinds(connection: Connection) -> set[str]:
    return {row["kind"] for row in await connection.fetch(KINDS)}
