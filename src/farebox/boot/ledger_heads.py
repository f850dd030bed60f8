"""Heads of the ledger's chain in a file of the data directory: one line per sealed block, only ever added to.

Whoever rewrites the ledger in the database, chain and all, still differs from this file: `farebox ledger verify` and
the daily verification compare. It holds hashes, no content.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from farebox.ledger.audit_store import Block
from farebox.ledger.heads import Head, Published

# More than any line.
_TAIL_BYTES = 4096


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
        self._path = path

    def read(self) -> Published:
        """All heads; a last line without its end was never finished, and does not count."""
        heads: list[Head] = []
        unreadable: list[int] = []
        for number, raw in enumerate(self._content(0).split(b"\n")[:-1], start=1):
            line = _parse(raw)
            if line is None:
                unreadable.append(number)
            elif line.era is not None:
                heads.append(line.head)
        return Published(heads, unreadable)

    def last(self) -> Head | None:
        """The newest head; None when there is none, or none that can be read."""
        whole = self._content(_TAIL_BYTES).split(b"\n")[:-1]
        line = _parse(whole[-1]) if whole else None
        return None if line is None or line.era is None else line.head

    def add(self, blocks: Sequence[Block]) -> None:
        """Returns when the lines are on disk; raises OSError when they cannot be, and none of them is then."""
        lines = b"".join(msgspec.json.encode(_fields(block)) + b"\n" for block in blocks)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            end = _end_of_lines(handle)
            try:
                os.ftruncate(handle, end)
                _write_all(handle, lines, end)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, end)
                raise
        finally:
            os.close(handle)

    def _content(self, tail_bytes: int) -> bytes:
        try:
            with self._path.open("rb") as file:
                if tail_bytes:
                    file.seek(max(0, os.fstat(file.fileno()).st_size - tail_bytes))
                return file.read()
        except FileNotFoundError:
            return b""


def _parse(raw: bytes) -> _Line | None:
    try:
        line = msgspec.json.decode(raw, type=_Line)
        return line if len(line.head.hash) == 32 else None
    except (msgspec.DecodeError, ValueError):
        return None


def _fields(block: Block) -> dict[str, object]:
    return {**msgspec.structs.asdict(block), "hash": block.hash.hex()}


def _end_of_lines(handle: int) -> int:
    """Where the last whole line ends: what comes after it was being written as its writer died."""
    size = os.fstat(handle).st_size
    tail = os.pread(handle, _TAIL_BYTES, max(0, size - _TAIL_BYTES))
    return size - len(tail) + tail.rfind(b"\n") + 1


def _write_all(handle: int, data: bytes, at: int) -> None:
    while data:
        written = os.pwrite(handle, data, at)
        data = data[written:]
        at += written
