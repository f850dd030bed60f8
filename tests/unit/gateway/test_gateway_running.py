"""Interrupting a job: only where it waits, never where money is decided, never twice."""

import asyncio

import pytest
from tests.unit.gateway.facts import a_channel

from farebox.catalog.snapshot import Snapshot, Stop
from farebox.gateway.running import Interrupted, RunningJob, RunningJobs
from farebox.kit.clock import FixedClock


async def test_interruption_ends_a_wait_and_leaves_the_task_alive() -> None:
    """The task goes on to settle after its wait was cut short."""
    running = RunningJob("m", 1e9)
    asyncio.get_running_loop().call_soon(running.interrupt, "client")
    with pytest.raises(Interrupted) as caught, running:
        await asyncio.Event().wait()
    assert caught.value.reason == "client"
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0
    await asyncio.sleep(0)  # a settlement would wait here, uncancelled


async def test_interruption_outside_a_wait_comes_at_the_next_one() -> None:
    """What is not a wait on provider or client is never cut short."""
    running = RunningJob("m", 1e9)
    running.interrupt("stop")
    await asyncio.sleep(0)
    with pytest.raises(Interrupted), running:
        pytest.fail("the wait must not begin")


async def test_foreign_cancellation_stays_one() -> None:
    """The server's forced shutdown is not mistaken for an interruption."""
    entered = asyncio.Event()

    async def job() -> None:
        with RunningJob("m", 1e9):
            entered.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(job())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_sweep_interrupts_late_jobs_and_those_a_stop_concerns() -> None:
    """Deadlines, and `stop --now` by everything, model, channel and provider; a plain stop lets jobs end."""
    clock = FixedClock()
    jobs = RunningJobs(clock)

    def swept(*stops: Stop, seconds: float = 0.0) -> str | None:
        job = jobs.begin("m", 10.0)
        job.channel = a_channel()
        clock.advance(seconds)
        jobs.sweep(Snapshot(1, {}, {}, {}, stops))
        jobs.end(job)
        return job._reason

    assert swept() is None
    assert swept(seconds=11) == "deadline"
    assert swept(Stop("all", "", "r", True)) == "stop"
    assert swept(Stop("all", "", "r", False)) is None
    assert swept(Stop("model", "m", "r", True)) == "stop"
    assert swept(Stop("model", "other", "r", True)) is None
    assert swept(Stop("channel", "c", "r", True)) == "stop"
    assert swept(Stop("provider", "p", "r", True)) == "stop"
    assert swept(Stop("provider", "q", "r", True)) is None
    assert len(jobs) == 0
