"""Makes the partitions of the coming days before they begin."""

from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.storage.partitions import ensure_partitions
from farebox.worker import store

_DAYS_AHEAD = 7


class Partitions:
    """Also the first thing a worker does: without today's partition, today's rows go to the default one for good."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        ensured = await ensure_partitions(connection, await store.today(connection), _DAYS_AHEAD)
        if ensured.created:
            self._logger.info("partitions_created", partitions=len(ensured.created))
        if ensured.skipped:
            self._logger.warning("partitions_skipped", partitions=list(ensured.skipped))
