"""SQL of automatic recharges and their attempts."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from farebox.payments.auto_recharge.terms import Attempt, AutoRecharge, Outcome, Terms
from farebox.storage.database import Connection

_COLUMNS = """
SELECT account_id, is_on, threshold_nano, credit_nano, monthly_nano, payment_id, agreed_by, agreed_at, failures,
       next_at, off_reason
FROM auto_recharge
"""

LOAD = f"{_COLUMNS} WHERE account_id = $1"

LOCK = f"{_COLUMNS} WHERE account_id = $1 FOR UPDATE"

AGREE = """
INSERT INTO auto_recharge (account_id, is_on, threshold_nano, credit_nano, monthly_nano, payment_id, agreed_by,
                           agreed_at)
VALUES ($1, true, $2, $3, $4, $5, $6, now())
ON CONFLICT (account_id) DO UPDATE
SET is_on = true, threshold_nano = EXCLUDED.threshold_nano, credit_nano = EXCLUDED.credit_nano,
    monthly_nano = EXCLUDED.monthly_nano, payment_id = EXCLUDED.payment_id, agreed_by = EXCLUDED.agreed_by,
    agreed_at = EXCLUDED.agreed_at, failures = 0, next_at = now(), off_reason = ''
"""

SWITCH_OFF = "UPDATE auto_recharge SET is_on = false, off_reason = $2 WHERE account_id = $1"

SET_NEXT = "UPDATE auto_recharge SET failures = $2, next_at = clock_timestamp() + $3::interval WHERE account_id = $1"

SET_NEXT_MONTH = """
UPDATE auto_recharge
SET next_at = (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'
WHERE account_id = $1
"""

# One attempt at a time; and neither is a debt to be repaid from the card that it came from, nor a disputed one charged.
_LOW = """
SELECT auto_recharge.account_id FROM auto_recharge JOIN account ON account.id = account_id
WHERE is_on AND next_at <= clock_timestamp() AND status = 'active' AND balance_nano < threshold_nano
  AND NOT EXISTS (SELECT FROM auto_recharge_attempt AS attempt
                  WHERE attempt.account_id = account.id AND outcome = '')
  AND NOT EXISTS (SELECT FROM receivable WHERE receivable.account_id = account.id AND owed_nano > 0)
  AND NOT EXISTS (SELECT FROM dispute JOIN payment ON payment.id = dispute.payment_id
                  WHERE payment.account_id = account.id
                    AND (dispute.state = 'lost'
                         OR (dispute.state IN ('inquiry', 'open') AND dispute.decision <> 'won')))
"""

LOW = f"{_LOW} ORDER BY next_at LIMIT $1"

IS_LOW = f"{_LOW} AND account.id = $1"

INSERT_ATTEMPT = """
INSERT INTO auto_recharge_attempt (recharge_id, account_id, customer_ref, method_ref) VALUES ($1, $2, $3, $4)
RETURNING recharge_id, account_id, customer_ref, method_ref, outcome, created_at
"""

OPEN_ATTEMPTS = """
SELECT recharge_id, account_id, customer_ref, method_ref, outcome, created_at FROM auto_recharge_attempt
WHERE outcome = '' ORDER BY created_at LIMIT $1
"""

IS_OPEN = "SELECT EXISTS (SELECT FROM auto_recharge_attempt WHERE recharge_id = $1 AND outcome = '')"

END_ATTEMPT = """
UPDATE auto_recharge_attempt SET outcome = $2 WHERE recharge_id = $1 AND outcome = '' RETURNING true
"""

# What nobody knows the end of counts, as it may have been charged; and so does what was charged and given back.
ASKED_THIS_MONTH = """
SELECT coalesce(sum(credit_nano), 0)::bigint
FROM auto_recharge_attempt AS attempt JOIN recharge ON recharge.id = recharge_id
WHERE attempt.account_id = $1
  AND (outcome <> 'failed' OR EXISTS (SELECT FROM payment
                                      WHERE payment.recharge_id = recharge.id AND payment.state = 'paid'))
  AND attempt.created_at >= date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
"""

# The newest payment of each kept method.
KEPT = """
SELECT DISTINCT ON (provider, method_ref) id AS payment_id, provider, coalesce(paid_at, created_at) AS kept_at
FROM payment
WHERE account_id = $1 AND state = 'paid' AND customer_ref <> '' AND method_ref <> ''
ORDER BY provider, method_ref, paid_at DESC
"""


class KeptMethod(msgspec.Struct, frozen=True):
    """A method that the customer let us keep, by the payment that it was kept with."""

    payment_id: UUID
    provider: str
    kept_at: datetime


async def load(connection: Connection, account_id: UUID) -> AutoRecharge | None:
    return _auto_recharge(await connection.fetchrow(LOAD, account_id))


async def lock(connection: Connection, account_id: UUID) -> AutoRecharge | None:
    """For this transaction alone; the account's lock is taken before."""
    return _auto_recharge(await connection.fetchrow(LOCK, account_id))


async def agree(
    connection: Connection, account_id: UUID, terms: Terms, payment_id: UUID, person_id: UUID | None
) -> None:
    """Replace what was agreed to before; earlier failures are forgotten."""
    await connection.execute(
        AGREE, account_id, terms.threshold_nano, terms.credit_nano, terms.monthly_nano, payment_id, person_id
    )


async def switch_off(connection: Connection, account_id: UUID, reason: str) -> None:
    await connection.execute(SWITCH_OFF, account_id, reason)


async def set_next(connection: Connection, account_id: UUID, failures: int, wait: timedelta) -> None:
    await connection.execute(SET_NEXT, account_id, failures, wait)


async def set_next_month(connection: Connection, account_id: UUID) -> None:
    await connection.execute(SET_NEXT_MONTH, account_id)


async def low(connection: Connection, limit: int) -> list[UUID]:
    """Accounts whose balance is below their threshold and whose turn it is."""
    return [row["account_id"] for row in await connection.fetch(LOW, limit)]


async def is_low(connection: Connection, account_id: UUID) -> bool:
    return await connection.fetchval(IS_LOW, account_id) is not None


async def insert_attempt(
    connection: Connection, recharge_id: UUID, account_id: UUID, customer_ref: str, method_ref: str
) -> Attempt:
    row = await connection.fetchrow(INSERT_ATTEMPT, recharge_id, account_id, customer_ref, method_ref)
    assert row is not None
    return Attempt(**row)


async def open_attempts(connection: Connection, limit: int) -> list[Attempt]:
    """The oldest first."""
    return [Attempt(**row) for row in await connection.fetch(OPEN_ATTEMPTS, limit)]


async def is_open(connection: Connection, recharge_id: UUID) -> bool:
    """Whether a recharge is an attempt whose end is not known yet."""
    return bool(await connection.fetchval(IS_OPEN, recharge_id))


async def end_attempt(connection: Connection, recharge_id: UUID, outcome: Outcome) -> bool:
    """Whether it was open."""
    return bool(await connection.fetchval(END_ATTEMPT, recharge_id, outcome))


async def asked_this_month(connection: Connection, account_id: UUID) -> int:
    """Nano-units of credit that attempts of this calendar month (UTC) have bought or may buy."""
    asked: int = await connection.fetchval(ASKED_THIS_MONTH, account_id)
    return asked


async def kept_methods(connection: Connection, account_id: UUID) -> list[KeptMethod]:
    return [KeptMethod(**row) for row in await connection.fetch(KEPT, account_id)]


def _auto_recharge(row: Any) -> AutoRecharge | None:
    return None if row is None else AutoRecharge(**row)
