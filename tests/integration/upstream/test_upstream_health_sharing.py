"""What workers tell each other about channels: cooldowns within a second, paces, and the counts of the hour."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from tests.support.postgres import TestDatabase
from tests.support.stopwatch import Stopwatch
from tests.support.tills import ask, ask_value, until

from farebox.kit.clock import SystemClock
from farebox.kit.ids import NIL
from farebox.kit.logging import get_logger
from farebox.storage.database import Pool, create_pool
from farebox.upstream.health import ROUTE_FAULTS_TO_OPEN, Health, Subjects
from farebox.upstream.latency import BOUNDS_MS, bucket_of
from farebox.upstream.traffic import Traffic
from farebox.upstream.traffic_store import forget_traffic

CHANNEL, OTHER = UUID(int=21), UUID(int=22)
SUBJECTS = Subjects("channel:a", "channel_key:k", "route:r")


@pytest.fixture
async def pool(database: TestDatabase) -> AsyncIterator[Pool]:
    made = await create_pool(database.app_url, application_name="test", min_size=4, max_size=10)
    yield made
    await made.close()


@asynccontextmanager
async def workers(pool: Pool, count: int) -> AsyncIterator[list[Health]]:
    made = [Health(uuid4(), SystemClock(), get_logger("test")) for _ in range(count)]
    for health in made:
        health.start(pool)
    try:
        yield made
    finally:
        for health in made:
            await health.close()


def told(healths: list[Health], subjects: Subjects, *, fit: bool) -> Any:
    async def all_agree() -> bool:
        return all(health.fits(subjects) is fit for health in healths)

    return all_agree


@pytest.mark.parametrize(
    ("fault", "times", "blamed"),
    [
        ("rate_limited", 1, Subjects("x", "channel_key:k", "x")),
        ("auth", 1, Subjects("x", "channel_key:k", "x")),
        ("route", ROUTE_FAULTS_TO_OPEN, Subjects("x", None, "route:r")),
        ("timeout", 5, Subjects("channel:a", None, "x")),
    ],
)
async def test_a_cooldown_is_known_to_all_workers(pool: Pool, fault: Any, times: int, blamed: Subjects) -> None:
    """Whichever worker a fault meets, no other one sends a call into it a good second later."""
    async with workers(pool, 4) as (first, *others):
        for _ in range(times):
            first.failed(SUBJECTS, fault, 30 if fault == "rate_limited" else None)
        watch = Stopwatch()
        await until(told(others, blamed, fit=False))
        assert watch.elapsed_s < 4  # one, with room for a database on a busy machine
        if fault == "rate_limited":
            assert all(25 <= health.retry_after_s(blamed) <= 30 for health in others)
        first.succeeded(SUBJECTS)
        await until(told(others, SUBJECTS, fit=True))


async def test_what_could_not_be_written_is_written_later(pool: Pool, database: TestDatabase) -> None:
    """A database that is away for a moment loses no cooldown."""
    health = Health(NIL, SystemClock(), get_logger("test"))
    health.failed(SUBJECTS, "rate_limited", 60)
    broken = await pool.acquire()
    await broken.close()
    with pytest.raises(asyncpg.InterfaceError):
        await health.exchange(broken)
    async with pool.acquire() as connection:
        await health.exchange(connection)
    assert await ask_value(database.app_url, "SELECT state FROM health WHERE subject = 'channel_key:k'") == "open"


async def test_one_worker_tries_a_channel_whose_time_is_over(pool: Pool) -> None:
    """Half-open: one worker is leased the trial, and its success opens the channel for all."""
    async with workers(pool, 3) as healths:
        for health in healths:
            health.failed(SUBJECTS, "rate_limited", 1)

        async def fitting() -> list[Health]:
            return [health for health in healths if health.fits(SUBJECTS)]

        trying = await until(fitting)
        assert len(trying) == 1
        trying[0].succeeded(SUBJECTS)
        await until(told(healths, SUBJECTS, fit=True))


async def test_calls_are_counted_by_the_hour(pool: Pool, database: TestDatabase) -> None:
    """Batches of several workers add up: answers, refusals, faults by class, and the buckets of the first byte."""
    lane = ("m", CHANNEL, True)
    for _ in range(3):
        traffic = Traffic()
        traffic.answered(lane, 0.040)
        traffic.answered(lane, 0.700)
        traffic.answered(lane, 90.0)
        traffic.refused(lane)
        traffic.failed(lane, "status", 0.1)
        traffic.failed(lane, "status", 0.1)
        traffic.failed(lane, "timeout", 2.0)
        async with pool.acquire() as connection:
            await traffic.exchange(connection)
            await traffic.exchange(connection)
    (row,) = await ask(database.app_url, "SELECT * FROM traffic_hour")
    assert (row["model"], row["channel_id"], row["stream"]) == lane
    assert (row["answered"], row["refused"], row["status_faults"], row["timeout_faults"]) == (9, 3, 6, 3)
    assert row["first_byte_ms"] == 3 * 90_740
    expected = [0] * (len(BOUNDS_MS) + 1)
    for answer_ms in (40, 700, 90_000):
        expected[bucket_of(answer_ms)] = 3
    assert row["first_byte_counts"] == expected
    assert await ask_value(database.app_url, "SELECT extract(minute FROM hour)::int FROM traffic_hour") == 0
    await ask(database.app_url, "UPDATE traffic_hour SET hour = hour - interval '101 days' RETURNING 1")
    async with pool.acquire() as connection:
        await forget_traffic(connection, 100)
    assert await ask(database.app_url, "SELECT 1 FROM traffic_hour") == []


async def test_counts_survive_a_database_that_is_away(pool: Pool, database: TestDatabase) -> None:
    """What could not be written is written with the next batch, once."""
    traffic = Traffic()
    traffic.answered(("m", CHANNEL, False), 0.1)
    broken = await pool.acquire()
    await broken.close()
    with pytest.raises(asyncpg.InterfaceError):
        await traffic.exchange(broken)
    traffic.answered(("m", CHANNEL, False), 0.1)
    async with pool.acquire() as connection:
        await traffic.exchange(connection)
    assert await ask_value(database.app_url, "SELECT answered FROM traffic_hour") == 2


async def test_workers_agree_on_the_pace(pool: Pool) -> None:
    """What one worker measures all of them route by; time-outs and calls that were given up count as slow."""
    one, another = Traffic(), Traffic()
    for _ in range(20):
        one.answered(("m", CHANNEL, False), 0.2)
        another.answered(("m", OTHER, False), 1.6)
    async with pool.acquire() as connection:
        for traffic in (one, another, one, another):
            await traffic.exchange(connection)
        assert one.levels("m", stream=False) == another.levels("m", stream=False) == {CHANNEL: 8, OTHER: 11}
        assert one.levels("m", stream=True) == {}
        one.abandoned(("m", CHANNEL, False), 30.0)
        await one.exchange(connection)
        await another.exchange(connection)
        assert another.levels("m", stream=False)[CHANNEL] > 12
        await connection.execute("UPDATE pace SET at = at - interval '11 minutes'")
        await one.exchange(connection)
        assert one.levels("m", stream=False) == {}  # unknown again, and so tried again


async def test_the_last_counts_are_handed_over(pool: Pool, database: TestDatabase) -> None:
    """A worker that ends in order loses nothing."""
    async with workers(pool, 1) as (health,):
        await until(lambda: ask(database.app_url, "SELECT 1 FROM pg_stat_activity WHERE application_name = 'test'"))
        health.traffic.answered(("m", CHANNEL, False), 0.1)
    assert await ask_value(database.app_url, "SELECT answered FROM traffic_hour") == 1
