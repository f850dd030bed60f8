"""Chains what can no longer change into hashed blocks; who publishes the heads outside can prove it later.

A block covers all transactions of a range of PostgreSQL's own transaction ids whose end lies below the oldest running
transaction: nothing can appear in it afterwards. Each hash covers the one before.

The ids begin anew in another cluster, into which a dump was restored. What was posted in one cluster is an era: of an
era that is over, one last block takes all the rest, and the next block begins the next era.
"""

import hashlib

from farebox.ledger import audit_store
from farebox.ledger.audit_store import Block
from farebox.storage.database import Connection

GENESIS = bytes(32)
FIRST_ERA = 1
FIRST_XACT = "0"
END_OF_ERA = str(2**64 - 1)  # above every transaction id


def next_range(last: Block | None) -> tuple[int, str]:
    """The era and the transaction id with which the block after `last` has to begin."""
    if last is None:
        return FIRST_ERA, FIRST_XACT
    return (last.era + 1, FIRST_XACT) if last.to_xact == END_OF_ERA else (last.era, last.to_xact)


async def block_hash(
    connection: Connection, before: bytes, era: int, from_xact: str, to_xact: str
) -> tuple[bytes, int, int]:
    """The hash of a range of transactions upon the hash before, and how many transactions and entries it covers."""
    chain = hashlib.sha256(before)
    chain.update(f"{era} {from_xact} {to_xact}".encode())
    txns = entries = 0
    async for txn, count, lines, job in audit_store.sealed_txns(connection, era, from_xact, to_xact):
        chain.update(f"\n{txn}\n{lines}\n{job}".encode())
        txns += 1
        entries += count
    return chain.digest(), txns, entries


async def seal(connection: Connection) -> Block | None:
    """Seal everything of one era that is certain by now into one block; None when there is nothing new."""
    async with connection.transaction(isolation="read_committed"):
        last = await audit_store.lock_chain(connection)
        era, from_xact = next_range(last)
        is_over = era < await audit_store.current_era(connection)
        to_xact = END_OF_ERA if is_over else await audit_store.safe_xact(connection)
        if int(to_xact) <= int(from_xact):
            return None
        before = GENESIS if last is None else last.hash
        digest, txns, entries = await block_hash(connection, before, era, from_xact, to_xact)
        if not txns and not is_over:
            return None
        block = Block(1 if last is None else last.height + 1, era, from_xact, to_xact, txns, entries, digest)
        await audit_store.insert_block(connection, block)
        return block
