"""Heads of the ledger's chain in a file of the data directory: one line per sealed block, only ever added to.

Whoever rewrites the ledger in the database, chain and all, still differs from this file: `farebox ledger verify` and
the daily verification compare. It holds hashes, no content.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from farebox.boot.line_file import LineFile
from farebox.ledger.audit_store import Block
from farebox.ledger.heads import Head, Published


class _Line(msgspec.Struct, frozen=True):
    """A line; those of releases that sealed less than this one have no era."""

    height: int
    hash: str
    era: int | None = None

    @property
    def head(self) -> Head:
        return Head(self.height, bytes.fromhex(self.hash))


class LedgerHeads:
    """The file of one node. What it does waits for the disk: from a thread, where a loop runs."""

    def __init__(self, path: Path) -> None:
        self._file = LineFile(path)

    def read(self) -> Published:
        """All heads."""
        heads: list[Head] = []
        unreadable: list[int] = []
        for number, raw in enumerate(self._file.lines(), start=1):
            line = _parse(raw)
            if line is None:
                unreadable.append(number)
            elif line.era is not None:
                heads.append(line.head)
        return Published(heads, unreadable)

    def last(self) -> Head | None:
        """The newest head; None when there is none, or none that can be read."""
        raw = self._file.last()
        line = None if raw is None else _parse(raw)
        return None if line is None or line.era is None else line.head

    def add(self, blocks: Sequence[Block]) -> None:
        """Returns when the lines are on disk; raises OSError when they cannot be, and none of them is then."""
        self._file.add(b"".join(msgspec.json.encode(_fields(block)) + b"\n" for block in blocks))


def _parse(raw: bytes) -> _Line | None:
    try:
        line = msgspec.json.decode(raw, type=_Line)
        return line if len(line.head.hash) == 32 else None
    except (msgspec.DecodeError, ValueError):
        return None


def _fields(block: Block) -> dict[str, object]:
    return {**msgspec.structs.asdict(block), "hash": block.hash.hex()}
