"""Heads of the ledger's chain in a file of the data directory: one line per sealed block, only ever added to.

Whoever rewrites the ledger in the database, chain and all, still differs from this file. It holds hashes, no content.
"""

import os
from pathlib import Path

import msgspec

from farebox.ledger.audit_store import Block


class LedgerHeads:
    """Call it with each block that is sealed; it returns when the line is on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, block: Block) -> None:
        line = {
            "height": block.height,
            "hash": block.hash.hex(),
            "from_xact": block.from_xact,
            "to_xact": block.to_xact,
            "txns": block.txns,
            "entries": block.entries,
        }
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            os.write(handle, msgspec.json.encode(line) + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)
