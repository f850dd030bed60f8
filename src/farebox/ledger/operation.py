"""What every operation of the ledger has in common: its key, the digest of its input, its memo, its result."""

import hashlib
from typing import Any
from uuid import UUID

import msgspec

from farebox.domain.errors import IdempotencyConflict, LedgerError
from farebox.domain.money import MAX_NANO, format_amount
from farebox.ledger import store
from farebox.ledger.posting import Posting, check_balanced
from farebox.storage.database import Connection


class Posted(msgspec.Struct, frozen=True):
    """What a ledger operation did. `amount_nano` is the change of the balance, debts repaid not yet taken off."""

    txn_id: UUID
    amount_nano: int
    balance_nano: int
    debt_nano: int = 0  # that this operation has made
    repaid_nano: int = 0  # of an old debt
    repeated: bool = False


async def claim(connection: Connection, purse: store.Purse, key: str, txn_id: UUID, digest: bytes) -> Posted | None:
    """None when the key is ours now; what was posted under it when it was used before with the same input."""
    earlier = await store.claim_key(connection, key, purse.account_id, txn_id, digest)
    if earlier is None:
        return None
    account_id, earlier_id, earlier_digest = earlier
    if account_id != purse.account_id or earlier_digest != digest:
        raise IdempotencyConflict(f"the key {key[:80]!r} was used before with other input")
    amount_nano, debt_nano = await store.posted_amounts(connection, account_id, earlier_id)
    return Posted(earlier_id, amount_nano, purse.balance_nano, debt_nano=debt_nano, repeated=True)


async def post(
    connection: Connection,
    purse: store.Purse,
    txn_id: UUID,
    kind: str,
    digest: bytes,
    memo: dict[str, Any],
    postings: tuple[Posting, ...],
    unit: str,
) -> None:
    """Writes a transaction whose lines sum to zero; raises LedgerError for a balance that would not fit."""
    check_balanced(postings)
    if purse.balance_nano + sum(line.amount_nano for line in postings if line.book == "customer") > MAX_NANO:
        raise LedgerError(f"a balance cannot be larger than {format_amount(MAX_NANO)}")
    await store.insert_txn(connection, purse, txn_id, kind, digest, memo, postings, unit)


def check_amount(amount_nano: int) -> None:
    """Raises LedgerError unless the amount is above zero and fits."""
    if not 0 < amount_nano <= MAX_NANO:
        raise LedgerError(f"an amount must be above 0 and fit the ledger, got {amount_nano} nano")


def memo_of(**facts: str | None) -> dict[str, Any]:
    """The facts that say something: references, never content."""
    return {name: fact for name, fact in facts.items() if fact}


def digest_of(*told: object) -> bytes:
    """Of an operation's input, by which a repetition is told from another operation under the same key."""
    return hashlib.sha256(msgspec.json.encode(told)).digest()
