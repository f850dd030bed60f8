"""Queues the mail of broadcasts: terms, price changes, maintenance. A few hundred people per transaction."""

from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.notices.broadcast import queue_next
from farebox.storage.database import Connection

_AT_ONCE = 500


class Broadcasting:
    """Until nothing is left; what a killed turn has queued stays queued, and the next goes on from there."""

    def __init__(self, ids: IdSource, logger: Logger) -> None:
        self._ids = ids
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        while (queued := await queue_next(connection, self._ids, _AT_ONCE)) is not None:
            if queued:
                self._logger.info("broadcast_queued", people=queued)
