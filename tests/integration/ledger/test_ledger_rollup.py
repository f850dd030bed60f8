"""The rollups of usage and margin: equal to the jobs, whatever ends late, however often they are built."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.support.calls import add_key, end_job, id_at, open_job
from tests.support.postgres import TestDatabase

from farebox.kit.ids import IdSource, first_id_at, unix_ms_of
from farebox.ledger import usage
from farebox.ledger.rollup import HOUR_MS, roll_up
from farebox.storage.database import Connection, connect

_DAY_MS = 24 * HOUR_MS
_NOW_MS = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"


async def _begin(connection: Connection, days_ago: int, *, look_again: bool) -> None:
    """The rollups begin so many days ago, as in a deployment that has run since then."""
    now_ms = await connection.fetchval(_NOW_MS)
    begin_ms = now_ms - now_ms % HOUR_MS - days_ago * _DAY_MS
    await connection.execute(
        "UPDATE usage_mark SET until_ms = $1, until_id = $2, checked_ms = $3",
        begin_ms,
        first_id_at(begin_ms),
        begin_ms if look_again else now_ms + _DAY_MS,
    )


async def _differences(connection: Connection) -> list[Any]:
    """What the rollup below its mark and the jobs below it do not agree on."""
    return list(
        await connection.fetch(
            """
            WITH mine AS (
                SELECT account_id, hour, key_id, model, jobs, voided, charge_nano, cost_nano, output_tokens
                FROM usage_hour
            ), theirs AS (
                SELECT account_id, date_trunc('hour', farebox_id_at(id), 'UTC'), key_id, model,
                       count(*) FILTER (WHERE status = 'settled'), count(*) FILTER (WHERE status = 'voided'),
                       sum(charge_nano)::bigint, sum(cost_nano)::bigint, sum(output_tokens)::bigint
                FROM job WHERE id < (SELECT until_id FROM usage_mark) GROUP BY 1, 2, 3, 4
            )
            (TABLE mine EXCEPT TABLE theirs) UNION ALL (TABLE theirs EXCEPT TABLE mine)
            """
        )
    )


async def _settle_late(connection: Connection, job_id: UUID) -> None:
    await connection.execute(
        "UPDATE job SET status = 'settled', charge_nano = 77, cost_nano = 5 WHERE id = $1 AND status = 'voided'", job_id
    )


@pytest.fixture
async def key_id(connection: Connection, ids: IdSource, account_id: UUID) -> UUID:
    await connection.execute("UPDATE account SET balance_nano = 1000000000")
    return await add_key(connection, ids, account_id)


@pytest.mark.parametrize("seed", range(4))
async def test_the_rollup_equals_the_jobs_after_random_late_changes(
    connection: Connection, ids: IdSource, account_id: UUID, key_id: UUID, seed: int
) -> None:
    """Jobs end out of order, hours after they began, or settle after they were voided: the next build has them."""
    source, now = random.Random(seed), datetime.now(UTC)
    await _begin(connection, 3, look_again=False)
    running: list[UUID] = []
    voided: list[UUID] = []
    for _ in range(6):
        oldest_s = 60 if running else 3 * 86_400
        for _ in range(12):
            began = id_at(ids, now - timedelta(seconds=source.randrange(1, oldest_s)))
            match source.randrange(4):
                case 0:
                    running.append(await open_job(connection, began, account_id, key_id))
                case 1:
                    voided.append(
                        await end_job(connection, began, account_id, key_id, status="voided", outcome="provider_error")
                    )
                case _:
                    await end_job(
                        connection, began, account_id, key_id, charge_nano=source.randrange(99), cost_nano=3, model="n"
                    )
        await roll_up(connection)
        assert await _differences(connection) == []
        source.shuffle(running)
        for job_id in (running.pop() for _ in range(len(running) // 2)):
            await connection.execute("DELETE FROM hold WHERE job_id = $1", job_id)
            await end_job(connection, job_id, account_id, key_id, charge_nano=5)
        for job_id in voided[:2]:
            await _settle_late(connection, job_id)
        del voided[:2]
    await roll_up(connection)
    assert await _differences(connection) == []
    total = await connection.fetchval("SELECT sum(charge_nano) FROM job")
    span = usage.span_of("day", now - timedelta(days=5), now + timedelta(days=1), now)
    for split in ("nothing", "model", "key", "member"):
        points = await usage.load_series(connection, account_id, "day", split, span)
        assert sum(point.charge_nano for point in points) == total
    margin = await connection.fetchval("SELECT sum(charge_nano) FROM margin_hour")
    assert margin == await connection.fetchval("SELECT sum(charge_nano) FROM usage_hour")


async def test_a_job_that_runs_for_long_keeps_nobody_waiting(
    connection: Connection, ids: IdSource, account_id: UUID, key_id: UUID
) -> None:
    """The mark passes its hold after two hours, and its end is in the rollup all the same."""
    now = datetime.now(UTC)
    await _begin(connection, 1, look_again=False)
    job_id = await open_job(connection, id_at(ids, now - timedelta(hours=5)), account_id, key_id)
    await end_job(connection, id_at(ids, now - timedelta(hours=4)), account_id, key_id, charge_nano=3)
    await roll_up(connection)
    until_ms = await connection.fetchval("SELECT until_ms FROM usage_mark")
    assert abs(until_ms - (now.timestamp() * 1000 - 2 * HOUR_MS)) < 60_000
    await connection.execute("DELETE FROM hold")
    await end_job(connection, job_id, account_id, key_id, charge_nano=11)
    assert len(await _differences(connection)) == 1
    await roll_up(connection)
    assert await _differences(connection) == []
    assert await connection.fetchval("SELECT count(*) FROM usage_stale") == 0
    assert unix_ms_of(job_id) < await connection.fetchval("SELECT until_ms FROM usage_mark")


async def test_what_no_note_told_of_is_found_a_day_later(
    connection: Connection, ids: IdSource, account_id: UUID, key_id: UUID
) -> None:
    """A row that came below the mark without a hold is counted with the second look."""
    await _begin(connection, 3, look_again=False)
    await roll_up(connection)
    await end_job(connection, id_at(ids, datetime.now(UTC) - timedelta(hours=30)), account_id, key_id, charge_nano=3)
    await roll_up(connection)
    assert len(await _differences(connection)) == 1
    await connection.execute("UPDATE usage_mark SET checked_ms = until_ms - until_ms % 3600000 - 172800000")
    await roll_up(connection)
    assert await _differences(connection) == []


async def test_a_build_that_is_killed_anywhere_is_finished_by_the_next(
    connection: Connection, database: TestDatabase, ids: IdSource, account_id: UUID, key_id: UUID
) -> None:
    """However far it came: what stands is equal to the jobs, and the rest follows."""
    now = datetime.now(UTC)
    await _begin(connection, 2, look_again=True)
    for minutes in range(1, 2880, 60):
        await end_job(connection, id_at(ids, now - timedelta(minutes=minutes)), account_id, key_id, charge_nano=1)
    for turn in range(1, 6):
        other = await connect(database.app_url, application_name="test-killed")
        building = asyncio.create_task(roll_up(other))
        await asyncio.wait([building], timeout=turn * 0.004)
        building.cancel()
        await asyncio.gather(building, return_exceptions=True)
        other.terminate()
        assert await _differences(connection) == []
    await roll_up(connection)
    assert await _differences(connection) == []
    assert await roll_up(connection) <= 1


async def test_two_who_build_at_once_do_not_disturb_each_other(
    connection: Connection, database: TestDatabase, ids: IdSource, account_id: UUID, key_id: UUID
) -> None:
    """The worker's duty and the command line: the second waits, and finds it done."""
    now = datetime.now(UTC)
    await _begin(connection, 2, look_again=True)
    for minutes in range(1, 2880, 240):
        await end_job(connection, id_at(ids, now - timedelta(minutes=minutes)), account_id, key_id, charge_nano=1)
    others = [await connect(database.app_url, application_name="test") for _ in range(3)]
    built = await asyncio.gather(*(roll_up(other) for other in others))
    for other in others:
        await other.close()
    assert sorted(hours > 1 for hours in built) == [False, False, True]
    assert await _differences(connection) == []
