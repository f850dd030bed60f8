"""SQL of preferences."""

from collections.abc import Sequence
from uuid import UUID

from farebox.storage.database import Connection

LOAD = "SELECT muted FROM notice_preference WHERE person_id = $1"

REPLACE = """
INSERT INTO notice_preference (person_id, muted) VALUES ($1, $2)
ON CONFLICT (person_id) DO UPDATE SET muted = EXCLUDED.muted, changed_at = now()
"""

ADD = """
INSERT INTO notice_preference (person_id, muted) SELECT id, ARRAY[$2] FROM person WHERE id = $1
ON CONFLICT (person_id) DO UPDATE SET muted = notice_preference.muted || $2, changed_at = now()
WHERE NOT $2 = ANY (notice_preference.muted)
"""


async def load(connection: Connection, person_id: UUID) -> tuple[str, ...]:
    return tuple(await connection.fetchval(LOAD, person_id) or ())


async def replace(connection: Connection, person_id: UUID, muted: Sequence[str]) -> None:
    await connection.execute(REPLACE, person_id, list(muted))


async def add(connection: Connection, person_id: UUID, kind: str) -> None:
    await connection.execute(ADD, person_id, kind)
