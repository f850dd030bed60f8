"""Posts what dead workers of this node have left in their spools. Any other node cannot: the files are here."""

from pathlib import Path

from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.till import heartbeat
from farebox.till.spool import Spool, SpoolDamaged, spool_files
from farebox.till.till import Till
from farebox.worker.posting import end_all

_AT_ONCE = 256


class Adoption:
    """Looks for spools whose lock is free, and empties them through the worker's own till."""

    def __init__(self, till: Till, spool_dir: Path, logger: Logger) -> None:
        self._till = till
        self._spool_dir = spool_dir
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        for worker_id, path in spool_files(self._spool_dir):
            spool = Spool.adopt(path)
            if spool is None:
                continue
            try:
                await heartbeat.mark_dead(connection, worker_id)
                await self._empty(spool)
            finally:
                spool.close()

    async def _empty(self, spool: Spool) -> None:
        while spool.waiting:
            try:
                operations, place = await spool.read(_AT_ONCE)
            except SpoolDamaged:
                self._logger.error("spool_unreadable", spool=spool.path.name)
                await spool.put_rest_aside()
                return
            await end_all(self._till, operations)
            await spool.replayed_to(place)
            self._logger.info("spool_adopted", spool=spool.path.name, operations=len(operations))
