"""SQL of an account's statement: entries of its customer book, summed by transaction."""

from datetime import datetime
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

# The newest entries by id, of whatever book; then by transaction, in the order of posting.
_NEWEST = """
WITH looked AS MATERIALIZED (
    SELECT txn_id, amount_nano, balance_after_nano, version FROM entry
    WHERE account_id = $1 AND txn_id < $2 AND book = 'customer'
    ORDER BY txn_id DESC LIMIT $5
), found AS (
    SELECT txn_id, sum(amount_nano)::bigint AS amount_nano, min(version) AS first_version, max(version) AS last_version,
           (array_agg(balance_after_nano ORDER BY version DESC))[1] AS balance_after_nano
    FROM looked GROUP BY txn_id
), page AS (
    SELECT txn_id, posted_at, kind, amount_nano, balance_after_nano, coalesce(memo->>'reference', '') AS reference,
           first_version, last_version
    FROM found JOIN txn ON txn.account_id = $1 AND txn.id = found.txn_id
    WHERE ($3::bigint IS NULL OR last_version < $3) AND ($4::timestamptz IS NULL OR posted_at < $4)
    ORDER BY last_version DESC LIMIT $6
)
SELECT page.*, looked_at
FROM (SELECT count(*)::integer AS looked_at FROM looked) AS counted LEFT JOIN page ON true
ORDER BY last_version DESC
"""

_PLACE = """
SELECT min(version) AS version,
       (SELECT posted_at FROM txn WHERE account_id = $1 AND id = $2) AS posted_at
FROM entry WHERE account_id = $1 AND txn_id = $2 AND book = 'customer'
"""

_LINES = """
SELECT txn.id AS txn_id, posted_at, kind, summed.amount_nano, summed.balance_after_nano,
       coalesce(memo->>'reference', '') AS reference, summed.first_version, summed.last_version
FROM txn
CROSS JOIN LATERAL (
    SELECT sum(amount_nano)::bigint AS amount_nano, min(version) AS first_version, max(version) AS last_version,
           (array_agg(balance_after_nano ORDER BY version DESC))[1] AS balance_after_nano
    FROM entry WHERE account_id = $1 AND txn_id = txn.id AND book = 'customer'
) AS summed
WHERE account_id = $1 AND txn.id < $2 AND summed.last_version IS NOT NULL
  AND ($3::timestamptz IS NULL OR posted_at >= $3) AND ($4::timestamptz IS NULL OR posted_at < $4)
"""

_CHARGES = f"{_LINES} AND kind = 'charge' ORDER BY txn.id DESC LIMIT $5"

# By the index that holds no charges; the second condition is what lets it be used whatever the kind.
_OF_KIND = f"{_LINES} AND kind = $6 AND kind <> 'charge' ORDER BY txn.id DESC LIMIT $5"


class Row(msgspec.Struct, frozen=True):
    """A transaction's effect on the balance, and the versions of its entries."""

    txn_id: UUID
    posted_at: datetime
    kind: str
    amount_nano: int
    balance_after_nano: int
    reference: str
    first_version: int
    last_version: int


async def load_newest(
    connection: Connection,
    account_id: UUID,
    top: UUID,
    below_version: int | None,
    until: datetime | None,
    *,
    look: int,
    limit: int,
) -> tuple[list[Row], int]:
    """The newest by posting among the `look` newest entries by id below `top`, and how many entries there were."""
    rows = await connection.fetch(_NEWEST, account_id, top, below_version, until, look, limit)
    return [Row(*tuple(row)[:-1]) for row in rows if row["txn_id"] is not None], rows[0]["looked_at"]


async def place_of(connection: Connection, account_id: UUID, txn_id: UUID) -> tuple[int | None, datetime | None]:
    """The first version and the posting of a transaction of the account; None of what is no line of its statement."""
    row = await connection.fetchrow(_PLACE, account_id, txn_id)
    assert row is not None
    return row["version"], row["posted_at"]


async def load_charges(
    connection: Connection, account_id: UUID, before: UUID, since: datetime | None, until: datetime | None, limit: int
) -> list[Row]:
    """Charges of jobs that began before this one, newest first."""
    return [Row(**row) for row in await connection.fetch(_CHARGES, account_id, before, since, until, limit)]


async def load_kind(
    connection: Connection,
    account_id: UUID,
    kind: str,
    before: UUID,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> list[Row]:
    """Transactions of any other kind, newest first."""
    return [Row(**row) for row in await connection.fetch(_OF_KIND, account_id, before, since, until, limit, kind)]
