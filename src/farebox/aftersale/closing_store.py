"""SQL of closings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

INSERT = """
INSERT INTO closing (id, account_id, requested_by, by_operator, has_breach, reason, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

_COLUMNS = """
SELECT id, account_id, requested_by, by_operator, has_breach, reason, state, treatment, decided_by, decided_at, note,
       returned_nano, forfeited_nano, created_at, due_at, done_at, erased_at
FROM closing
"""

LOAD = f"{_COLUMNS} WHERE id = $1"

LOAD_OF_ACCOUNT = f"{_COLUMNS} WHERE account_id = $1"

LOCK = f"{_COLUMNS} WHERE id = $1 FOR UPDATE"

PAGE = f"""
{_COLUMNS} WHERE ($1::uuid IS NULL OR id < $1) AND ($2::text IS NULL OR state = $2) ORDER BY id DESC LIMIT $3
"""

OLDEST_FIRST = f"""
{_COLUMNS} WHERE ($1::uuid IS NULL OR id > $1) AND ($2::text IS NULL OR state = $2) ORDER BY id LIMIT $3
"""

SET_STATE = """
UPDATE closing SET state = $2, done_at = CASE WHEN $2 = 'done' THEN clock_timestamp() END WHERE id = $1
"""

SET_TREATMENT = """
UPDATE closing
SET treatment = $2, decided_by = $3, decided_at = clock_timestamp(), note = $4, returned_nano = returned_nano + $5,
    forfeited_nano = forfeited_nano + $6
WHERE id = $1
"""

BOUGHT_LEFT = """
SELECT coalesce(sum(remaining_nano), 0)::bigint FROM lot WHERE account_id = $1 AND kind IN ('paid', 'adjustment')
"""

CURRENCIES = "SELECT DISTINCT paid_currency FROM lot WHERE account_id = $1 AND paid_currency IS NOT NULL ORDER BY 1"

# Money that has arrived after the end is found by the balance.
TO_ADVANCE = """
SELECT closing.id FROM closing JOIN account ON account.id = closing.account_id
WHERE closing.state IN ('settling', 'returning') OR (closing.state = 'done' AND account.balance_nano > 0)
ORDER BY closing.id LIMIT $1
"""

TO_ERASE = """
SELECT id FROM closing
WHERE state = 'done' AND erased_at IS NULL AND done_at < clock_timestamp() - make_interval(days => $1)
ORDER BY id LIMIT $2
"""

# Who is a member of this account and of no other that is not closed.
ONLY_HERE = """
SELECT person_id FROM member AS own
WHERE account_id = $1 AND NOT EXISTS (
    SELECT FROM member AS other JOIN account ON account.id = other.account_id
    WHERE other.person_id = own.person_id AND account.status <> 'closed'
)
ORDER BY person_id
"""

EMPTY_CONTACT = "UPDATE account_contact SET email = '', name = '' WHERE account_id = $1"
DROP_BILLING = "DELETE FROM account_billing WHERE account_id = $1"
EMPTY_SUPPORT = "UPDATE support_request SET email = '' WHERE account_id = $1"
EMPTY_DESTINATIONS = "UPDATE withdrawal SET destination = '' WHERE account_id = $1"
SET_ERASED = "UPDATE closing SET erased_at = clock_timestamp() WHERE id = $1"


async def insert(
    connection: Connection,
    closing_id: UUID,
    account_id: UUID,
    requested_by: UUID | None,
    *,
    by_operator: bool,
    has_breach: bool,
    reason: str,
    due_at: datetime,
) -> None:
    await connection.execute(INSERT, closing_id, account_id, requested_by, by_operator, has_breach, reason, due_at)


async def load(connection: Connection, closing_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD, closing_id)
    return None if row is None else dict(row)


async def load_of_account(connection: Connection, account_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD_OF_ACCOUNT, account_id)
    return None if row is None else dict(row)


async def lock(connection: Connection, closing_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOCK, closing_id)
    return None if row is None else dict(row)


async def page(
    connection: Connection, after: UUID | None, *, state: str | None, oldest_first: bool, limit: int
) -> list[dict[str, Any]]:
    """The newest or the oldest first, those that come after the cursor `after`."""
    statement = OLDEST_FIRST if oldest_first else PAGE
    return [dict(row) for row in await connection.fetch(statement, after, state, limit)]


async def set_state(connection: Connection, closing_id: UUID, state: str) -> None:
    await connection.execute(SET_STATE, closing_id, state)


async def set_treatment(
    connection: Connection,
    closing_id: UUID,
    treatment: str,
    decided_by: UUID | None,
    words: str,
    *,
    returned_nano: int,
    forfeited_nano: int,
) -> None:
    await connection.execute(SET_TREATMENT, closing_id, treatment, decided_by, words, returned_nano, forfeited_nano)


async def bought_left(connection: Connection, account_id: UUID) -> int:
    """What of the balance was bought, in nano-units."""
    left: int = await connection.fetchval(BOUGHT_LEFT, account_id)
    return left


async def currencies(connection: Connection, account_id: UUID) -> list[str]:
    """In which the account has ever paid."""
    return [row["paid_currency"] for row in await connection.fetch(CURRENCIES, account_id)]


async def to_advance(connection: Connection, limit: int) -> list[UUID]:
    """Those that wait for holds to settle or for money to go back, or have got credit since."""
    return [row["id"] for row in await connection.fetch(TO_ADVANCE, limit)]


async def to_erase(connection: Connection, kept_days: int, limit: int) -> list[UUID]:
    """Those that were done so many days ago and still hold personal data."""
    return [row["id"] for row in await connection.fetch(TO_ERASE, kept_days, limit)]


async def members_of_nothing_else(connection: Connection, account_id: UUID) -> list[UUID]:
    return [row["person_id"] for row in await connection.fetch(ONLY_HERE, account_id)]


async def erase(connection: Connection, closing_id: UUID, account_id: UUID) -> None:
    """Whatever says who the account was; money records stay."""
    for statement in (EMPTY_CONTACT, DROP_BILLING, EMPTY_SUPPORT, EMPTY_DESTINATIONS):
        await connection.execute(statement, account_id)
    await connection.execute(SET_ERASED, closing_id)
