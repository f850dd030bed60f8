"""SQL of the wind-down list: who is to be repaid, for which lots, and who has been."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

# Who was marked is not taken off the list; what is left on an account is always read anew.
REFRESH = """
WITH bought AS (
    SELECT account_id, sum(remaining_nano) AS refundable_nano FROM lot
    WHERE remaining_nano > 0 AND kind IN ('paid', 'adjustment')
    GROUP BY account_id
), listed AS (
    INSERT INTO wind_down (account_id, balance_nano, refundable_nano)
    SELECT account.id, account.balance_nano, bought.refundable_nano
    FROM bought JOIN account ON account.id = bought.account_id
    ON CONFLICT (account_id) DO NOTHING
    RETURNING 1
)
SELECT count(*) FROM listed
"""

_LISTED = """
SELECT wind_down.account_id, account_contact.email, account.status, wind_down.state, wind_down.note,
       wind_down.listed_at, wind_down.changed_at, wind_down.changed_by, wind_down.balance_nano AS listed_balance_nano,
       wind_down.refundable_nano AS listed_refundable_nano, account.balance_nano, account.held_nano,
       coalesce((SELECT sum(remaining_nano) FROM lot
                 WHERE lot.account_id = wind_down.account_id AND kind IN ('paid', 'adjustment')), 0)::bigint
           AS refundable_nano
FROM wind_down
JOIN account ON account.id = wind_down.account_id
JOIN account_contact ON account_contact.account_id = wind_down.account_id
"""

PAGE = f"""
{_LISTED}
WHERE ($1::uuid IS NULL OR wind_down.account_id > $1) AND ($2::text IS NULL OR wind_down.state = $2)
ORDER BY wind_down.account_id LIMIT $3
"""

LOAD = f"{_LISTED} WHERE wind_down.account_id = $1"

# A lot that came by a migration keeps its reference, so that the payment is found on whichever account it is.
LOTS = """
SELECT lot.account_id, account_contact.email, wind_down.state, lot.id AS lot_id, lot.kind, lot.reference,
       payment.id AS payment_id, payment.provider, payment.paid_at, lot.paid_minor, lot.paid_currency,
       lot.original_nano, lot.remaining_nano,
       CASE WHEN lot.paid_minor IS NOT NULL
            THEN div(lot.paid_minor::numeric * lot.remaining_nano, lot.original_nano)::bigint END AS refundable_minor
FROM lot
JOIN wind_down ON wind_down.account_id = lot.account_id
JOIN account_contact ON account_contact.account_id = lot.account_id
LEFT JOIN payment ON payment.provider || ':' || payment.ref = lot.reference
WHERE lot.remaining_nano > 0 AND lot.kind IN ('paid', 'adjustment')
  AND ($1::uuid IS NULL OR (lot.account_id, lot.id) > ($1, $2::uuid))
  AND ($3::uuid IS NULL OR lot.account_id = $3)
ORDER BY lot.account_id, lot.id LIMIT $4
"""

LOCK = "SELECT state FROM wind_down WHERE account_id = $1 FOR UPDATE"

MARK = """
UPDATE wind_down SET state = $2, note = $3, changed_by = $4, changed_at = clock_timestamp() WHERE account_id = $1
"""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """An account on the list: what it had when it was listed, and what is left now."""

    account_id: UUID
    email: str
    status: str
    state: Literal["open", "paid", "unreachable"]
    note: str
    listed_at: datetime
    changed_at: datetime | None
    changed_by: UUID | None
    listed_balance_nano: int
    listed_refundable_nano: int
    balance_nano: int
    held_nano: int
    refundable_nano: int


class ListedLot(msgspec.Struct, frozen=True, kw_only=True):
    """Bought credit to repay; `refundable_minor` of `paid_currency` is what was paid for what is left of it."""

    account_id: UUID
    email: str
    state: str
    lot_id: UUID
    kind: str
    reference: str
    payment_id: UUID | None
    provider: str | None
    paid_at: datetime | None
    paid_minor: int | None
    paid_currency: str | None
    original_nano: int
    remaining_nano: int
    refundable_minor: int | None


async def refresh(connection: Connection) -> int:
    """Add who has bought credit left and is not listed; how many."""
    added: int = await connection.fetchval(REFRESH)
    return added


async def page(connection: Connection, after: UUID | None, *, state: str | None, limit: int) -> list[Listed]:
    """In the order of account ids, those after the cursor."""
    return [Listed(**row) for row in await connection.fetch(PAGE, after, state, limit)]


async def load(connection: Connection, account_id: UUID) -> Listed | None:
    row = await connection.fetchrow(LOAD, account_id)
    return None if row is None else Listed(**row)


async def lots(
    connection: Connection, after: tuple[UUID, UUID] | None, *, account_id: UUID | None, limit: int
) -> list[ListedLot]:
    """In the order of accounts and lots, those after this account and lot."""
    after_account, after_lot = (None, None) if after is None else after
    return [ListedLot(**row) for row in await connection.fetch(LOTS, after_account, after_lot, account_id, limit)]


async def lock(connection: Connection, account_id: UUID) -> str | None:
    state: str | None = await connection.fetchval(LOCK, account_id)
    return state


async def mark(connection: Connection, account_id: UUID, state: str, words: str, changed_by: UUID | None) -> None:
    await connection.execute(MARK, account_id, state, words, changed_by)
