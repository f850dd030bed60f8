"""Keeps the rollups of usage and margin close to now."""

from farebox.kit.logging import Logger
from farebox.ledger.rollup import roll_up
from farebox.storage.database import Connection


class Rollup:
    """One transaction per hour that has changed."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        hours = await roll_up(connection)
        self._logger.debug("usage_rolled_up", hours=hours)
