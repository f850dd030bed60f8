"""The till of one worker: gathers what is asked, has it run in batches, and loses no ending.

Callers wait for a future; one loop does all the work on one connection. What is asked while a batch commits makes the
next batch, and whoever the last COMMIT woke gets into it too, because the loop lets one turn of the event loop pass
before it begins. The loop is never cancelled inside a batch: it ends when it is told to and nothing is left to do.

While the database is away new jobs are refused at once, and endings are safe in the spool before they are answered.
"""

import asyncio
from collections import deque
from pathlib import Path
from typing import Any
from uuid import UUID

from farebox.kit.clock import Clock
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.storage.database import Pool
from farebox.storage.room import WORK_BYTES, has_room
from farebox.till import worker_store
from farebox.till.heartbeat import Heartbeat
from farebox.till.link import Link
from farebox.till.operations import (
    Admit,
    AdmitOutcome,
    Admitted,
    Extend,
    ExtendOutcome,
    Hedge,
    HedgeOutcome,
    Move,
    MoveOutcome,
    Operation,
    Outcomes,
    Settle,
    Settled,
    Unavailable,
    Void,
)
from farebox.till.spool import Spool
from farebox.till.store import TillSession, open_session
from farebox.till.teller import Teller
from farebox.till.waiting import Waiting, endings, void_of_unwanted

_MOST_PER_BATCH = 512
# Nobody waits longer for an answer: then admissions are refused and endings go to the spool.
_PATIENCE_S = 1.5
_WATCH_S = 0.25
# A statement before COMMIT that takes so long waits for a peer that is gone; COMMIT itself is never cut short.
_MOST_BEFORE_COMMIT_S = 5.0
_TIDY_S = 0.5
_REPLAY_AGAIN_S = 5.0


