"""Checks every invariant of the ledger, daily."""

from farebox.kit.logging import Logger
from farebox.ledger.verify import verify
from farebox.storage.database import Connection


class Verification:
    """A finding is the loudest line of the log: somebody has to look at once."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        report = await verify(connection)
        if report.ok:
            self._logger.info("ledger_verified", entries=report.entries)
        else:
            self._logger.critical("ledger_broken", problems=report.problems)
