"""Chains what can no longer change into hashed blocks; who publishes the heads outside can prove it later.

A block covers all transactions of a range of PostgreSQL's own transaction ids whose end lies below the oldest running
transaction: nothing can appear in it afterwards. Each hash covers the one before.
"""

import hashlib

from farebox.ledger import audit_store
from farebox.ledger.audit_store import Block
from farebox.storage.database import Connection

GENESIS = bytes(32)
_FIRST_XACT = "0"


async def block_hash(connection: Connection, before: bytes, from_xact: str, to_xact: str) -> tuple[bytes, int, int]:
    """The hash of a range of transactions upon the hash before, and how many transactions and entries it covers."""
    chain = hashlib.sha256(before)
    chain.update(f"{from_xact} {to_xact}".encode())
    txns = entries = 0
    async for txn, count, lines in audit_store.sealed_txns(connection, from_xact, to_xact):
        chain.update(b"\n" + txn.encode() + b"\n" + lines.encode())
        txns += 1
        entries += count
    return chain.digest(), txns, entries


async def seal(connection: Connection) -> Block | None:
    """Seal everything that is certain by now into one block, to be published; None when there is nothing new."""
    async with connection.transaction(isolation="read_committed"):
        last = await audit_store.lock_chain(connection)
        height, from_xact, before = (0, _FIRST_XACT, GENESIS) if last is None else last
        to_xact = await audit_store.safe_xact(connection)
        if int(to_xact) <= int(from_xact):
            return None
        digest, txns, entries = await block_hash(connection, before, from_xact, to_xact)
        if not txns:
            return None
        block = Block(height + 1, from_xact, to_xact, txns, entries, digest)
        await audit_store.insert_block(connection, block)
        return block
