"""SQL of used proofs of work."""

from datetime import datetime

from farebox.storage.database import Connection

FORGET = "DELETE FROM used_proof WHERE expires_at < now()"

USE = "INSERT INTO used_proof (hash, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true"


async def use(connection: Connection, proof_hash: bytes, expires_at: datetime) -> bool:
    """False when it was used before."""
    await connection.execute(FORGET)
    return bool(await connection.fetchval(USE, proof_hash, expires_at))