class Till:
    """`worker_id` names this worker in the database; it changes only if the worker was declared dead by mistake."""

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
    ) -> None:
        self._url = url
        self._pool = pool
        self._unit = unit
        self._node_id = node_id
        self._spool_dir = spool_dir
        self._ids = ids
        self._clock = clock
        self._logger = logger
        self._queue: deque[Waiting] = deque()
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._link = Link(self._connect, self._wake.set, clock, logger)
        self._heartbeat = Heartbeat(pool, lambda: self.worker_id, self._declared_dead, logger)
        self._teller: Teller
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False
        self._hangs = False
        self._has_room = True
        self._dead = False
        self._tidy_at_s = 0.0
        self._replay_at_s = 0.0

    # ---- what is asked -------------------------------------------------------------------------------------------

    @property
    def worker_id(self) -> UUID:
        return self._teller.worker_id

    @property
    def takes_jobs(self) -> bool:
        """Whether a new job would be decided on, and not be refused unseen."""
        return not self._hangs and not self._closing and self._has_room

    async def admit(self, call: Admit) -> AdmitOutcome:
        """Cancelled or not: a job is admitted only for a caller who hears of it, or voided by the till itself."""
        if not self.takes_jobs:
            return Unavailable()
        future: asyncio.Future[AdmitOutcome] = self._ask(call)
        try:
            return await future
        except asyncio.CancelledError:
            self._void_unheard(call, future)
            raise

    async def extend(self, more: Extend) -> ExtendOutcome:
        outcome: ExtendOutcome = await self._ask(more)
        return outcome

    async def move(self, fallback: Move) -> MoveOutcome:
        outcome: MoveOutcome = await self._ask(fallback)
        return outcome

    async def hedge(self, second: Hedge) -> HedgeOutcome:
        outcome: HedgeOutcome = await self._ask(second)
        return outcome

    async def settle(self, ending: Settle) -> Settled:
        """Never fails: the ending is in the ledger or in the spool, even if the caller is cancelled meanwhile."""
        settled: Settled = await self._ask(ending)
        return settled

    async def void(self, ending: Void) -> Settled:
        """As settle, without a charge."""
        settled: Settled = await self._ask(ending)
        return settled

    def delivered(self, job_id: UUID) -> None:
        """The last byte of a settled job's answer is in the hands of the operating system."""
        self._teller.in_delivery.discard(job_id)

    # ---- its life ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Registers this worker and begins; the database has to be there."""
        worker_id = self._ids.new()
        # The locked spool is there before the row, so that a worker that is registered never looks dead.
        spool = await asyncio.to_thread(Spool.create, self._spool_dir, worker_id)
        async with self._pool.acquire() as connection:
            await worker_store.register(connection, worker_id, self._node_id)
        self._teller = Teller(self._link, spool, worker_id, self._node_id, self._ids, self._clock, self._logger)
        await self._link.open()
        self._heartbeat.start()
        self._tasks = [
            asyncio.create_task(self._run(), name="till"),
            asyncio.create_task(self._watch(), name="till watch"),
        ]

    async def drain(self) -> None:
        """Returns once nothing that was asked is undone."""
        while self._queue or self._teller.current:
            self._idle.clear()
            self._wake.set()
            await self._idle.wait()

    async def close(self) -> None:
        """Does what is left, gives everything back and leaves. Endings may be asked until it is called, not after."""
        self._closing = True
        self._wake.set()
        run, watch = self._tasks
        await asyncio.shield(run)
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        await self._heartbeat.stop()
        await self._teller.leave()
        await self._link.close()
        await asyncio.to_thread(self._teller.spool.close)

    # ---- the loop ------------------------------------------------------------------------------------------------

    def _ask(self, operation: Operation) -> "asyncio.Future[Any]":
        """The answer to come. Whoever is cancelled while waiting for it cancels it, and has then asked for nothing."""
        future: asyncio.Future[Outcomes] = asyncio.get_running_loop().create_future()
        self._enqueue(Waiting(operation, self._clock.monotonic_s(), future))
        return future

    def _void_unheard(self, call: Admit, future: "asyncio.Future[AdmitOutcome]") -> None:
        """The caller was cancelled between the answer and its arrival: nobody else knows of this job."""
        if future.done() and not future.cancelled():
            outcome = future.result()
            if isinstance(outcome, Admitted):
                self._enqueue(Waiting(void_of_unwanted(call, outcome), self._clock.monotonic_s()))

    def _enqueue(self, waiting: Waiting) -> None:
        self._queue.append(waiting)
        self._wake.set()

    async def _run(self) -> None:
        while self._queue or not self._closing:
            if self._link.session is None:
                await self._without_database()
                continue
            await self._between_batches(self._link.session)
            if not self._queue:
                await self._wait_until_asked()
            await asyncio.sleep(0)
            batch = self._take()
            if batch:
                await self._serve(batch)

    async def _serve(self, batch: list[Waiting]) -> None:
        self._teller.is_stuck = False
        try:
            left = await self._teller.serve(batch)
        except Exception:
            # A mistake of ours must not end the loop that everyone waits for.
            self._logger.exception("till_failed")
            self._link.lost()
            left = await self._refuse_singly(batch)
        self._queue.extendleft(reversed(left))
        if self._teller.is_stuck:
            # Neither the database nor the spool takes endings: to ask at once again would only keep both busy.
            await asyncio.sleep(_WATCH_S)

    async def _refuse_singly(self, batch: list[Waiting]) -> list[Waiting]:
        left: list[Waiting] = []
        for waiting in batch:
            try:
                left += await self._refuse([waiting])
            except Exception:
                # Not even fit for the spool. Its job is voided when its hold's time is over: free, and in nobody's way.
                self._logger.exception("operation_abandoned", job_id=str(waiting.operation.job_id))
                waiting.abandon()
        return left

    async def _between_batches(self, session: TillSession) -> None:
        now_s = self._clock.monotonic_s()
        if self._teller.spool.waiting and now_s >= self._replay_at_s:
            await self._teller.replay()
            self._replay_at_s = self._clock.monotonic_s() + _REPLAY_AGAIN_S
        if now_s >= self._tidy_at_s:
            self._tidy_at_s = now_s + _TIDY_S
            if self._dead:
                self._dead = False
                await self._teller.take_new_id(session)
            await self._teller.tidy()

    async def _without_database(self) -> None:
        self._replay_at_s = 0.0
        patience_s = self._link.lost_at_s + _PATIENCE_S - self._clock.monotonic_s()
        # A server that restarts is back in a moment, and then nobody has noticed.
        if patience_s > 0 and await self._link.wait_back(patience_s):
            return
        if not self._queue:
            await self._wait_until_asked()
            return
        left = await self._refuse(self._take())
        self._queue.extend(left)
        if left:
            await asyncio.sleep(_WATCH_S)

    async def _refuse(self, batch: list[Waiting]) -> list[Waiting]:
        ending, rest = endings(batch)
        for waiting in rest:
            waiting.answer_unavailable()
        return await self._teller.to_spool(ending)

    async def _wait_until_asked(self) -> None:
        self._idle.set()
        if self._closing:
            return
        self._wake.clear()
        timer = asyncio.get_running_loop().call_later(_TIDY_S, self._wake.set)
        try:
            await self._wake.wait()
        finally:
            timer.cancel()

    def _take(self) -> list[Waiting]:
        batch: list[Waiting] = []
        queue = self._queue
        while queue and len(batch) < _MOST_PER_BATCH:
            waiting = queue.popleft()
            # Whoever is gone before the batch begins has asked for nothing; an ending is carried out all the same.
            if not (waiting.spooled if waiting.ends_job else waiting.given_up):
                batch.append(waiting)
        return batch

    # ---- watching the loop ---------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """Answers those who would wait too long because a batch hangs."""
        while True:
            await asyncio.sleep(_WATCH_S)
            await self._look_for_room()
            running_s = self._clock.monotonic_s() - self._teller.started_s
            self._hangs = bool(self._teller.current) and running_s > _PATIENCE_S
            if self._hangs:
                await self._answer_impatient()
                batch, session = self._teller.batch, self._link.session
                if batch is not None and not batch.committing and running_s > _MOST_BEFORE_COMMIT_S and session:
                    session.connection.terminate()

    async def _look_for_room(self) -> None:
        # A job whose ending may find no place on the disk must not begin.
        has = await asyncio.to_thread(has_room, self._spool_dir, WORK_BYTES)
        if has != self._has_room:
            self._has_room = has
            self._logger.error("disk_has_room" if has else "disk_full", spool=str(self._spool_dir))

    async def _answer_impatient(self) -> None:
        until_s = self._clock.monotonic_s() - _PATIENCE_S
        old = [waiting for waiting in (*self._teller.current, *self._queue) if waiting.asked_s < until_s]
        ending, rest = endings([waiting for waiting in old if not waiting.given_up])
        for waiting in rest:
            waiting.answer_unavailable()
        await self._teller.to_spool([waiting for waiting in ending if waiting.future is not None])

    def _declared_dead(self) -> None:
        self._dead = True
        self._wake.set()

    async def _connect(self) -> TillSession:
        return await open_session(self._url, self._unit)
