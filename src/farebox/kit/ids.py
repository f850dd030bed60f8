"""Identifiers: UUIDv7 (RFC 9562), so that an id tells the day, and with it the partition, it belongs to.

New ids are asyncpg's UUID, as are those it reads from the database: a subclass of the standard library's that is equal
to it in everything, and takes a tenth of the time to make, to compare and to write.
"""

import os
import uuid
from collections.abc import Callable

from asyncpg.pgproto import pgproto

from farebox.kit.clock import Clock, SystemClock

_VERSION_7 = 0x7 << 76
_VARIANT = 0x2 << 62
_RANDOM_A_MASK = (1 << 12) - 1
_RANDOM_B_MASK = (1 << 62) - 1
# One call to the operating system serves this many ids; 10 bytes of randomness each.
_BATCH = 64

NIL = uuid.UUID(int=0)


class IdSource:
    """Makes UUIDv7 values: 48 bits of unix milliseconds, then 74 random bits.

    Ids of one source within the same millisecond are not ordered among each other; nothing relies on that.
    """

    def __init__(self, clock: Clock | None = None, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._clock = clock or SystemClock()
        self._random_bytes = random_bytes
        self._pool = b""
        self._at = 0

    def new(self) -> uuid.UUID:
        if self._at >= len(self._pool):
            self._pool = self._random_bytes(10 * _BATCH)
            self._at = 0
        at = self._at
        random = int.from_bytes(self._pool[at : at + 10], "big")
        self._at = at + 10
        value = (
            (self._clock.unix_ms() << 80)
            | _VERSION_7
            | ((random >> 62) & _RANDOM_A_MASK) << 64
            | _VARIANT
            | (random & _RANDOM_B_MASK)
        )
        made: uuid.UUID = pgproto.UUID(value.to_bytes(16, "big"))
        return made


def unix_ms_of(value: uuid.UUID) -> int:
    """The millisecond a UUIDv7 was made in."""
    return value.int >> 80


def first_id_at(unix_ms: int) -> uuid.UUID:
    """The smallest UUID of a millisecond: a bound for range look-ups and partitions."""
    return uuid.UUID(int=unix_ms << 80)
