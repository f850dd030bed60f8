"""SQL of backup codes."""

from uuid import UUID

from farebox.storage.database import Connection

DELETE_ALL = "DELETE FROM backup_code WHERE person_id = $1"

INSERT_ALL = "INSERT INTO backup_code (person_id, hash) SELECT $1, unnest($2::bytea[])"

USE = """
UPDATE backup_code SET used_at = now() WHERE person_id = $1 AND hash = $2 AND used_at IS NULL RETURNING true
"""


async def replace(connection: Connection, person_id: UUID, hashes: list[bytes]) -> None:
    await connection.execute(DELETE_ALL, person_id)
    await connection.execute(INSERT_ALL, person_id, hashes)


async def use(connection: Connection, person_id: UUID, code_hash: bytes) -> bool:
    return bool(await connection.fetchval(USE, person_id, code_hash))
