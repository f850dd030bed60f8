"""Settlements that wait on disk while the database is away: one append-only file per worker.

A record is a settlement or a void as it was asked for, framed by its length and CRC-32, and on disk before anyone is
told that the job has ended. Replaying is idempotent by job, so a file may be replayed twice but never lost. The file's
lock is held as long as its owner lives: a free lock means a dead owner. Nothing in a record is content or a secret.
"""

import asyncio
import fcntl
import os
import struct
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self
from uuid import UUID

import msgspec

from farebox.storage.privileges import sync_directory
from farebox.till.operations import Settle, Void

_HEAD = struct.Struct("<II")
_SUFFIX = ".spool"
_REJECTED_SUFFIX = ".rejected"
_UNREADABLE_SUFFIX = ".unreadable"
# Far above any record; a length above it is garbage.
_MOST_RECORD_BYTES = 1 << 20


class SpoolDamaged(Exception):
    """A record in the middle of a spool cannot be read. What comes after it may be good, and must not be lost."""


class _Settled(msgspec.Struct, frozen=True, tag="settle"):
    operation: Settle


class _Voided(msgspec.Struct, frozen=True, tag="void"):
    operation: Void


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Settled | _Voided).decode


class Spool:
    """The open spool of one worker; made by `create` or `adopt`, which hold its lock."""

    def __init__(self, path: Path, handle: int) -> None:
        self.path = path
        self._handle = handle
        self._size = os.fstat(handle).st_size
        self._replayed = 0
        self._writing = asyncio.Lock()

    @classmethod
    def create(cls, directory: Path, worker_id: UUID) -> Self:
        """A new spool. It is locked before it has its name, so that nobody takes its owner for dead in between."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = spool_path(directory, worker_id)
        fresh = path.with_suffix(".new")
        handle = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fresh.rename(path)
        sync_directory(directory)
        return cls(path, handle)

    @classmethod
    def adopt(cls, path: Path) -> Self | None:
        """The spool of a dead worker; None when its owner lives, or when another has adopted and removed it."""
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            return None
        if not _try_lock(handle) or not path.exists():
            os.close(handle)
            return None
        return cls(path, handle)

    @property
    def waiting(self) -> bool:
        """Whether records have not been replayed."""
        return self._replayed < self._size

    async def append(self, operations: Sequence[Settle | Void]) -> None:
        """Returns when the operations are on disk; raises OSError when they cannot be, and none of them is then."""
        frames = b"".join(map(_frame, operations))
        async with self._writing:
            await asyncio.to_thread(self._append, frames)

    async def read(self, most: int) -> tuple[list[Settle | Void], int]:
        """The next records to replay, and the place after them for `replayed_to`; may raise SpoolDamaged."""
        return await asyncio.to_thread(self._read, most)

    async def replayed_to(self, place: int) -> None:
        """Everything before `place` is in the ledger; a spool replayed to its end is emptied."""
        async with self._writing:
            await asyncio.to_thread(self._replayed_to, place)

    async def reject(self, operation: Settle | Void) -> None:
        """Puts aside a record that cannot be posted: kept for the operator, in the way of nobody."""
        await asyncio.to_thread(_append_to, self.path.with_suffix(_REJECTED_SUFFIX), _frame(operation))

    def rename(self, worker_id: UUID) -> None:
        """Its owner goes on under a new id."""
        path = spool_path(self.path.parent, worker_id)
        self.path.rename(path)
        self.path = path
        sync_directory(path.parent)

    async def put_rest_aside(self) -> None:
        """What cannot be read, and all after it: out of the way of replays, and kept for the operator."""
        async with self._writing:
            await asyncio.to_thread(self._put_rest_aside)

    def close(self) -> None:
        """Gives the lock back; an empty spool is removed first."""
        if not self.waiting:
            self.path.unlink(missing_ok=True)
        os.close(self._handle)

    def _read(self, most: int) -> tuple[list[Settle | Void], int]:
        at = self._replayed
        content = os.pread(self._handle, self._size - at, at)
        operations: list[Settle | Void] = []
        used = 0
        while len(operations) < most:
            payload = _payload(content, used)
            if payload is None:
                if operations:
                    break
                if not _is_torn(content):
                    raise SpoolDamaged
                # A tail that was being written as its owner died was never answered for.
                return operations, self._size
            try:
                operations.append(_decode(payload).operation)
            except msgspec.DecodeError as error:  # whole, but written by another release
                if operations:
                    break
                raise SpoolDamaged from error
            used += _HEAD.size + len(payload)
        return operations, at + used

    def _replayed_to(self, place: int) -> None:
        self._replayed = place
        if place >= self._size:
            os.ftruncate(self._handle, 0)
            os.fdatasync(self._handle)
            self._size = self._replayed = 0

    def _put_rest_aside(self) -> None:
        rest = os.pread(self._handle, self._size - self._replayed, self._replayed)
        _append_to(self.path.with_suffix(_UNREADABLE_SUFFIX), rest)
        self._replayed_to(self._size)

    def _append(self, frames: bytes) -> None:
        try:
            _write_all(self._handle, frames, self._size)
            os.fdatasync(self._handle)
        except OSError:
            os.ftruncate(self._handle, self._size)
            raise
        self._size += len(frames)


def spool_path(directory: Path, worker_id: UUID) -> Path:
    return directory / f"{worker_id}{_SUFFIX}"


def spool_files(directory: Path) -> Iterable[tuple[UUID, Path]]:
    """Every spool of a node and the worker it belongs to."""
    for path in sorted(directory.glob(f"*{_SUFFIX}")):
        try:
            yield UUID(path.stem), path
        except ValueError:
            continue


def put_aside(directory: Path) -> list[Path]:
    """What an operator has to look at: records that could not be posted, and spools that could not be read."""
    return sorted(path for suffix in (_REJECTED_SUFFIX, _UNREADABLE_SUFFIX) for path in directory.glob(f"*{suffix}"))


def rejected_endings(directory: Path) -> list[Settle | Void]:
    """The records that could not be posted, oldest first; what cannot be read is left out (`put_aside` names it)."""
    endings: list[Settle | Void] = []
    for path in sorted(directory.glob(f"*{_REJECTED_SUFFIX}")):
        content, at = path.read_bytes(), 0
        while (payload := _payload(content, at)) is not None:
            with suppress(msgspec.DecodeError):  # written by another release
                endings.append(_decode(payload).operation)
            at += _HEAD.size + len(payload)
    return sorted(endings, key=lambda ending: ending.finished_us)


def owner_lives(directory: Path, worker_id: UUID) -> bool:
    """Whether a process holds the worker's spool; only meaningful on the worker's own node."""
    try:
        handle = os.open(spool_path(directory, worker_id), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(handle)
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _frame(operation: Settle | Void) -> bytes:
    payload = _encode(_Settled(operation) if isinstance(operation, Settle) else _Voided(operation))
    return _HEAD.pack(len(payload), zlib.crc32(payload)) + payload


def _payload(content: bytes, at: int) -> bytes | None:
    """The whole record at a place; None where there is none, or not all of one."""
    if at + _HEAD.size > len(content):
        return None
    length, checksum = _HEAD.unpack_from(content, at)
    payload = content[at + _HEAD.size : at + _HEAD.size + length]
    if length > _MOST_RECORD_BYTES or len(payload) < length or zlib.crc32(payload) != checksum:
        return None
    return payload


def _is_torn(rest: bytes) -> bool:
    """Whether what is left is one record that its writer did not finish: it would reach beyond the end, or is zeros."""
    if len(rest) < _HEAD.size or not any(rest):
        return True
    length, _ = _HEAD.unpack_from(rest)
    return bool(_HEAD.size + length > len(rest) and length <= _MOST_RECORD_BYTES)


def _write_all(handle: int, data: bytes, at: int) -> None:
    while data:
        written = os.pwrite(handle, data, at)
        data = data[written:]
        at += written


def _append_to(path: Path, frame: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        while frame:
            frame = frame[os.write(handle, frame) :]
        os.fdatasync(handle)
    finally:
        os.close(handle)
