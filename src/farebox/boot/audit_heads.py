"""Heads of the audit chain in a file of the data directory: one line each, only ever added to.

Whoever rewrites the trail in the database, chain and all, still differs from this file: `farebox audit verify`
compares.
"""

from pathlib import Path

import msgspec

from farebox.audit.chain import Head
from farebox.boot.line_file import LineFile


class _Line(msgspec.Struct, frozen=True):
    seq: int
    hash: str


class AuditHeadFile:
    """The file of one node. What it does waits for the disk: from a thread, where a loop runs."""

    def __init__(self, path: Path) -> None:
        self._file = LineFile(path)

    def add(self, head: Head) -> None:
        """Returns when the line is on disk; raises OSError when it cannot be, and nothing of it is then."""
        self._file.add(msgspec.json.encode(_Line(head.seq, head.hash.hex())) + b"\n")

    def read(self) -> dict[int, bytes]:
        """The published hashes by number."""
        heads: dict[int, bytes] = {}
        for line in self._file.lines():
            try:
                told = msgspec.json.decode(line, type=_Line)
                heads[told.seq] = bytes.fromhex(told.hash)
            except (msgspec.DecodeError, ValueError):
                continue
        return heads
