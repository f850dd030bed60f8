"""Cancelling a coroutine at a chosen await: what a killed process leaves behind, at every place it can be killed."""

import asyncio
from collections.abc import Coroutine, Generator
from typing import Any


class CutShort:
    """Awaits like the coroutine, and is cancelled at its `at`-th suspension; `was_cut` says that it came so far."""

    def __init__(self, running: Coroutine[Any, Any, Any], at: int) -> None:
        self._running = running
        self._left = at
        self.was_cut = False

    def __await__(self) -> Generator[Any, Any, Any]:
        inner = self._running.__await__()
        try:
            waiting = next(inner)
            while True:
                self._left -= 1
                if self._left == 0:
                    self.was_cut = True
                    # As a task's own cancel() does: what is waited for is cancelled, and tells whoever waits.
                    if waiting is not None:
                        waiting.cancel()
                try:
                    yield waiting
                except asyncio.CancelledError as cut:
                    waiting = inner.throw(cut)
                else:
                    waiting = next(inner)
        except StopIteration as end:
            return end.value
