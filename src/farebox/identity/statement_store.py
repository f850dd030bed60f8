"""SQL of statements."""

from uuid import UUID

from farebox.storage.database import Connection

PUT = """
INSERT INTO statement (person_id, kind, said) VALUES ($1, $2, $3)
ON CONFLICT (person_id, kind) DO UPDATE SET said = EXCLUDED.said, at = now()
"""


async def put(connection: Connection, person_id: UUID, kind: str, said: str) -> None:
    await connection.execute(PUT, person_id, kind, said)
