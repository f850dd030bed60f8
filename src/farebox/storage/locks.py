"""File locks of the operating system: they end with the process that holds them, however it ends.

The holder writes down who it is, so that whoever meets the lock can say so.
"""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec


class Holder(msgspec.Struct, frozen=True):
    """Who holds an exclusive lock, and for what: 'serve' for long, 'command' for a moment."""

    pid: int
    purpose: str


class FileLock:
    """One open lock file; leaving the context or ending the process frees it. Child processes do not inherit it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def try_exclusive(self, purpose: str) -> bool:
        """Takes the lock for us alone, or answers False at once."""
        if not self._try(fcntl.LOCK_EX):
            return False
        assert self._handle is not None
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, msgspec.json.encode(Holder(os.getpid(), purpose)), 0)
        return True

    def try_shared(self) -> bool:
        """Takes the lock along with other sharers, or answers False at once."""
        return self._try(fcntl.LOCK_SH)

    def holder(self) -> Holder | None:
        """Who wrote itself into the file last; only meaningful while the lock is held by another."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Holder)
        except (OSError, msgspec.DecodeError):
            return None

    def release(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _try(self, operation: int) -> bool:
        handle = self._handle
        if handle is None:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, operation | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            self._handle = None
            return False
        self._handle = handle
        return True
