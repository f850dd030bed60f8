"""SQL of alarms: which are on, and which an operator has closed lately although they go on."""

from uuid import UUID

from farebox.storage.database import Connection

# An operator who closed it knows; it is told again a day later if it goes on. What we closed ourselves was over.
IS_KNOWN = """
SELECT EXISTS (SELECT FROM review_case WHERE kind = $1 AND subject = $2 AND status = 'closed' AND decision <> $3
                   AND closed_at > clock_timestamp() - interval '1 day')
"""

OPEN = """
SELECT id FROM review_case
WHERE kind = $1 AND status = 'open' AND starts_with(subject, $2) AND subject <> ALL ($3::text[])
ORDER BY id
"""


async def is_known(connection: Connection, kind: str, subject: str, over: str) -> bool:
    """Whether somebody decided on such a case within a day; `over` is our own decision."""
    return bool(await connection.fetchval(IS_KNOWN, kind, subject, over))


async def open_besides(connection: Connection, kind: str, prefix: str, subjects: list[str]) -> list[UUID]:
    """Open cases of the kind, of subjects with the prefix, but for these subjects."""
    return [row["id"] for row in await connection.fetch(OPEN, kind, prefix, subjects)]
