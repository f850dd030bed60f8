"""One batch as one transaction, and what went wrong when it was not one.

BatchFailed         nothing of the batch was applied
├── TryAgain        and for a reason that passes: a deadlock, a lock not had in time, rows that came in between
├── DeclaredDead    because this worker counts as dead: it must take a new id first
├── CapsChanged     because leases were taken under older caps: they must go back first
├── Disconnected    because the connection was lost before COMMIT was sent
└── Broken          because of one of its operations, or of us
InDoubt             the connection was lost while it was written: all of the batch was applied, or nothing

Most batches are written by one statement that commits by itself: whoever has sent it cannot tell "not yet" from "done".
"""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg
import msgspec

from farebox.domain.limits import day_number
from farebox.till.decide import decide
from farebox.till.leases import Leases
from farebox.till.needs import Needs
from farebox.till.operations import Decided, Operation, Settle
from farebox.till.state import State, Writes
from farebox.till.store import RowsDiffer, TillSession


class BatchFailed(Exception):
    """Nothing of the batch was applied."""


class TryAgain(BatchFailed):
    """Once more with freshly loaded rows."""


class DeclaredDead(BatchFailed):
    """The worker's id is used up."""


class CapsChanged(BatchFailed):
    """Slices were leased under an older catalogue."""


class Disconnected(BatchFailed):
    """Once more on a new connection."""


class Broken(BatchFailed):
    """Something in the batch cannot be done; `__cause__` says what."""


class InDoubt(Exception):
    """The database alone knows whether the batch was committed; `now_us` is the batch's time."""

    def __init__(self, now_us: int) -> None:
        super().__init__(now_us)
        self.now_us = now_us


class Result(msgspec.Struct, frozen=True):
    """What a committed batch has decided."""

    outcomes: list[Decided]
    lease_use: dict[str, int]
    day: int
    settled: list[UUID]  # jobs whose answers are in delivery from now on
    in_delivery: Collection[UUID] | None  # as written with the batch, None if it was not


_PASSING = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.UniqueViolationError,
    RowsDiffer,
)
_CONNECTION_ERRORS = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.IdleSessionTimeoutError,
)


class Batch:
    """One attempt; `committing` tells a watcher that it must not be cut short any more."""

    def __init__(
        self, session: TillSession, worker_id: UUID, operations: Sequence[Operation], undelivered: Collection[UUID]
    ) -> None:
        self._session = session
        self._worker_id = worker_id
        self._operations = operations
        self._undelivered = undelivered
        self.committing = False

    async def run(self, leases: Leases, now_s: float) -> Result:
        """Lock and load, decide, write and commit. Raises BatchFailed or InDoubt."""
        try:
            return await self._run(leases, now_s)
        except InDoubt:
            raise
        except BaseException as error:
            failure = self._failure(error)
            if not isinstance(failure, Disconnected):
                await self._roll_back()
            if failure is error or not isinstance(error, Exception):
                raise
            raise failure from error

    async def _run(self, leases: Leases, now_s: float) -> Result:
        session = self._session
        state, alive = await session.load(Needs(self._operations), self._worker_id)
        if not alive:
            raise DeclaredDead
        if leases.changed_since(state.catalogue_version):
            raise CapsChanged
        day = day_number(state.now_us)
        state.leases = leases.left(day)
        state.claimed = leases.claimed
        state.exhausted = leases.exhausted(now_s)
        writes, outcomes = decide(state, self._operations)
        settled = _settled(writes)
        in_delivery = {*self._undelivered, *settled} if settled else None
        if _changes(writes):
            await self._commit(state, writes, in_delivery)
        else:
            await session.end(state, writes)
        return Result(outcomes, dict(writes.lease_use), day, settled, in_delivery)

    async def _commit(self, state: State, writes: Writes, in_delivery: Collection[UUID] | None) -> None:
        if self._session.connection.is_closed():
            raise Disconnected
        self.committing = True
        try:
            await self._session.commit(state, writes, self._worker_id, in_delivery)
        except BaseException as error:
            # On a living connection an error means that nothing was sent, or that the server has rolled back.
            if isinstance(error, Exception) and not self._is_lost(error):
                raise
            raise InDoubt(state.now_us) from error

    def _failure(self, error: BaseException) -> BatchFailed:
        if isinstance(error, BatchFailed):
            return error
        if self._is_lost(error):
            return Disconnected()
        return TryAgain() if isinstance(error, _PASSING) else Broken()

    def _is_lost(self, error: BaseException) -> bool:
        return isinstance(error, _CONNECTION_ERRORS) or self._session.connection.is_closed()

    async def _roll_back(self) -> None:
        try:
            await self._session.rollback()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            # Whatever is wrong with the connection, it must not carry a half-done transaction into the next batch.
            self._session.connection.terminate()


def _changes(writes: Writes) -> bool:
    """Whether a crash may not forget the batch; refusals it may."""
    return bool(
        writes.accounts
        or writes.keys
        or writes.holds_new
        or writes.holds_grown
        or writes.holds_moved
        or writes.holds_gone
        or writes.jobs
        or writes.idempotency
        or writes.idempotency_voided
        or writes.txns
    )


def _settled(writes: Writes) -> list[UUID]:
    """The jobs whose last byte the client is given only now. A client that has gone gets none."""
    return [
        job.operation.job_id
        for job in writes.jobs
        if isinstance(job.operation, Settle) and job.operation.outcome != "client_disconnected"
    ]
