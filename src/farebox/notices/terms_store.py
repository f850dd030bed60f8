"""SQL of versions of the terms."""

from datetime import datetime
from typing import Any

import msgspec

from farebox.notices.texts import Texts
from farebox.storage.database import Connection

# One publication at a time: versions are numbered without a gap, each later than the one before.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('farebox_terms', 0))"

LAST = "SELECT version, effective_at FROM terms_version ORDER BY version DESC LIMIT 1"

INSERT = "INSERT INTO terms_version (version, effective_at, is_material) VALUES ($1, $2, $3)"

INSERT_TEXT = "INSERT INTO terms_text (version, language, title, body) VALUES ($1, $2, $3, $4)"

VERSIONS = "SELECT version FROM terms_version ORDER BY version DESC LIMIT 1000"

CURRENT_VERSIONS = """
SELECT version FROM terms_version
WHERE version >= coalesce((SELECT max(version) FROM terms_version WHERE effective_at <= now()), 0)
ORDER BY version LIMIT 100
"""

LOAD = """
SELECT version, effective_at, is_material, created_at,
       coalesce((SELECT jsonb_object_agg(language, jsonb_build_object('title', title, 'body', body))
                 FROM terms_text WHERE terms_text.version = terms_version.version), '{}') AS texts
FROM terms_version WHERE version = ANY ($1::integer[]) ORDER BY array_position($1::integer[], version)
"""


class Version(msgspec.Struct, frozen=True):
    """A version's number, and from when on it is in force."""

    version: int
    effective_at: datetime


async def lock(connection: Connection) -> None:
    await connection.execute(LOCK)


async def last(connection: Connection) -> Version | None:
    row = await connection.fetchrow(LAST)
    return None if row is None else Version(**row)


async def insert(connection: Connection, version: int, effective_at: datetime, is_material: bool, texts: Texts) -> None:
    await connection.execute(INSERT, version, effective_at, is_material)
    rows = [(version, language, text.title, text.body) for language, text in texts.items()]
    await connection.executemany(INSERT_TEXT, rows)


async def versions(connection: Connection) -> list[int]:
    return [row["version"] for row in await connection.fetch(VERSIONS)]


async def current_versions(connection: Connection) -> list[int]:
    return [row["version"] for row in await connection.fetch(CURRENT_VERSIONS)]


async def load(connection: Connection, numbers: list[int]) -> list[dict[str, Any]]:
    """In the order of the numbers, with texts by language."""
    return [dict(row) for row in await connection.fetch(LOAD, numbers)]
