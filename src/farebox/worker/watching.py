"""Tells accounts of low balances and of spend above their marks."""

from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.notices.watch import tell_crossings
from farebox.storage.database import Connection


class Watching:
    """Within a minute of the crossing; safe to run anywhere and to break off."""

    def __init__(self, ids: IdSource, unit: str, logger: Logger) -> None:
        self._ids = ids
        self._unit = unit
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        told = await tell_crossings(connection, self._ids, unit=self._unit)
        if told:
            self._logger.info("crossings_told", crossings=told)
