"""Where time comes from, so that tests can hold it still.

Money and limits never use this clock: their time is the database's (till/store.py).
"""

import time
from typing import Protocol


class Clock(Protocol):
    """Two readings: wall time for ids and records, monotonic time for durations."""

    def unix_ms(self) -> int:
        """Milliseconds since 1970 in UTC."""

    def monotonic_s(self) -> float:
        """Seconds that never run backwards; only differences mean anything."""


class SystemClock:
    """The machine's clock."""

    def unix_ms(self) -> int:
        return time.time_ns() // 1_000_000

    # The function itself, not a method around it: a call asks for the time about ten times.
    monotonic_s = staticmethod(time.monotonic)


class FixedClock:
    """A clock that moves only when told to."""

    def __init__(self, unix_ms: int = 1_700_000_000_000) -> None:
        self._unix_ms = unix_ms
        self._monotonic_s = 0.0

    def unix_ms(self) -> int:
        return self._unix_ms

    def monotonic_s(self) -> float:
        return self._monotonic_s

    def advance(self, seconds: float) -> None:
        self._unix_ms += int(seconds * 1000)
        self._monotonic_s += seconds
