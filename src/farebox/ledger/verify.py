"""`farebox ledger verify`: every invariant over the live database, in one snapshot, and the chain recomputed.

The chain is compared with what was published of it: a past that was rewritten along with its chain differs from that.

Invariant 9 (what payment providers report equals their wash accounts) needs their reports: reconciliation has it.
"""

from collections.abc import Sequence

import msgspec

from farebox.ledger import audit_store
from farebox.ledger.audit_store import Block
from farebox.ledger.heads import Published, differences
from farebox.ledger.seal import GENESIS, block_hash, next_range
from farebox.storage.database import Connection

_CHECKS = (
    ("transaction does not sum to zero", audit_store.UNBALANCED_TXNS),
    ("ledger does not sum to zero", audit_store.UNBALANCED_LEDGER),
    ("entries without transaction", audit_store.ENTRIES_WITHOUT_TXN),
    ("transaction without entries", audit_store.TXNS_WITHOUT_ENTRIES),
    ("balance is not the sum of its entries", audit_store.BALANCES),
    ("entries of no account", audit_store.ENTRIES_OF_NO_ACCOUNT),
    ("chain of balances has a gap", audit_store.CHAIN_OF_BALANCES),
    ("debt is not the sum of its entries", audit_store.DEBTS),
    ("holds do not match the account", audit_store.HOLDS),
    ("hold below zero or of no account", audit_store.HOLDS_THAT_CANNOT_BE),
    ("holds do not match the API key", audit_store.KEY_JOBS),
    ("hold of an ended job", audit_store.ENDED_AND_HELD),
    ("charge does not match the job", audit_store.CHARGES),
    ("lots do not sum to the balance", audit_store.LOTS),
    ("lots do not match what was credited", audit_store.CREDITS),
    ("restored credit does not match what was taken", audit_store.RESTORED),
    ("idempotency key without transaction", audit_store.KEYS_WITHOUT_TXN),
    ("more given back than was charged", audit_store.ADJUSTMENTS),
    ("transaction that no block can cover", audit_store.UNSEALABLE_TXNS),
)


class Report(msgspec.Struct, frozen=True):
    """The finding: how many entries were read, and each problem as one line for the operator."""

    ok: bool
    entries: int
    problems: list[str]


async def verify(connection: Connection, published: Published = Published()) -> Report:  # noqa: B008 - immutable
    """Check everything as of one moment; jobs may go on meanwhile. `published` has to be read before."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        problems = [
            f"{name}: {subject}: {found}"
            for name, check in _CHECKS
            for subject, found in await audit_store.violations(connection, check)
        ]
        blocks = await audit_store.load_blocks(connection)
        problems += differences(published, {block.height: block.hash for block in blocks})
        problems += await _broken_links(connection, blocks)
        entries = await audit_store.count_entries(connection)
    return Report(ok=not problems, entries=entries, problems=problems)


async def _broken_links(connection: Connection, blocks: Sequence[Block]) -> list[str]:
    problems = []
    before: Block | None = None
    for number, block in enumerate(blocks, start=1):
        if block.height != number or (block.era, block.from_xact) != next_range(before):
            problems.append(f"block {block.height}: does not follow the block before it")
        upon = GENESIS if before is None else before.hash
        digest, txns, entries = await block_hash(connection, upon, block.era, block.from_xact, block.to_xact)
        if (digest, txns, entries) != (block.hash, block.txns, block.entries):
            problems.append(
                f"block {block.height}: sealed {block.txns} transactions and {block.entries} entries, found {txns} and "
                f"{entries}{'' if digest == block.hash else ', with other content'}"
            )
        before = block
    return problems
