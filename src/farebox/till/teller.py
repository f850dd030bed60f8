"""Runs what the till has gathered, whatever goes wrong on the way, and answers everyone who waits.

the reason passes           the batch runs again, from freshly loaded rows
one operation is bad        the batch runs in halves, until that operation fails alone
the connection is lost      nothing was applied: all of it is asked again
COMMIT was not answered     endings are asked again, because they are idempotent; admissions are voided, because
                            their callers have been told that there is none
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import asyncpg

from farebox.kit.clock import Clock
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.till import worker_store
from farebox.till.batch import (
    Batch,
    BatchFailed,
    Broken,
    CapsChanged,
    DeclaredDead,
    Disconnected,
    InDoubt,
    Result,
    TryAgain,
)
from farebox.till.leases import Leases
from farebox.till.link import Link
from farebox.till.needs import caps_of
from farebox.till.operations import Admit, Admitted, Decided, Hedged, Moved, NeedsLease, Settle, Settled, Void
from farebox.till.spool import Spool, SpoolDamaged
from farebox.till.store import TillSession
from farebox.till.waiting import MOST_LEASE_ROUNDS, Waiting, void_of_doubtful, void_of_unwanted

_ATTEMPTS = 4
_REPLAY_AT_ONCE = 256
_DATABASE_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Teller:
    """Works for one worker: its id, its spool, its leases and what it has settled but not delivered."""

    def __init__(
        self, link: Link, spool: Spool, worker_id: UUID, node_id: UUID, ids: IdSource, clock: Clock, logger: Logger
    ) -> None:
        self._link = link
        self._node_id = node_id
        self._ids = ids
        self._clock = clock
        self._logger = logger
        self._written_in_delivery: Collection[UUID] = ()
        self.worker_id = worker_id
        self.spool = spool
        self.leases = Leases()
        self.in_delivery: set[UUID] = set()
        # Whether endings that were to be kept on disk found no room there; taken back by whoever asks again.
        self.is_stuck = False
        # What is being run now and since when, for whoever watches that it does not hang.
        self.current: Sequence[Waiting] = ()
        self.batch: Batch | None = None
        self.started_s = 0.0

    async def serve(self, batch: list[Waiting]) -> list[Waiting]:
        """Runs a batch and gives back what has to be asked again, in order."""
        failure: BatchFailed | None = None
        for _ in range(_ATTEMPTS):
            session = self._link.session
            if session is None:
                return batch
            try:
                result = await self._run(session, batch)
            except TryAgain as error:
                failure = error
            except Broken as error:
                failure = error
                break
            except InDoubt as doubt:
                self._link.lost()
                self._logger.warning("till_commit_in_doubt", operations=len(batch))
                return [_after_doubt(waiting, doubt.now_us) for waiting in batch]
            except BatchFailed as error:
                await self._recover(session, error)
            else:
                return await self._finish(session, batch, result)
        if len(batch) == 1:
            return await self._give_up(batch[0], failure)
        half = len(batch) // 2
        return await self.serve(batch[:half]) + await self.serve(batch[half:])

    async def to_spool(self, batch: Sequence[Waiting]) -> list[Waiting]:
        """Endings onto disk and answered; gives back those for which the disk had no room either."""
        operations = [waiting.operation for waiting in batch if isinstance(waiting.operation, Settle | Void)]
        if not operations:
            return []
        try:
            await self.spool.append(operations)
        except OSError as error:
            self._logger.error("spool_write_failed", error=type(error).__name__, operations=len(operations))
            self.is_stuck = True
            return list(batch)
        for waiting in batch:
            waiting.spooled = True
            waiting.answer_spooled()
        return []

    async def replay(self) -> None:
        """Posts what waits in the spool, before anything newer. What cannot be posted is put aside."""
        while self.spool.waiting and self._link.session is not None:
            try:
                operations, place = await self.spool.read(_REPLAY_AT_ONCE)
            except SpoolDamaged:
                self._logger.error("spool_unreadable", spool=self.spool.path.name)
                await self.spool.put_rest_aside()
                return
            now_s = self._clock.monotonic_s()
            left = [Waiting(operation, now_s, replayed=True) for operation in operations]
            while left and self._link.session is not None:
                left = await self.serve(left)
            if left:
                return
            await self.spool.replayed_to(place)
            self._logger.info("spool_replayed", operations=len(operations))

    async def tidy(self) -> None:
        """What can wait until there is time: idle leases go back, delivered jobs leave the watermark."""
        session = self._link.session
        if session is None:
            return
        try:
            await self.leases.reconcile(session.connection, self.worker_id)
            await self.leases.give_back_idle(session.connection, self.worker_id, self._clock.monotonic_s())
            if self._written_in_delivery != self.in_delivery:
                written = set(self.in_delivery)
                await worker_store.write_in_delivery(session.connection, self.worker_id, written)
                self._written_in_delivery = written
        except _DATABASE_ERRORS as error:
            self._lost(error)

    async def leave(self) -> None:
        """The clean end of a worker: it holds nothing any more and says so."""
        session = self._link.session
        if session is None:
            return
        try:
            await self.leases.give_back_all(session.connection, self.worker_id)
            await worker_store.leave(session.connection, self.worker_id, self.in_delivery)
        except _DATABASE_ERRORS as error:
            self._lost(error)

    async def take_new_id(self, session: TillSession) -> None:
        """Others took this worker for dead: what it held is theirs to void, what comes now is a new worker's."""
        worker_id = self._ids.new()
        await worker_store.register(session.connection, worker_id, self._node_id)
        await asyncio.to_thread(self.spool.rename, worker_id)
        self.leases.forget()
        self._logger.error("worker_was_declared_dead", was=str(self.worker_id), now=str(worker_id))
        self.worker_id = worker_id

    # ---- one attempt ----------------------------------------------------------------------------------------------

    async def _run(self, session: TillSession, batch: list[Waiting]) -> Result:
        self.batch = Batch(session, self.worker_id, [waiting.operation for waiting in batch], self.in_delivery)
        self.current = batch
        self.started_s = self._clock.monotonic_s()
        try:
            return await self.batch.run(self.leases, self.started_s)
        finally:
            self.batch = None
            self.current = ()

    async def _recover(self, session: TillSession, failure: BatchFailed) -> None:
        if isinstance(failure, Disconnected):
            self._lost(failure)
            return
        try:
            if isinstance(failure, CapsChanged):
                await self.leases.give_back_all(session.connection, self.worker_id)
            elif isinstance(failure, DeclaredDead):
                await self.take_new_id(session)
        except _DATABASE_ERRORS as error:
            self._lost(error)

    async def _finish(self, session: TillSession, batch: list[Waiting], result: Result) -> list[Waiting]:
        now_s = self._clock.monotonic_s()
        if result.lease_use:
            self.leases.use(result.lease_use, result.day, now_s)
            self.leases.claimed.update(_claiming(batch, result))
        if self.leases.claimed:
            self.leases.claimed.difference_update(_ended(batch, result))
        if result.in_delivery is not None:
            self._written_in_delivery = result.in_delivery
            self.in_delivery.update(result.settled)
        again: list[Waiting] = []
        needed: dict[str, int] = {}
        for waiting, outcome in zip(batch, result.outcomes, strict=True):
            if isinstance(outcome, NeedsLease):
                self._ask_again(waiting, outcome, again, needed)
            elif not waiting.answer(outcome):
                self._unheard(waiting, outcome, again)
            if isinstance(outcome, Settled) and outcome.differs:
                self._logger.warning("job_ended_differently_before", job_id=str(waiting.operation.job_id))
        if needed:
            await self._lease(session, again, needed, result.day)
        return again

    def _unheard(self, waiting: Waiting, outcome: Decided, again: list[Waiting]) -> None:
        if isinstance(outcome, Admitted):
            assert isinstance(waiting.operation, Admit)
            again.append(Waiting(void_of_unwanted(waiting.operation, outcome), self._clock.monotonic_s()))
        elif isinstance(outcome, Settled):
            # It came from the spool, or its caller is gone: nobody is going to say when it is delivered.
            self.in_delivery.discard(waiting.operation.job_id)

    def _ask_again(self, waiting: Waiting, outcome: NeedsLease, again: list[Waiting], needed: dict[str, int]) -> None:
        waiting.lease_rounds += 1
        if waiting.lease_rounds > MOST_LEASE_ROUNDS:
            waiting.answer_unavailable()
            return
        again.append(waiting)
        for scope, amount in outcome.amounts.items():
            needed[scope] = needed.get(scope, 0) + amount

    async def _lease(self, session: TillSession, again: Sequence[Waiting], needed: Mapping[str, int], day: int) -> None:
        caps = caps_of([waiting.operation for waiting in again])
        try:
            await self.leases.acquire(session.connection, self.worker_id, needed, caps, day, self._clock.monotonic_s())
        except _DATABASE_ERRORS as error:
            self._lost(error)

    async def _give_up(self, waiting: Waiting, failure: BatchFailed | None) -> list[Waiting]:
        operation = waiting.operation
        self._logger.error(
            "operation_failed",
            operation=type(operation).__name__,
            job_id=str(operation.job_id),
            exc_info=None if failure is None else failure.__cause__,
        )
        if not isinstance(operation, Settle | Void):
            waiting.answer_unavailable()
            return []
        if waiting.replayed:
            await self.spool.reject(operation)
            return []
        return await self.to_spool([waiting])

    def _lost(self, error: BaseException) -> None:
        # An error outside of a batch may leave anything behind: the connection is not worth asking.
        self._logger.warning("till_connection_lost", error=type(error.__cause__ or error).__name__)
        self._link.lost()


def _claiming(batch: Sequence[Waiting], result: Result) -> list[UUID]:
    """The jobs that count against leases from now on, be it only by a route that came later."""
    return [
        waiting.operation.job_id
        for waiting, outcome in zip(batch, result.outcomes, strict=True)
        if isinstance(outcome, Admitted | Moved | Hedged)
    ]


def _ended(batch: Sequence[Waiting], result: Result) -> list[UUID]:
    return [
        waiting.operation.job_id
        for waiting, outcome in zip(batch, result.outcomes, strict=True)
        if isinstance(outcome, Settled)
    ]


def _after_doubt(waiting: Waiting, now_us: int) -> Waiting:
    if not isinstance(waiting.operation, Admit):
        return waiting
    waiting.answer_unavailable()
    return Waiting(void_of_doubtful(waiting.operation, now_us), waiting.asked_s)
