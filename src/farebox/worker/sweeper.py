"""Frees what dead workers hold: nobody is charged, or kept from spending, because of a platform failure.

A worker is dead when its process is known to have ended, or when its heartbeat has been silent for a minute during
which the sweeper itself had the database without a gap: an outage of the database silences everyone and voids nothing.
All times are the database's.
"""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from uuid import UUID

from farebox.domain.job import Outcome
from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.till.lease_store import give_back_of_dead
from farebox.till.operations import Void
from farebox.till.spool import spool_path
from farebox.till.till import Till
from farebox.worker import store
from farebox.worker.posting import end_all

SILENCE_S = 60.0
SWEEP_S = 5.0
# A sweep that comes later than this after the one before was kept from the database, or from running, in between.
_GAP_S = 3 * SWEEP_S
_MOST_AT_ONCE = 500


class Watch:
    """Since when the sweeper has seen the database without a gap."""

    def __init__(self) -> None:
        self._clear_since_s: float | None = None
        self._last_s: float | None = None

    def saw(self, now_s: float) -> None:
        """The database was there at its time `now_s`."""
        if self._last_s is None or not 0 <= now_s - self._last_s <= _GAP_S:
            self._clear_since_s = now_s
        self._last_s = now_s

    def missed(self) -> None:
        """The database was not there."""
        self._last_s = self._clear_since_s = None

    def is_clear(self, silence_s: float) -> bool:
        """Whether somebody silent for so long has been silent by himself."""
        if self._last_s is None or self._clear_since_s is None:
            return False
        return self._last_s - self._clear_since_s >= silence_s


class Sweeper:
    """One node's sweeper. `look` has to run on every node and in every turn, `sweep` on one of them."""

    def __init__(
        self, till: Till, node_id: UUID, spool_dir: Path, logger: Logger, *, silence_s: float = SILENCE_S
    ) -> None:
        self._till = till
        self._node_id = node_id
        self._spool_dir = spool_dir
        self._logger = logger
        self._silence_s = silence_s
        self.watch = Watch()

    async def look(self, connection: Connection) -> None:
        """Sees that the database is there; whoever calls it says `watch.missed()` when it fails."""
        self.watch.saw(await store.database_now_s(connection))

    async def sweep(self, connection: Connection) -> None:
        """Ends what the dead have left behind."""
        if self.watch.is_clear(self._silence_s):
            for worker_id in await store.bury_silent(connection, self._silence_s):
                self._logger.warning("worker_silent", worker_id=str(worker_id))
        dead = [worker for worker in await store.dead_workers(connection, self._silence_s) if self._is_ours(worker)]
        for worker in dead:
            await give_back_of_dead(connection, worker.id)
        await self._void_holds_of([worker.id for worker in dead], connection)
        for worker in dead:
            if worker.delivering:
                jobs = await store.mark_undelivered(connection, worker.id)
                self._logger.warning("delivery_unknown", worker_id=str(worker.id), jobs=jobs)
        await self._void_overdue(connection)

    def _is_ours(self, worker: store.DeadWorker) -> bool:
        """Settlements in a dead worker's spool come before its holds are voided, and only its own node can read it."""
        if worker.node_id == self._node_id:
            return not spool_path(self._spool_dir, worker.id).exists()
        return worker.silent

    async def _void_holds_of(self, worker_ids: Sequence[UUID], connection: Connection) -> None:
        if worker_ids:
            await self._void_all(lambda: store.holds_of_dead(connection, worker_ids, _MOST_AT_ONCE), "platform_error")

    async def _void_overdue(self, connection: Connection) -> None:
        await self._void_all(lambda: store.holds_overdue(connection, _MOST_AT_ONCE), "timeout")

    async def _void_all(self, find: Callable[[], Awaitable[Sequence[store.OpenHold]]], outcome: Outcome) -> None:
        tried: set[UUID] = set()
        while True:
            found = await find()
            # One that is still there cannot be voided (the till has put it aside); it must not be tried for ever.
            holds = [hold for hold in found if hold.job_id not in tried]
            if holds:
                await end_all(self._till, [_void(hold, outcome) for hold in holds])
                self._logger.warning("holds_voided", holds=len(holds), outcome=outcome)
            if not holds or len(found) < _MOST_AT_ONCE:
                return
            tried.update(hold.job_id for hold in holds)


def _void(hold: store.OpenHold, outcome: Outcome) -> Void:
    return Void(
        job_id=hold.job_id,
        account_id=hold.account_id,
        key_id=hold.key_id,
        outcome=outcome,
        endpoint=hold.endpoint,
        model=hold.model,
        stream=hold.stream,
        rate_card_id=hold.rate_card_id,
        factor_ppm=hold.factor_ppm,
        admitted_us=hold.admitted_us,
        finished_us=hold.now_us,
        latency_ms=max(0, hold.now_us - hold.admitted_us) // 1000,
        channel_id=hold.channel_id,
        # Its mere presence says that the hold was counted there and is to be taken off again.
        account_model_cap_nano=0 if hold.counted else None,
    )
