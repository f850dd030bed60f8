"""Checks every invariant of the ledger, and its chain against what was published of it, daily."""

import asyncio

from farebox.kit.logging import Logger
from farebox.ledger.verify import verify
from farebox.storage.database import Connection
from farebox.worker.sealer import Heads


class Verification:
    """A finding is the loudest line of the log: somebody has to look at once."""

    def __init__(self, heads: Heads, logger: Logger) -> None:
        self._heads = heads
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        report = await verify(connection, await asyncio.to_thread(self._heads.read))
        if report.ok:
            self._logger.info("ledger_verified", entries=report.entries)
        else:
            self._logger.critical("ledger_broken", problems=report.problems)
