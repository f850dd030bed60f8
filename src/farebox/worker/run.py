"""The worker of a node: its duties, how often each runs, and the till through which it ends jobs of the dead."""

import asyncio
from pathlib import Path
from uuid import UUID

from farebox.kit.clock import Clock
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.ledger.service import Ledger
from farebox.storage.database import Connection, Pool
from farebox.till.till import Till
from farebox.worker.adoption import Adoption
from farebox.worker.duty import Duty, keep, perform
from farebox.worker.expiry import Expiry
from farebox.worker.learning import Learning
from farebox.worker.partitions import Partitions
from farebox.worker.probe import PROBE_EVERY_S, Probes
from farebox.worker.retention import Retention
from farebox.worker.sealer import Heads, Publication, Sealer
from farebox.worker.sweeper import SWEEP_S, Sweeper
from farebox.worker.verification import Verification

_MINUTE_S = 60.0
_HOUR_S = 60 * _MINUTE_S
_DAY_S = 24 * _HOUR_S

# Every duty at once, the sweep that runs inside the node's own, and the till's heartbeat: a long verification must not
# keep the heartbeat waiting until others take this worker for dead.
MOST_CONNECTIONS = 11


class WorkerRun:
    """Runs until it is closed. The database has to be there when it starts, and may go and come after that."""

    def __init__(
        self,
        url: str,
        pool: Pool,
        *,
        unit: str,
        node_id: UUID,
        spool_dir: Path,
        ids: IdSource,
        clock: Clock,
        logger: Logger,
        heads: Heads,
        probes: Probes | None = None,
    ) -> None:
        self._pool = pool
        self._logger = logger
        self._till = Till(
            url, pool, unit=unit, node_id=node_id, spool_dir=spool_dir, ids=ids, clock=clock, logger=logger
        )
        self._sweeper = Sweeper(self._till, node_id, spool_dir, logger)
        self._adoption = Adoption(self._till, spool_dir, logger)
        self._partitions = Duty("partitions", Partitions(logger).work, every_s=_HOUR_S, first_s=_HOUR_S)
        self._duties = (
            self._partitions,
            Duty("sealer", Sealer(logger).work, every_s=_MINUTE_S, first_s=_MINUTE_S),
            Duty("heads", Publication(heads, logger).work, every_s=_MINUTE_S, first_s=_MINUTE_S, alone=False),
            Duty("verification", Verification(heads, ids, logger).work, every_s=_DAY_S, first_s=10 * _MINUTE_S),
            Duty("retention", Retention().work, every_s=_HOUR_S, first_s=5 * _MINUTE_S),
            Duty("learning", Learning(logger).work, every_s=10 * _MINUTE_S, first_s=10 * _MINUTE_S),
            Duty("expiry", Expiry(Ledger(unit, ids), logger).work, every_s=5 * _MINUTE_S, first_s=_MINUTE_S),
            *(() if probes is None else (Duty("probes", probes.work, every_s=PROBE_EVERY_S, first_s=PROBE_EVERY_S),)),
            Duty("node", self._look_after_node, every_s=SWEEP_S, alone=False, failed=self._sweeper.watch.missed),
        )
        # Its own beat is what tells the sweeper that the database has been there all the time.
        self._sweep = Duty("sweeper", self._sweeper.sweep, every_s=SWEEP_S)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        await perform(self._partitions, self._pool)
        await self._till.start()
        self._tasks = [
            asyncio.create_task(keep(duty, self._pool, self._logger), name=duty.name) for duty in self._duties
        ]

    async def _look_after_node(self, connection: Connection) -> None:
        # In this order: what the dead have left in their spools comes before their holds are voided.
        await self._sweeper.look(connection)
        await self._adoption.work(connection)
        await perform(self._sweep, self._pool)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._till.close()
