"""SQL of support requests, their messages and reply templates."""

from datetime import datetime
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

INSERT = """
INSERT INTO support_request (id, account_id, person_id, filed_by, email, language, subject, payment_method,
                             payment_reference, job_id, amount, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""

_COLUMNS = """
SELECT id, account_id, person_id, filed_by, email, language, subject, payment_method, payment_reference, job_id, amount,
       state, created_at, due_at, closed_at
FROM support_request
"""

LOAD = f"{_COLUMNS} WHERE id = $1"

LOCK = f"{_COLUMNS} WHERE id = $1 FOR UPDATE"

_WANTED = "($2::uuid IS NULL OR account_id = $2) AND ($3::text IS NULL OR state = $3)"

PAGE = f"{_COLUMNS} WHERE ($1::uuid IS NULL OR id < $1) AND {_WANTED} ORDER BY id DESC LIMIT $4"

OLDEST_FIRST = f"{_COLUMNS} WHERE ($1::uuid IS NULL OR id > $1) AND {_WANTED} ORDER BY id LIMIT $4"

COUNT_OPEN = "SELECT count(*) FROM support_request WHERE account_id = $1 AND state <> 'closed'"

SET_STATE = """
UPDATE support_request
SET state = $2, due_at = coalesce($3, due_at), closed_at = CASE WHEN $2 = 'closed' THEN now() END
WHERE id = $1
"""

INSERT_MESSAGE = """
INSERT INTO support_message (id, request_id, author, person_id, words) VALUES ($1, $2, $3, $4, $5)
"""

MESSAGES = """
SELECT id, author, words, created_at FROM support_message WHERE request_id = $1 ORDER BY id
"""

COUNT_MESSAGES = "SELECT count(*) FROM support_message WHERE request_id = $1"

TEMPLATES = "SELECT name, language, words FROM support_template ORDER BY name, language"

PUT_TEMPLATE = """
INSERT INTO support_template (name, language, words) VALUES ($1, $2, $3)
ON CONFLICT (name, language) DO UPDATE SET words = EXCLUDED.words
"""

DROP_TEMPLATE = "DELETE FROM support_template WHERE name = $1 AND language = $2 RETURNING true"


async def insert(connection: Connection, *values: Any) -> None:
    """In the order of the statement's columns."""
    await connection.execute(INSERT, *values)


async def load(connection: Connection, request_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD, request_id)
    return None if row is None else dict(row)


async def lock(connection: Connection, request_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOCK, request_id)
    return None if row is None else dict(row)


async def page(
    connection: Connection,
    after: UUID | None,
    *,
    account_id: UUID | None,
    state: str | None,
    oldest_first: bool,
    limit: int,
) -> list[dict[str, Any]]:
    """The newest or the oldest first, those that come after the cursor `after`."""
    statement = OLDEST_FIRST if oldest_first else PAGE
    return [dict(row) for row in await connection.fetch(statement, after, account_id, state, limit)]


async def count_open(connection: Connection, account_id: UUID) -> int:
    counted: int = await connection.fetchval(COUNT_OPEN, account_id)
    return counted


async def set_state(connection: Connection, request_id: UUID, state: str, due_at: datetime | None) -> None:
    await connection.execute(SET_STATE, request_id, state, due_at)


async def insert_message(
    connection: Connection, message_id: UUID, request_id: UUID, author: str, person_id: UUID | None, words: str
) -> None:
    await connection.execute(INSERT_MESSAGE, message_id, request_id, author, person_id, words)


async def messages(connection: Connection, request_id: UUID) -> list[dict[str, Any]]:
    """The oldest first."""
    return [dict(row) for row in await connection.fetch(MESSAGES, request_id)]


async def count_messages(connection: Connection, request_id: UUID) -> int:
    counted: int = await connection.fetchval(COUNT_MESSAGES, request_id)
    return counted


async def templates(connection: Connection) -> list[dict[str, Any]]:
    return [dict(row) for row in await connection.fetch(TEMPLATES)]


async def put_template(connection: Connection, name: str, language: str, words: str) -> None:
    await connection.execute(PUT_TEMPLATE, name, language, words)


async def drop_template(connection: Connection, name: str, language: str) -> bool:
    return bool(await connection.fetchval(DROP_TEMPLATE, name, language))
