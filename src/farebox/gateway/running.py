"""Jobs under way in this worker, and the one way in which a job's waiting is interrupted.

A job waits for its provider or its client inside `with running:`. Only there can it be interrupted: when the client has
gone and the policy does not read on, when its time is over, when the operator stops running jobs. Everything else a
job does, admission and settlement above all, is never cut short by these. No task and no timer per job: one sweep
looks at all deadlines.
"""

import asyncio
import math
from types import TracebackType
from typing import Literal

from farebox.catalog.reader import CatalogReader
from farebox.catalog.snapshot import Channel, Snapshot, Stop
from farebox.kit.clock import Clock

Reason = Literal["client", "deadline", "stop"]

_SWEEP_S = 0.25


class Interrupted(Exception):
    """The wait is over for a reason that lies outside."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class RunningJob:
    """One job of the current task.

    Cancelling a task from a callback of the event loop reaches it exactly where it is suspended; `__exit__` turns
    that cancellation, and no other, into Interrupted (the way asyncio.timeout does).
    """

    __slots__ = ("_cancelling", "_is_waiting", "_reason", "_task", "channel", "deadline_s", "model", "reads_on")

    def __init__(self, model: str, deadline_s: float) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._task = task
        self._cancelling = 0
        self._is_waiting = False
        self._reason: Reason | None = None
        self.model = model
        self.channel: Channel | None = None
        # Whether the provider is worth reading on for a moment when the client has gone: its count may be on the way.
        self.reads_on = False
        self.deadline_s = deadline_s

    def interrupt(self, reason: Reason) -> None:
        """End the present wait, or the next one. The first reason stays."""
        if self._reason is None:
            self._reason = reason
            if self._is_waiting:
                self._task.cancel()

    def __enter__(self) -> None:
        if self._reason is not None:
            raise Interrupted(self._reason)
        self._cancelling = self._task.cancelling()
        self._is_waiting = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_waiting = False
        # Ours was one cancellation more than before; if there are others too, the server wants the task to end.
        if self._reason is not None and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise Interrupted(self._reason) from None


class RunningJobs:
    """All jobs of the worker. `sweep` is called by one loop for all of them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._jobs: set[RunningJob] = set()

    def __len__(self) -> int:
        return len(self._jobs)

    def begin(self, model: str, lifetime_s: float) -> RunningJob:
        job = RunningJob(model, self._clock.monotonic_s() + lifetime_s)
        self._jobs.add(job)
        return job

    def end(self, job: RunningJob) -> None:
        self._jobs.discard(job)

    def shorten(self, job: RunningJob, seconds: float) -> None:
        """Give the job at most so much more time."""
        job.deadline_s = min(job.deadline_s, self._clock.monotonic_s() + seconds)

    def sweep(self, snapshot: Snapshot) -> None:
        """Interrupt the jobs whose time is over, and those that an emergency stop with abort concerns."""
        now_s = self._clock.monotonic_s()
        stops = [stop for stop in snapshot.stops if stop.abort_running]
        for job in tuple(self._jobs):
            if any(_concerns(stop, job) for stop in stops):
                job.interrupt("stop")
            elif job.deadline_s < now_s:
                job.interrupt("deadline")
                job.deadline_s = math.inf

    async def watch(self, reader: CatalogReader) -> None:
        """Sweep until cancelled."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            self.sweep(reader.snapshot)


def _concerns(stop: Stop, job: RunningJob) -> bool:
    match stop.scope:
        case "all":
            return True
        case "model":
            return stop.target == job.model
        case "channel":
            return job.channel is not None and stop.target == job.channel.name
        case _:
            return job.channel is not None and stop.target == job.channel.provider
