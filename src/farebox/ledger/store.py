"""SQL of the ledger's own transactions. Charges of jobs are written by the till (till/store.py)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.domain.errors import LedgerError
from farebox.kit.ids import NIL
from farebox.ledger.posting import LotKind, Paid, Posting
from farebox.storage.account_lock import ACCOUNT_LOCK_SQL, account_lock_keys
from farebox.storage.database import Connection

ACCOUNT = "SELECT balance_nano, held_nano, version FROM account WHERE id = $1 FOR UPDATE"

NOW = "SELECT clock_timestamp()"

OWED = "SELECT owed_nano FROM receivable WHERE account_id = $1"

INDEBTED = """
SELECT receivable.account_id FROM receivable JOIN account ON account.id = receivable.account_id
WHERE owed_nano > 0 AND balance_nano > held_nano ORDER BY receivable.account_id LIMIT $1
"""

# Waits for another transaction that is about to use the same key, and gives nothing when it did.
CLAIM_KEY = """
INSERT INTO txn_key (key, account_id, txn_id, input_hash) VALUES ($1, $2, $3, $4)
ON CONFLICT (key) DO NOTHING
RETURNING true
"""

KEY = "SELECT account_id, txn_id, input_hash FROM txn_key WHERE key = $1"

POSTED = """
SELECT coalesce(sum(amount_nano) FILTER (WHERE book = 'customer'), 0)::bigint AS amount_nano,
       coalesce(-sum(amount_nano) FILTER (WHERE book = 'receivable'), 0)::bigint AS debt_nano
