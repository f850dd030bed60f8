"""The till's one connection: there, or being made again.

It must not know batches; whoever finds the connection broken says so, and everyone else sees that there is none.
"""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg

from farebox.kit.clock import Clock
from farebox.kit.logging import Logger
from farebox.till.store import TillSession

_BACKOFF_FIRST_S = 0.02
_BACKOFF_MOST_S = 1.0
# The last is what asyncpg raises when a connection ends while it looks up types for a statement.
_CONNECT_ERRORS = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


class Link:
    """`session` is the open session, or None while the database is away, which it is since `lost_at_s`."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[TillSession]],
        when_back: Callable[[], None],
        clock: Clock,
        logger: Logger,
    ) -> None:
        self._connect = connect
        self._when_back = when_back
        self._clock = clock
        self._logger = logger
        self._back = asyncio.Event()
        self._connecting: asyncio.Task[None] | None = None
        self.session: TillSession | None = None
        self.lost_at_s = clock.monotonic_s()

    async def open(self) -> None:
        """The first connection; raises what connecting raises."""
        self.session = await self._connect()

    def lost(self) -> None:
        """The session is of no use any more: drop it and connect again in the background."""
        if self.session is None:
            return
        self.session.connection.terminate()
        self.session = None
        self.lost_at_s = self._clock.monotonic_s()
        self._back.clear()
        self._connecting = asyncio.create_task(self._reconnect(), name="till reconnect")

    async def wait_back(self, most_s: float) -> bool:
        """Whether the session is there again within so many seconds."""
        try:
            async with asyncio.timeout(most_s):
                await self._back.wait()
        except TimeoutError:
            return False
        return True

    async def close(self) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self.session is not None:
            self.session.connection.terminate()
            self.session = None

    async def _reconnect(self) -> None:
        backoff_s = _BACKOFF_FIRST_S
        while True:
            try:
                self.session = await self._connect()
            except _CONNECT_ERRORS as error:
                self._logger.warning("till_database_away", error=type(error).__name__)
                await asyncio.sleep(backoff_s)
                backoff_s = min(backoff_s * 2, _BACKOFF_MOST_S)
                continue
            self._back.set()
            self._when_back()
            return
