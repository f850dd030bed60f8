"""How long something took, without the time in which the machine let others run.

Linux counts for each thread how long it ran, and how long it was ready and had no processor. A bound that is met by
this watch is met on a busy machine, too; only waiting for other processes still counts.
"""

import time
from pathlib import Path

_SCHEDULED = Path("/proc/thread-self/schedstat")


class Stopwatch:
    """Runs from the moment it is made, and is read in the thread that made it."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._ran_s, self._ready_s = _scheduled()

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._began_s - self.ready_s

    @property
    def ran_s(self) -> float:
        """How long the thread has computed."""
        return _scheduled()[0] - self._ran_s

    @property
    def ready_s(self) -> float:
        """How long it was kept from that."""
        return _scheduled()[1] - self._ready_s


def _scheduled() -> tuple[float, float]:
    """Seconds that this thread ran, and that it was ready to; the latter are 0 where the system does not tell."""
    try:
        ran, ready, _ = _SCHEDULED.read_bytes().split()
    except FileNotFoundError:
        return time.thread_time(), 0.0
    return int(ran) / 1e9, int(ready) / 1e9
