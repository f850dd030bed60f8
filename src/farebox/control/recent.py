"""What everybody may see, remembered for seconds: however many visitors there are, they cost one query at a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

_T = TypeVar("_T")


class Recent:
    """One memory per process, of a few names. It holds nothing of anybody in particular."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, Any]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, name: str, lasting_s: float, load: Callable[[], Awaitable[_T]]) -> _T:
        """What `load` gave not longer ago than that; whoever comes while it loads waits for the same."""
        async with self._locks.setdefault(name, asyncio.Lock()):
            loaded_s, value = self._known.get(name, (0.0, None))
            if name not in self._known or time.monotonic() - loaded_s >= lasting_s:
                value = await load()
                self._known[name] = (time.monotonic(), value)
            found: _T = value
            return found
