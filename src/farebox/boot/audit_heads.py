"""Heads of the audit chain in a file of the data directory: one line each, only ever added to.

Whoever rewrites the trail in the database, chain and all, still differs from this file: `farebox audit verify`
compares.
"""

import os
from pathlib import Path

import msgspec

from farebox.audit.chain import Head


class _Line(msgspec.Struct, frozen=True):
    seq: int
    hash: str


class AuditHeadFile:
    """The file of one node. What it does waits for the disk: from a thread, where a loop runs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, head: Head) -> None:
        """Returns when the line is on disk."""
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            os.write(handle, msgspec.json.encode(_Line(head.seq, head.hash.hex())) + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)

    def read(self) -> dict[int, bytes]:
        """The published hashes by number; a line that was cut off does not count."""
        try:
            raw = self._path.read_bytes()
        except FileNotFoundError:
            return {}
        heads: dict[int, bytes] = {}
        for line in raw.split(b"\n")[:-1]:
            try:
                told = msgspec.json.decode(line, type=_Line)
                heads[told.seq] = bytes.fromhex(told.hash)
            except (msgspec.DecodeError, ValueError):
                continue
        return heads
