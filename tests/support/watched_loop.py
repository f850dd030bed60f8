"""An event loop that tells of callbacks that keep it, and does not blame them for a busy machine.

asyncio's debug mode measures a callback by the clock on the wall, which also runs while the machine runs others; that
time is taken off.
"""

import asyncio
import contextlib
import logging
from collections.abc import Iterator

from tests.support.stopwatch import Stopwatch

LONGEST_CALLBACK_S = 0.5


class WatchedLoop(asyncio.SelectorEventLoop):
    """A loop in debug mode that watches each round of its callbacks."""

    def __init__(self) -> None:
        super().__init__()
        self.set_debug(True)
        self.slow_callback_duration = LONGEST_CALLBACK_S
        self.watch = Stopwatch()

    def _run_once(self) -> None:
        self.watch = Stopwatch()
        super()._run_once()


class _Watch(logging.Handler):
    """Collects asyncio's reports of slow callbacks, without those that were only kept waiting."""

    def __init__(self, blocking: list[str]) -> None:
        super().__init__()
        self._blocking = blocking

    def emit(self, record: logging.LogRecord) -> None:
        if not str(record.msg).startswith("Executing ") or not isinstance(record.args, tuple):
            return
        loop = asyncio.get_running_loop()
        if not isinstance(loop, WatchedLoop) or _is_to_blame(float(record.args[-1]), loop.watch):
            self._blocking.append(record.getMessage())


def _is_to_blame(took_s: float, watch: Stopwatch) -> bool:
    # Who is kept waiting for so long waits for others who are, too: threads with Python's lock, the disk. Then only
    # what the callback itself has computed says anything.
    if watch.ready_s > LONGEST_CALLBACK_S:
        return watch.ran_s > LONGEST_CALLBACK_S
    return took_s - watch.ready_s > LONGEST_CALLBACK_S


@contextlib.contextmanager
def blocking_callbacks() -> Iterator[list[str]]:
    """What kept the loop for too long while the block lasts."""
    blocking: list[str] = []
    watch = _Watch(blocking)
    logging.getLogger("asyncio").addHandler(watch)
    try:
        yield blocking
    finally:
        logging.getLogger("asyncio").removeHandler(watch)
