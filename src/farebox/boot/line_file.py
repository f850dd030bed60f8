"""A file of lines that is only ever added to, and survives whoever dies while adding."""

import os
from pathlib import Path

# More than any line.
_TAIL_BYTES = 4096


class LineFile:
    """One file, for its owner's eyes. What it does waits for the disk: from a thread, where a loop runs."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def lines(self) -> list[bytes]:
        """All lines that are whole; one without its end was never finished, and does not count."""
        return self._lines(0)

    def last(self) -> bytes | None:
        """The newest whole line."""
        lines = self._lines(_TAIL_BYTES)
        return lines[-1] if lines else None

    def add(self, lines: bytes) -> None:
        """Returns when the lines are on disk; raises OSError when they cannot be, and none of them is then.

        What was being written as its writer died makes room.
        """
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

    def _lines(self, tail_bytes: int) -> list[bytes]:
        try:
            with self._path.open("rb") as file:
                if tail_bytes:
                    file.seek(max(0, os.fstat(file.fileno()).st_size - tail_bytes))
                return file.read().split(b"\n")[:-1]
        except FileNotFoundError:
            return []


def _end_of_lines(handle: int) -> int:
    """Where the last whole line ends."""
    size = os.fstat(handle).st_size
    tail = os.pread(handle, _TAIL_BYTES, max(0, size - _TAIL_BYTES))
    return size - len(tail) + tail.rfind(b"\n") + 1


def _write_all(handle: int, data: bytes, at: int) -> None:
    while data:
        written = os.pwrite(handle, data, at)
        data = data[written:]
        at += written
