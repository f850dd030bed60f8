"""SQL of withdrawals."""

from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

INSERT = """
INSERT INTO withdrawal (id, account_id, kind, to_account_id, amount_nano, currency, destination, requested_by,
                        closing_id, reason, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

_COLUMNS = """
SELECT id, account_id, kind, to_account_id, amount_nano, currency, paid_minor, destination, requested_by, closing_id,
       reason, state, approved_by, seconded_by, decided_at, payout_ref, note, created_at, due_at
FROM withdrawal
"""

LOAD = f"{_COLUMNS} WHERE id = $1"

LOCK = f"{_COLUMNS} WHERE id = $1 FOR UPDATE"

PAGE = f"""
{_COLUMNS}
WHERE ($1::uuid IS NULL OR id < $1) AND ($2::uuid IS NULL OR account_id = $2) AND ($3::text IS NULL OR state = $3)
ORDER BY id DESC LIMIT $4
"""

WAITING = f"""
{_COLUMNS}
WHERE ($1::uuid IS NULL OR id > $1) AND ($2::uuid IS NULL OR account_id = $2) AND ($3::text IS NULL OR state = $3)
  AND state IN ('asked', 'seconding', 'approved')
ORDER BY id LIMIT $4
"""

SET_FIRST = "UPDATE withdrawal SET state = 'seconding', approved_by = $2 WHERE id = $1"

SET_TAKEN = """
UPDATE withdrawal
SET state = $2, approved_by = coalesce(approved_by, $3), seconded_by = CASE WHEN approved_by IS NOT NULL THEN $3 END,
    paid_minor = $4, note = $5, decided_at = clock_timestamp()
WHERE id = $1
"""

SET_ENDED = """
UPDATE withdrawal
SET state = $2, payout_ref = $3, note = $4, decided_at = coalesce(decided_at, clock_timestamp())
WHERE id = $1
"""

# What a provider may still take from us.
HAS_DISPUTE = """
SELECT EXISTS (
    SELECT FROM dispute JOIN payment ON payment.id = dispute.payment_id
    WHERE payment.account_id = $1 AND dispute.state IN ('inquiry', 'open') AND dispute.decision = ''
)
"""

# Credit that was moved here keeps no mark of where it came from: all accounts that it may have come from are looked at.
HAS_TAINTED_ORIGIN = """
WITH RECURSIVE origin (account_id) AS (
    SELECT $1::uuid
    UNION
    SELECT withdrawal.account_id FROM withdrawal JOIN origin ON origin.account_id = to_account_id
    WHERE kind = 'migration' AND state = 'done'
)
SELECT EXISTS (
    SELECT FROM origin WHERE account_id <> $1 AND (
        EXISTS (SELECT FROM receivable WHERE receivable.account_id = origin.account_id AND owed_nano > 0)
        OR EXISTS (SELECT FROM dispute JOIN payment ON payment.id = dispute.payment_id
                   WHERE payment.account_id = origin.account_id AND dispute.state IN ('inquiry', 'open')
                     AND dispute.decision = '')))
"""

IS_UNDER_WAY = """
SELECT EXISTS (SELECT FROM withdrawal WHERE account_id = $1 AND state IN ('asked', 'seconding', 'approved'))
"""

IS_MEMBER = "SELECT EXISTS (SELECT FROM member WHERE account_id = $1 AND person_id = $2)"


async def insert(connection: Connection, *values: Any) -> None:
    """In the order of the statement's columns; UniqueViolationError when the account has an open one."""
    await connection.execute(INSERT, *values)


async def load(connection: Connection, withdrawal_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOAD, withdrawal_id)
    return None if row is None else dict(row)


async def lock(connection: Connection, withdrawal_id: UUID) -> dict[str, Any] | None:
    row = await connection.fetchrow(LOCK, withdrawal_id)
    return None if row is None else dict(row)


async def page(
    connection: Connection,
    after: UUID | None,
    *,
    account_id: UUID | None,
    state: str | None,
    only_waiting: bool,
    limit: int,
) -> list[dict[str, Any]]:
    """The newest first, or of those that wait the oldest; those that come after the cursor `after`."""
    statement = WAITING if only_waiting else PAGE
    return [dict(row) for row in await connection.fetch(statement, after, account_id, state, limit)]


async def set_first(connection: Connection, withdrawal_id: UUID, approved_by: UUID) -> None:
    await connection.execute(SET_FIRST, withdrawal_id, approved_by)


async def set_taken(
    connection: Connection,
    withdrawal_id: UUID,
    state: str,
    approved_by: UUID | None,
    paid_minor: int | None,
    words: str,
) -> None:
    """The last approval: the credit has left the balance."""
    await connection.execute(SET_TAKEN, withdrawal_id, state, approved_by, paid_minor, words)


async def set_ended(connection: Connection, withdrawal_id: UUID, state: str, payout_ref: str, words: str) -> None:
    """UniqueViolationError when another payout has this reference."""
    await connection.execute(SET_ENDED, withdrawal_id, state, payout_ref, words)


async def has_dispute(connection: Connection, account_id: UUID) -> bool:
    return bool(await connection.fetchval(HAS_DISPUTE, account_id))


async def has_tainted_origin(connection: Connection, account_id: UUID) -> bool:
    """Whether credit was moved here from an account that has an open dispute or a debt."""
    return bool(await connection.fetchval(HAS_TAINTED_ORIGIN, account_id))


async def is_under_way(connection: Connection, account_id: UUID) -> bool:
    """Whether any is asked for or approved and not yet paid."""
    return bool(await connection.fetchval(IS_UNDER_WAY, account_id))


async def is_member(connection: Connection, account_id: UUID, person_id: UUID) -> bool:
    return bool(await connection.fetchval(IS_MEMBER, account_id, person_id))
