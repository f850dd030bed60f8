"""SQL of recharges."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.payments.recharge import Recharge
from farebox.storage.database import Connection

_COLUMNS = """
SELECT id, account_id, method, state, needs_review, mode, credit_nano, bonus_nano, credit_days, price_minor, currency,
       package, product, requested_by, idempotency_key, input_hash, keep_method, checkout_ref, checkout_url,
       checkout_expires_at, evidence, note, decision, reviewed_by, reviewed_at, review_note, cancelled_at, expired_at,
       created_at
FROM recharge
"""

LOAD = f"{_COLUMNS} WHERE id = $1"

LOCK = f"{_COLUMNS} WHERE id = $1 FOR UPDATE"

BY_KEY = f"{_COLUMNS} WHERE account_id = $1 AND idempotency_key = $2"

BY_CHECKOUT = "SELECT id FROM recharge WHERE method = $1 AND checkout_ref = $2"

_WANTED = "($1::uuid IS NULL OR account_id = $1) AND ($2::text IS NULL OR state = $2)"

PAGE = f"{_COLUMNS} WHERE {_WANTED} AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4"

OLDEST_FIRST = f"{_COLUMNS} WHERE {_WANTED} AND ($3::uuid IS NULL OR id > $3) ORDER BY id LIMIT $4"

INSERT = """
INSERT INTO recharge (id, account_id, method, state, needs_review, mode, credit_nano, bonus_nano, credit_days,
                      price_minor, currency, package, product, requested_by, idempotency_key, input_hash, keep_method,
                      evidence, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
RETURNING created_at
"""

HAS_EVIDENCE = """
SELECT EXISTS (SELECT FROM recharge WHERE farebox_evidence_key(evidence) = farebox_evidence_key($1)
                                      AND decision <> 'declined' AND cancelled_at IS NULL)
"""

SET_STATE = "UPDATE recharge SET state = $2 WHERE id = $1"

SET_CHECKOUT = """
UPDATE recharge SET checkout_ref = $2, checkout_url = $3, checkout_expires_at = $4
WHERE id = $1 AND checkout_ref = ''
"""

SET_EXPIRED = "UPDATE recharge SET expired_at = coalesce(expired_at, $2) WHERE id = $1"

SET_CANCELLED = "UPDATE recharge SET cancelled_at = now() WHERE id = $1 AND cancelled_at IS NULL"

SET_DECISION = """
UPDATE recharge SET decision = $2, reviewed_by = $3, reviewed_at = now(), review_note = $4, credit_nano = $5,
                    price_minor = $6, evidence = $7
WHERE id = $1
"""

SET_LOOKED_UP = "UPDATE recharge SET looked_up_at = now() WHERE id = $1"

OPEN_COUNT = "SELECT count(*) FROM recharge WHERE account_id = $1 AND state IN ('pending', 'checkout', 'review')"

ASKED_SINCE = """
SELECT ((SELECT coalesce(sum(credit_nano), 0) FROM recharge
         WHERE account_id = $1 AND created_at > $2 AND state IN ('pending', 'checkout', 'review', 'credited'))
        + (SELECT coalesce(sum(amount_nano), 0) FROM code JOIN code_batch ON code_batch.id = batch_id
           WHERE redeemed_by = $1 AND redeemed_at > $2))::bigint
"""

ACCOUNT_FACTS = """
SELECT account.status, account_contact.created_at FROM account
JOIN account_contact ON account_contact.account_id = account.id WHERE account.id = $1
"""

# Asked for at least so long ago, and not asked about lately: less and less often as time goes by.
TO_LOOK_UP = """
SELECT id, method, checkout_ref FROM recharge
WHERE state IN ('pending', 'checkout', 'review') AND checkout_ref <> '' AND method <> 'manual'
  AND coalesce(looked_up_at, created_at) < now() - greatest(make_interval(secs => $1), (now() - created_at) / 4)
ORDER BY coalesce(looked_up_at, created_at) LIMIT $2
"""

# Never got a page to pay on, since the request died on the way; or nobody came to pay. Who pays all the same is
# credited.
EXPIRE_FORSAKEN = """
UPDATE recharge SET expired_at = now(), state = 'expired'
WHERE method <> 'manual' AND ((state = 'pending' AND created_at < now() - interval '1 day')
                              OR (state = 'checkout' AND created_at < now() - interval '7 days'))
"""


class AccountFacts(msgspec.Struct, frozen=True):
    """What limits of new accounts go by."""

    status: str
    created_at: datetime


class ToLookUp(msgspec.Struct, frozen=True):
    """A checkout to ask its provider about."""

    id: UUID
    method: str
    checkout_ref: str


async def load(connection: Connection, recharge_id: UUID) -> Recharge | None:
    return _recharge(await connection.fetchrow(LOAD, recharge_id))


async def lock(connection: Connection, recharge_id: UUID) -> Recharge | None:
    """The recharge, for this transaction alone; its account's lock is taken before."""
    return _recharge(await connection.fetchrow(LOCK, recharge_id))


async def load_by_key(connection: Connection, account_id: UUID, key: str) -> Recharge | None:
    return _recharge(await connection.fetchrow(BY_KEY, account_id, key))


async def id_of_checkout(connection: Connection, method: str, checkout_ref: str) -> UUID | None:
    found: UUID | None = await connection.fetchval(BY_CHECKOUT, method, checkout_ref)
    return found


async def page(
    connection: Connection,
    account_id: UUID | None,
    state: str | None,
    after: UUID | None,
    limit: int,
    *,
    oldest_first: bool = False,
) -> list[Recharge]:
    """The newest or the oldest first, those that come after the cursor `after`."""
    rows = await connection.fetch(OLDEST_FIRST if oldest_first else PAGE, account_id, state, after, limit)
    return [Recharge(**row) for row in rows]


async def insert(connection: Connection, recharge: Recharge) -> Recharge:
    """As it is stored, with its moment; raises UniqueViolationError when its evidence was handed in meanwhile."""
    created_at = await connection.fetchval(
        INSERT,
        recharge.id,
        recharge.account_id,
        recharge.method,
        recharge.state,
        recharge.needs_review,
        recharge.mode,
        recharge.credit_nano,
        recharge.bonus_nano,
        recharge.credit_days,
        recharge.price_minor,
        recharge.currency,
        recharge.package,
        recharge.product,
        recharge.requested_by,
        recharge.idempotency_key,
        recharge.input_hash,
        recharge.keep_method,
        recharge.evidence,
        recharge.note,
    )
    return msgspec.structs.replace(recharge, created_at=created_at)


async def has_evidence(connection: Connection, evidence: str) -> bool:
    """Whether a recharge claims this transfer already."""
    return bool(await connection.fetchval(HAS_EVIDENCE, evidence))


async def set_state(connection: Connection, recharge_id: UUID, state: str) -> None:
    await connection.execute(SET_STATE, recharge_id, state)


async def set_checkout(
    connection: Connection, recharge_id: UUID, ref: str, url: str, expires_at: datetime | None
) -> None:
    """The first page stays: a repeated request gets the same one from the provider anyway."""
    await connection.execute(SET_CHECKOUT, recharge_id, ref, url, expires_at)


async def set_expired(connection: Connection, recharge_id: UUID, at: datetime) -> None:
    await connection.execute(SET_EXPIRED, recharge_id, at)


async def set_cancelled(connection: Connection, recharge_id: UUID) -> None:
    await connection.execute(SET_CANCELLED, recharge_id)


async def set_decision(connection: Connection, decided: Recharge) -> None:
    """Stores who decided how, and what the reviewer has found instead of what was asked for."""
    await connection.execute(
        SET_DECISION,
        decided.id,
        decided.decision,
        decided.reviewed_by,
        decided.review_note,
        decided.credit_nano,
        decided.price_minor,
        decided.evidence,
    )


async def set_looked_up(connection: Connection, recharge_id: UUID) -> None:
    await connection.execute(SET_LOOKED_UP, recharge_id)


async def count_open(connection: Connection, account_id: UUID) -> int:
    counted: int = await connection.fetchval(OPEN_COUNT, account_id)
    return counted


async def asked_since(connection: Connection, account_id: UUID, since: datetime) -> int:
    """Nano-units of credit asked for since and not given up or declined, redeemed codes among them."""
    asked: int = await connection.fetchval(ASKED_SINCE, account_id, since)
    return asked


async def account_facts(connection: Connection, account_id: UUID) -> AccountFacts | None:
    row = await connection.fetchrow(ACCOUNT_FACTS, account_id)
    return None if row is None else AccountFacts(**row)


async def to_look_up(connection: Connection, age_s: float, limit: int) -> list[ToLookUp]:
    return [ToLookUp(**row) for row in await connection.fetch(TO_LOOK_UP, age_s, limit)]


async def expire_forsaken(connection: Connection) -> None:
    await connection.execute(EXPIRE_FORSAKEN)


def _recharge(row: Any) -> Recharge | None:
    return None if row is None else Recharge(**row)
