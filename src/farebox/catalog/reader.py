"""Keeps one worker's snapshot of the catalogue fresh.

Freshness here is about speed only: the till compares versions inside its transaction, and asks for a refresh when the
snapshot was older.
"""

import asyncio
from typing import Any

import asyncpg

from farebox.catalog.snapshot import Snapshot
from farebox.catalog.store import load_snapshot, load_version
from farebox.kit.clock import Clock
from farebox.kit.logging import Logger

_POLL_S = 1.0


class CatalogReader:
    """`snapshot` is the newest catalogue this worker knows; it is replaced whole, never changed."""

    snapshot: Snapshot

    def __init__(self, pool: Any, logger: Logger, clock: Clock) -> None:
        self._pool = pool
        self._clock = clock
        self._logger = logger
        self._refreshing: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._polling: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Load the first snapshot and keep an eye on the version from now on."""
        await self._load()
        self._polling = asyncio.create_task(self._poll(), name="catalogue poll")

    async def refresh(self, at_least: int) -> None:
        """Return once the snapshot is of version `at_least` or newer. Waiting calls share one load."""
        while self.snapshot.version < at_least:
            if self._refreshing is None:
                self._refreshing = asyncio.create_task(self._load(), name="catalogue refresh")
                self._refreshing.add_done_callback(self._refreshed)
            # Shielded: one caller that gives up must not cancel the load that others wait for.
            await asyncio.shield(self._refreshing)

    async def catch_up(self) -> bool:
        """Look whether there is a newer catalogue now, and load it; False when there is none, or no way to know.

        However many calls ask, one query is under way at a time.
        """
        known = self.snapshot
        if self._looking is None:
            self._looking = asyncio.create_task(self._look(), name="catalogue look")
            self._looking.add_done_callback(self._looked)
        await asyncio.shield(self._looking)
        return self.snapshot is not known

    async def close(self) -> None:
        for task in (self._polling, self._looking, self._refreshing):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def _refreshed(self, task: asyncio.Task[None]) -> None:
        self._refreshing = None
        if not task.cancelled():
            task.exception()  # whoever waits has got it; without a waiter nobody needs it

    async def _load(self) -> None:
        async with self._pool.acquire() as connection:
            loaded = (await load_snapshot(connection)).told_by(self._clock.unix_ms())
        current = getattr(self, "snapshot", None)
        if current is None or loaded.version >= current.version:
            self.snapshot = loaded

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(_POLL_S)
            await self._look()

    async def _look(self) -> None:
        try:
            async with self._pool.acquire() as connection:
                version = await load_version(connection)
            await self.refresh(version)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # The database is away; the till says so to callers. The last snapshot stays until it is back.
            self._logger.warning("catalogue_look_failed", error=type(error).__name__)

    def _looked(self, task: asyncio.Task[None]) -> None:
        self._looking = None
        if not task.cancelled():
            task.exception()
