"""Partitions by day: made ahead, by anyone at any time, and dropped when they are over."""

import asyncio
import uuid
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest
from tests.support.postgres import TestDatabase

from farebox.kit.ids import first_id_at
from farebox.storage.database import connect
from farebox.storage.partitions import drop_partitions_before, ensure_partitions

FAR_DAY = date(2040, 2, 28)
TABLES = ("entry", "job", "refusal", "trace", "txn")


def _first_ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


async def _partition_of(connection: asyncpg.Connection, row_id: uuid.UUID) -> str:
    return await connection.fetchval(
        """INSERT INTO refusal (account_id, id, key_id, at, endpoint, model, status, code)
           VALUES ($1, $1, $1, now(), 'e', 'm', 402, 'c') RETURNING tableoid::regclass::text""",
        row_id,
    )


async def test_asking_twice_makes_them_once(database: TestDatabase) -> None:
    """All tables times the days, over a leap day; the second time there is nothing to do."""
    connection = await connect(database.app_url, application_name="test")
    owner = await connect(database.owner_url, application_name="test")
    try:
        first = await ensure_partitions(connection, FAR_DAY, days_ahead=2)
        second = await ensure_partitions(connection, FAR_DAY, days_ahead=2)
        days = ("20400228", "20400229", "20400301")
        assert first.created == tuple(f"{table}_{day}" for table in TABLES for day in days)
        assert second.created == ()
        assert first.skipped == second.skipped == ()
    finally:
        await connection.close()
        await owner.close()


async def test_any_number_may_ask_at_once(database: TestDatabase) -> None:
    """Workers that start together neither fail nor make a partition twice."""
    connections = await asyncio.gather(*(connect(database.app_url, application_name="test") for _ in range(5)))
    try:
        asked = await asyncio.gather(*(ensure_partitions(one, FAR_DAY, days_ahead=1) for one in connections))
        assert sorted(len(ensured.created) for ensured in asked) == [0, 0, 0, 0, 2 * len(TABLES)]
    finally:
        for connection in connections:
            await connection.close()


async def test_who_waits_for_a_reader_lets_others_through(database: TestDatabase) -> None:
    """Attaching gives up its place in the queue and tries again: traffic behind it waits for a moment only."""
    reader, maker, writer = await asyncio.gather(
        *(connect(database.app_url, application_name="test") for _ in range(3))
    )
    try:
        async with reader.transaction():
            await reader.fetch("SELECT FROM refusal")  # holds every partition, the default one included
            making = asyncio.create_task(ensure_partitions(maker, FAR_DAY, days_ahead=0))
            while not await writer.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"):
                assert not making.done()
            async with asyncio.timeout(2):
                await writer.fetch("SELECT FROM refusal")
            assert not making.done()
        assert "refusal_20400228" in (await making).created
    finally:
        for connection in (reader, maker, writer):
            await connection.close()


async def test_a_row_lands_on_its_day(database: TestDatabase) -> None:
    """The bounds are the first and last millisecond of the UTC day."""
    connection = await connect(database.owner_url, application_name="test")
    try:
        await ensure_partitions(connection, FAR_DAY, days_ahead=1)
        first, next_first = first_id_at(_first_ms(FAR_DAY)), first_id_at(_first_ms(FAR_DAY + timedelta(days=1)))
        assert await _partition_of(connection, first) == "refusal_20400228"
        assert await _partition_of(connection, uuid.UUID(int=next_first.int - 1)) == "refusal_20400228"
        assert await _partition_of(connection, next_first) == "refusal_20400229"
    finally:
        await connection.close()


async def test_a_day_that_began_without_its_partition_stays_in_the_default_one(database: TestDatabase) -> None:
    """Rows are never lost or moved: the partition is skipped, reported, and the other tables get theirs."""
    connection = await connect(database.owner_url, application_name="test")
    try:
        assert await _partition_of(connection, first_id_at(_first_ms(FAR_DAY) + 5)) == "refusal_default"
        ensured = await ensure_partitions(connection, FAR_DAY, days_ahead=0)
        assert ensured.skipped == ("refusal_20400228",)
        assert ensured.created == tuple(f"{table}_20400228" for table in TABLES if table != "refusal")
        assert await connection.fetchval("SELECT count(*) FROM refusal") == 1
    finally:
        await connection.close()


async def test_new_partitions_are_closed_to_the_application(database: TestDatabase) -> None:
    """A right on the parent cannot be widened by naming the partition; its triggers hold there too."""
    connection = await connect(database.app_url, application_name="test")
    owner = await connect(database.owner_url, application_name="test")
    try:
        await ensure_partitions(connection, FAR_DAY, days_ahead=0)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM entry_20400228")
        triggers = (
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'entry_20400228'::regclass AND tgname = 'append_only'"
        )
        assert await owner.fetchval(triggers) == 1
    finally:
        await connection.close()
        await owner.close()


async def test_only_days_that_are_over_can_be_dropped(database: TestDatabase) -> None:
    """The application may drop old jobs, never today's, never the ledger, never another table."""
    today = datetime.now(UTC).date()
    connection = await connect(database.app_url, application_name="test")
    owner = await connect(database.owner_url, application_name="test")
    try:
        old = date(2020, 1, 1)
        await ensure_partitions(connection, old, days_ahead=1)
        assert await drop_partitions_before(connection, "job", old + timedelta(days=1)) == ("job_20200101",)
        assert await drop_partitions_before(connection, "job", today - timedelta(days=1)) == ("job_20200102",)
        for table, day in (("job", today), ("account", old), ("job_default", old)):
            with pytest.raises(asyncpg.InvalidParameterValueError):
                await drop_partitions_before(connection, table, day)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await drop_partitions_before(connection, "entry", old)
        dropped = await drop_partitions_before(owner, "entry", date(2020, 1, 3))
        assert dropped == ("entry_20200101", "entry_20200102")
    finally:
        await connection.close()
        await owner.close()
