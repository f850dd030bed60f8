"""SQL of finding whom a provider complains of. As domain/end_user.py: a digest of the account's id."""

from uuid import UUID

from farebox.storage.database import Connection

WHOSE = """
SELECT id FROM account
WHERE left(encode(sha256('farebox end user:'::bytea || uuid_send(id)), 'hex'), 40) = $1
"""


async def whose(connection: Connection, end_user_id: str) -> UUID | None:
    """The account that calls were made for under this id. Reads every account: it is asked seldom."""
    account_id: UUID | None = await connection.fetchval(WHOSE, end_user_id)
    return account_id