FROM entry
WHERE account_id = $1 AND txn_id = $2
"""

INSERT_TXN = """
INSERT INTO txn (account_id, id, kind, posted_at, input_hash, memo) VALUES ($1, $2, $3, $4, $5, $6)
"""

INSERT_ENTRIES = """
INSERT INTO entry (account_id, txn_id, seq, book, detail, unit, amount_nano, balance_after_nano, version)
SELECT $1, $2, seq, book, detail, unit, amount_nano, balance_after_nano, version
FROM unnest($3::smallint[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[])
    AS new (seq, book, detail, unit, amount_nano, balance_after_nano, version)
"""

UPDATE_ACCOUNT = "UPDATE account SET balance_nano = $2, version = $3 WHERE id = $1"

UPDATE_OWED = """
INSERT INTO receivable (account_id, owed_nano) VALUES ($1, $2)
ON CONFLICT (account_id) DO UPDATE SET owed_nano = EXCLUDED.owed_nano
"""

INSERT_LOT = """
INSERT INTO lot (account_id, id, kind, txn_id, original_nano, remaining_nano, expires_at, paid_minor, paid_currency,
                 reference, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

LOTS = """
SELECT id, kind, remaining_nano, (extract(epoch FROM expires_at) * 1000000)::bigint AS expires_us,
       (extract(epoch FROM created_at) * 1000000)::bigint AS created_us, reference, original_nano, taken_back_nano,
       paid_minor, paid_currency
FROM lot
WHERE account_id = $1 AND (remaining_nano > 0 OR reference = $2)
FOR UPDATE
"""

UPDATE_LOTS = """
UPDATE lot SET remaining_nano = new.remaining_nano, taken_back_nano = new.taken_back_nano
FROM unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS new (id, remaining_nano, taken_back_nano)
WHERE lot.account_id = $1 AND lot.id = new.id
"""

LOTS_BY_ID = """
SELECT id, kind, remaining_nano, (extract(epoch FROM expires_at) * 1000000)::bigint AS expires_us,
       (extract(epoch FROM created_at) * 1000000)::bigint AS created_us, reference, original_nano, taken_back_nano,
       paid_minor, paid_currency
FROM lot
WHERE account_id = $1 AND (id = ANY ($2::uuid[]) OR reference = $3)
FOR UPDATE
"""

INSERT_TAKINGS = """
INSERT INTO lot_taking (account_id, txn_id, seq, reference, lot_id, taken_nano)
SELECT $1, $2, seq, $3, lot_id, taken_nano FROM unnest($4::smallint[], $5::uuid[], $6::bigint[])
    AS new (seq, lot_id, taken_nano)
"""

# What was taken last goes back first, and of one claw-back the debt before the lots: as if less had been taken.
TAKINGS = """
SELECT txn_id, seq, lot_id, taken_nano - restored_nano AS left_nano FROM lot_taking
WHERE account_id = $1 AND reference = $2 AND restored_nano < taken_nano
ORDER BY txn_id DESC, lot_id IS NULL DESC, seq DESC
"""

RESTORE_TAKING = """
UPDATE lot_taking SET restored_nano = restored_nano + $4 WHERE account_id = $1 AND txn_id = $2 AND seq = $3
"""

# What a job was charged, by where the credit had come from, and what adjustments have given back of it.
CHARGED = """
SELECT coalesce(sum(amount_nano) FILTER (WHERE book = 'revenue'), 0)::bigint AS earned_nano,
       coalesce(sum(amount_nano) FILTER (WHERE book = 'promo' AND detail = ''), 0)::bigint AS promo_nano,
       coalesce(sum(amount_nano) FILTER (WHERE book = 'promo' AND detail = 'grant'), 0)::bigint AS grant_nano
FROM entry
WHERE account_id = $1 AND txn_id = $2
"""

ADJUSTED = """
SELECT coalesce(sum(original_nano) FILTER (WHERE kind = 'adjustment'), 0)::bigint AS earned_nano,
       coalesce(sum(original_nano) FILTER (WHERE kind = 'promo'), 0)::bigint AS promo_nano,
       coalesce(sum(original_nano) FILTER (WHERE kind = 'grant'), 0)::bigint AS grant_nano
FROM lot
WHERE account_id = $1 AND reference = $2
"""


# Which promotional lots a job spent is not kept. Of those that were there, the latest expiry is the one that cannot
# wrong the customer; none, if one of them had none.
PROMO_EXPIRY = """
SELECT CASE WHEN bool_and(expires_at IS NOT NULL) THEN max(expires_at) END
FROM lot
WHERE account_id = $1 AND kind = 'promo'
  AND created_at <= (SELECT posted_at FROM txn WHERE account_id = $1 AND id = $2)
"""


class Purse(msgspec.Struct):
    """The money rows of one account, locked: what a transaction changes and then stores."""

    account_id: UUID
    balance_nano: int
    held_nano: int
    version: int
    owed_nano: int
    now: datetime

    @property
    def spendable_nano(self) -> int:
        return max(0, self.balance_nano - self.held_nano)


class LotRow(msgspec.Struct):
    """A lot with what refunds need to know of it."""

    id: UUID
    kind: LotKind
    remaining_nano: int
    expires_us: int | None
    created_us: int
    reference: str
    original_nano: int
    taken_back_nano: int
    paid_minor: int | None
    paid_currency: str | None


class Taking(msgspec.Struct, frozen=True):
    """What a claw-back took from one lot, or without a lot left as a debt; `left_nano` has not been given back."""

    txn_id: UUID
    seq: int
    lot_id: UUID | None
    left_nano: int


class Parts(msgspec.Struct):
    """A charge or its adjustments by where the credit had come from."""

    earned_nano: int
    promo_nano: int
    grant_nano: int

    @property
    def total_nano(self) -> int:
        return self.earned_nano + self.promo_nano + self.grant_nano


async def lock_purse(connection: Connection, account_id: UUID) -> Purse:
    """Take the account's locks in the order of all, then read its rows; raises LedgerError for an unknown account."""
    await connection.execute(ACCOUNT_LOCK_SQL, account_lock_keys((account_id,)))
    row = await connection.fetchrow(ACCOUNT, account_id)
    if row is None:
        raise LedgerError(f"there is no account {account_id}")
    owed_nano = await connection.fetchval(OWED, account_id)
    now = await connection.fetchval(NOW)
    return Purse(account_id, row["balance_nano"], row["held_nano"], row["version"], owed_nano or 0, now)


async def house(connection: Connection) -> Purse:
    """What stands for an account in transactions that concern none: it has no balance, and nobody waits for it."""
    return Purse(NIL, 0, 0, 0, 0, await connection.fetchval(NOW))


async def load_indebted(connection: Connection, limit: int) -> list[UUID]:
    """Accounts that owe and have what open holds do not need."""
    return [row["account_id"] for row in await connection.fetch(INDEBTED, limit)]


async def claim_key(
    connection: Connection, key: str, account_id: UUID, txn_id: UUID, input_hash: bytes
) -> tuple[UUID, UUID, bytes] | None:
    """Use an idempotency key; when it was used before: the account, transaction and input hash of then."""
    if await connection.fetchval(CLAIM_KEY, key, account_id, txn_id, input_hash):
        return None
    row = await connection.fetchrow(KEY, key)
    assert row is not None
    return row["account_id"], row["txn_id"], row["input_hash"]


async def posted_amounts(connection: Connection, account_id: UUID, txn_id: UUID) -> tuple[int, int]:
    """What a transaction did to the balance and to the debt."""
    row = await connection.fetchrow(POSTED, account_id, txn_id)
    assert row is not None
    return row["amount_nano"], row["debt_nano"]


async def insert_txn(
    connection: Connection,
    purse: Purse,
    txn_id: UUID,
    kind: str,
    input_hash: bytes,
    memo: dict[str, Any],
    postings: Sequence[Posting],
    unit: str,
) -> None:
    """One balanced transaction; moves the purse along and stores it."""
    rows: list[tuple[Any, ...]] = []
    for seq, line in enumerate(postings):
        balance_after_nano = version = None
        if line.book == "customer":
            purse.balance_nano += line.amount_nano
            purse.version += 1
            balance_after_nano, version = purse.balance_nano, purse.version
        elif line.book == "receivable":
            purse.owed_nano -= line.amount_nano
            balance_after_nano = -purse.owed_nano
        rows.append((seq, line.book, line.detail, line.unit or unit, line.amount_nano, balance_after_nano, version))
    account_id = purse.account_id
    await connection.execute(INSERT_TXN, account_id, txn_id, kind, purse.now, input_hash, memo)
    await connection.execute(INSERT_ENTRIES, account_id, txn_id, *map(list, zip(*rows, strict=True)))
    await connection.execute(UPDATE_ACCOUNT, account_id, purse.balance_nano, purse.version)
    if any(line.book == "receivable" for line in postings):
        await connection.execute(UPDATE_OWED, account_id, purse.owed_nano)


async def insert_lot(
    connection: Connection,
    purse: Purse,
    *,
    lot_id: UUID,
    kind: LotKind,
    txn_id: UUID,
    original_nano: int,
    remaining_nano: int,
    expires_at: datetime | None,
    paid: Paid | None,
    reference: str,
) -> None:
    """A new lot; what paid an old debt is not left in it."""
    await connection.execute(
        INSERT_LOT,
        purse.account_id,
        lot_id,
        kind,
        txn_id,
        original_nano,
        remaining_nano,
        expires_at,
        None if paid is None else paid.minor,
        None if paid is None else paid.currency,
        reference,
        purse.now,
    )


async def load_lots(connection: Connection, account_id: UUID, reference: str) -> list[LotRow]:
    """The lots with credit left and all lots of one reference, in no order."""
    return [LotRow(**row) for row in await connection.fetch(LOTS, account_id, reference)]


async def load_lots_by_id(
    connection: Connection, account_id: UUID, lot_ids: Sequence[UUID], reference: str
) -> list[LotRow]:
    """These lots and all lots of one reference, in no order."""
    return [LotRow(**row) for row in await connection.fetch(LOTS_BY_ID, account_id, lot_ids, reference)]


async def insert_takings(
    connection: Connection, account_id: UUID, txn_id: UUID, reference: str, parts: Sequence[tuple[UUID | None, int]]
) -> None:
    """Remember from which lots a claw-back took how much; None is the debt."""
    seqs, lot_ids, amounts = list(range(len(parts))), [lot_id for lot_id, _ in parts], [nano for _, nano in parts]
    await connection.execute(INSERT_TAKINGS, account_id, txn_id, reference, seqs, lot_ids, amounts)


async def load_takings(connection: Connection, account_id: UUID, reference: str) -> list[Taking]:
    """What was taken under a reference and not given back, in the order of giving back."""
    return [Taking(**row) for row in await connection.fetch(TAKINGS, account_id, reference)]


async def restore_taking(connection: Connection, account_id: UUID, taking: Taking, part_nano: int) -> None:
    await connection.execute(RESTORE_TAKING, account_id, taking.txn_id, taking.seq, part_nano)


async def update_lots(connection: Connection, account_id: UUID, lots: Sequence[LotRow]) -> None:
    await connection.execute(
        UPDATE_LOTS,
        account_id,
        [lot.id for lot in lots],
        [lot.remaining_nano for lot in lots],
        [lot.taken_back_nano for lot in lots],
    )


async def load_charge(connection: Connection, account_id: UUID, job_id: UUID) -> Parts:
    row = await connection.fetchrow(CHARGED, account_id, job_id)
    assert row is not None
    return Parts(**row)


async def load_adjusted(connection: Connection, account_id: UUID, reference: str) -> Parts:
    row = await connection.fetchrow(ADJUSTED, account_id, reference)
    assert row is not None
    return Parts(**row)


async def load_promo_expiry(connection: Connection, account_id: UUID, job_id: UUID) -> datetime | None:
    """The latest moment at which promotional credit that the job can have spent would have expired; None is never."""
    expires_at: datetime | None = await connection.fetchval(PROMO_EXPIRY, account_id, job_id)
    return expires_at
