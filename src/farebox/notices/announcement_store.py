"""SQL of announcements."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from farebox.notices.texts import Texts
from farebox.storage.database import Connection

INSERT = """
INSERT INTO announcement (id, kind, shown_from, shown_until, starts_at, ends_at, is_banner, mail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

INSERT_TEXT = "INSERT INTO announcement_text (announcement_id, language, title, body) VALUES ($1, $2, $3, $4)"

WITHDRAW = "UPDATE announcement SET withdrawn_at = now() WHERE id = $1 AND withdrawn_at IS NULL RETURNING true"

SHOWN_IDS = """
SELECT id FROM announcement
WHERE withdrawn_at IS NULL AND shown_from <= now() AND (shown_until IS NULL OR shown_until > now())
ORDER BY shown_from DESC, id DESC LIMIT $1
"""

PAGE_IDS = "SELECT id FROM announcement WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2"

LOAD = """
SELECT id, kind, shown_from, shown_until, starts_at, ends_at, is_banner, mail, created_at, withdrawn_at,
       (SELECT jsonb_object_agg(language, jsonb_build_object('title', title, 'body', body))
        FROM announcement_text WHERE announcement_id = announcement.id) AS texts
FROM announcement WHERE id = ANY ($1::uuid[]) ORDER BY array_position($1::uuid[], id)
"""


async def insert(connection: Connection, announcement_id: UUID, new: Mapping[str, Any], texts: Texts) -> None:
    """`new` holds the columns by name."""
    await connection.execute(
        INSERT,
        announcement_id,
        new["kind"],
        new["shown_from"],
        new["shown_until"],
        new["starts_at"],
        new["ends_at"],
        new["is_banner"],
        new["mail"],
    )
    rows = [(announcement_id, language, text.title, text.body) for language, text in texts.items()]
    await connection.executemany(INSERT_TEXT, rows)


async def withdraw(connection: Connection, announcement_id: UUID) -> bool:
    return bool(await connection.fetchval(WITHDRAW, announcement_id))


async def shown_ids(connection: Connection, limit: int) -> list[UUID]:
    return [row["id"] for row in await connection.fetch(SHOWN_IDS, limit)]


async def page_ids(connection: Connection, after: UUID | None, limit: int) -> list[UUID]:
    return [row["id"] for row in await connection.fetch(PAGE_IDS, after, limit)]


async def load(connection: Connection, ids: list[UUID]) -> list[dict[str, Any]]:
    """In the order of the ids, with texts by language."""
    return [dict(row) for row in await connection.fetch(LOAD, ids)]
