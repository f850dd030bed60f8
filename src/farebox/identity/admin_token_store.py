"""SQL of admin tokens."""

from farebox.identity.visitor import AdminToken
from farebox.storage.database import Connection

LOAD = """
SELECT id, name, scopes FROM admin_token
WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
"""


async def load(connection: Connection, secret_hash: bytes) -> AdminToken | None:
    row = await connection.fetchrow(LOAD, secret_hash)
    return None if row is None else AdminToken(row["id"], row["name"], tuple(row["scopes"]))
