"""SQL of credit that leaves an account other than by being spent."""

from uuid import UUID

import msgspec

from farebox.storage.database import Connection

# Over all that was ever bought, spent or not.
BOUGHT = """
SELECT coalesce(sum(paid_minor), 0)::bigint AS paid_minor, coalesce(sum(original_nano), 0)::bigint AS original_nano
FROM lot WHERE account_id = $1 AND kind = 'paid' AND paid_currency = $2
"""

PAID_OUT = "SELECT (memo->>'paid_minor')::bigint FROM txn WHERE account_id = $1 AND id = $2"


class Bought(msgspec.Struct, frozen=True):
    """What an account has paid in one currency, in its minor unit, and the credit that it got for it."""

    paid_minor: int
    original_nano: int


async def load_bought(connection: Connection, account_id: UUID, currency: str) -> Bought:
    row = await connection.fetchrow(BOUGHT, account_id, currency)
    assert row is not None
    return Bought(**row)


async def load_paid_out(connection: Connection, account_id: UUID, txn_id: UUID) -> int:
    paid_minor: int = await connection.fetchval(PAID_OUT, account_id, txn_id)
    return paid_minor
