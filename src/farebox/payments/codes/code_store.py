"""SQL of codes and their batches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.payments.codes.code import Batch, BatchKind, Code
from farebox.storage.database import Connection

INSERT_BATCH = """
INSERT INTO code_batch (id, kind, amount_nano, price_minor, currency, codes, most_per_account, redeem_until,
                        credit_days, note, made_by, created_at, request_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""

INSERT_CODES = """
INSERT INTO code (id, batch_id, hash, hint)
SELECT id, $1, hash, hint FROM unnest($2::uuid[], $3::bytea[], $4::text[]) AS new (id, hash, hint)
"""

MADE_BEFORE = "SELECT id FROM code_batch WHERE request_key = $1"

_BATCHES = """
SELECT id, kind, amount_nano, price_minor, currency, codes, most_per_account, redeem_until, credit_days, note, made_by,
       created_at, voided_at,
       (SELECT count(*) FROM code WHERE batch_id = code_batch.id AND redeemed_by IS NOT NULL) AS redeemed
FROM code_batch
"""

BATCH = f"{_BATCHES} WHERE id = $1"

BATCHES = f"{_BATCHES} WHERE $1::uuid IS NULL OR id < $1 ORDER BY id DESC LIMIT $2"

_CODES = """
WITH found AS (
    SELECT code.id, batch_id, hint, redeemed_by, redeemed_at,
           coalesce(code.voided_at, CASE WHEN redeemed_by IS NULL THEN code_batch.voided_at END) AS voided_at,
           CASE WHEN redeemed_by IS NOT NULL THEN 'redeemed'
                WHEN code.voided_at IS NOT NULL OR code_batch.voided_at IS NOT NULL THEN 'void'
                WHEN redeem_until <= now() THEN 'expired' ELSE 'open' END AS state
    FROM code JOIN code_batch ON code_batch.id = batch_id
)
SELECT id, batch_id, hint, redeemed_by, redeemed_at, voided_at, state FROM found
"""

CODE = f"{_CODES} WHERE id = $1"

CODES = f"""
{_CODES}
WHERE batch_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""

ID_OF_HASH = "SELECT id FROM code WHERE hash = $1"

# The batch is only kept from being voided meanwhile: others redeem its codes at the same time.
LOCK_BY_HASH = """
SELECT code.id, batch_id, hint, redeemed_by, code.voided_at IS NOT NULL OR code_batch.voided_at IS NOT NULL AS is_void,
       kind, amount_nano, price_minor, currency, most_per_account, redeem_until, credit_days
FROM code JOIN code_batch ON code_batch.id = batch_id
WHERE hash = $1
FOR UPDATE OF code FOR SHARE OF code_batch
"""

REDEEMED_OF_BATCH = "SELECT count(*) FROM code WHERE redeemed_by = $1 AND batch_id = $2"

SET_REDEEMED = """
UPDATE code SET redeemed_by = $2, redeemed_at = $3 WHERE id = $1 AND redeemed_by IS NULL AND voided_at IS NULL
"""

VOID_BATCH = "UPDATE code_batch SET voided_at = now() WHERE id = $1 AND voided_at IS NULL RETURNING true"

VOID_CODE = """
UPDATE code SET voided_at = now() WHERE id = $1 AND voided_at IS NULL AND redeemed_by IS NULL RETURNING true
"""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A code that somebody has typed, locked, with the terms of its batch."""

    id: UUID
    batch_id: UUID
    hint: str
    redeemed_by: UUID | None
    is_void: bool
    kind: BatchKind
    amount_nano: int
    price_minor: int | None
    currency: str | None
    most_per_account: int | None
    redeem_until: datetime | None
    credit_days: int


async def made_before(connection: Connection, request_key: str) -> UUID | None:
    """The batch that an earlier request with this key has made."""
    found: UUID | None = await connection.fetchval(MADE_BEFORE, request_key)
    return found


async def insert_batch(connection: Connection, batch: Batch, request_key: str | None) -> None:
    """Raises UniqueViolationError when a request with the same key has just made one."""
    await connection.execute(
        INSERT_BATCH,
        batch.id,
        batch.kind,
        batch.amount_nano,
        batch.price_minor,
        batch.currency,
        batch.codes,
        batch.most_per_account,
        batch.redeem_until,
        batch.credit_days,
        batch.note,
        batch.made_by,
        batch.created_at,
        request_key,
    )


async def insert_codes(connection: Connection, batch_id: UUID, codes: Sequence[tuple[UUID, bytes, str]]) -> None:
    """Codes as id, hash and hint."""
    ids, hashes, hints = zip(*codes, strict=True)
    await connection.execute(INSERT_CODES, batch_id, list(ids), list(hashes), list(hints))


async def load_batch(connection: Connection, batch_id: UUID) -> Batch | None:
    row = await connection.fetchrow(BATCH, batch_id)
    return None if row is None else Batch(**row)


async def page_batches(connection: Connection, after: UUID | None, limit: int) -> list[Batch]:
    """The newest first, those before the cursor `after`."""
    return [Batch(**row) for row in await connection.fetch(BATCHES, after, limit)]


async def load_code(connection: Connection, code_id: UUID) -> Code | None:
    row = await connection.fetchrow(CODE, code_id)
    return None if row is None else Code(**row)


async def id_of_hash(connection: Connection, digest: bytes) -> UUID | None:
    found: UUID | None = await connection.fetchval(ID_OF_HASH, digest)
    return found


async def page_codes(
    connection: Connection, batch_id: UUID, state: str | None, after: UUID | None, limit: int
) -> list[Code]:
    """Codes of a batch, those before the cursor `after`."""
    return [Code(**row) for row in await connection.fetch(CODES, batch_id, state, after, limit)]


async def lock_by_hash(connection: Connection, digest: bytes) -> Found | None:
    """The code, for this transaction alone; its account's lock is taken before."""
    row: Any = await connection.fetchrow(LOCK_BY_HASH, digest)
    return None if row is None else Found(**row)


async def count_redeemed(connection: Connection, account_id: UUID, batch_id: UUID) -> int:
    """How many codes of a batch an account has redeemed."""
    counted: int = await connection.fetchval(REDEEMED_OF_BATCH, account_id, batch_id)
    return counted


async def set_redeemed(connection: Connection, code_id: UUID, account_id: UUID, at: datetime) -> None:
    await connection.execute(SET_REDEEMED, code_id, account_id, at)


async def void_batch(connection: Connection, batch_id: UUID) -> bool:
    """Whether it was not void before."""
    return bool(await connection.fetchval(VOID_BATCH, batch_id))


async def void_code(connection: Connection, code_id: UUID) -> bool:
    """Whether it was neither void nor redeemed before."""
    return bool(await connection.fetchval(VOID_CODE, code_id))
