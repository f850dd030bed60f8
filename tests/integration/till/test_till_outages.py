"""The database away, hung or killed: new jobs hear of it at once, endings are never lost and never doubled."""

import asyncio
import os
import random
import signal
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from tests.support.postgres import TestDatabase, TestPostgres
from tests.support.stopwatch import Stopwatch
from tests.support.tills import (
    a_till,
    ask_value,
    assert_answers_stand,
    assert_clean,
    bury_and_sweep,
    call,
    ending,
    open_account,
    till_process,
    until,
    voiding,
)

from farebox.till.operations import Admitted, Settled, Unavailable


@pytest.fixture(scope="module")
def own_postgres() -> Iterator[TestPostgres]:
    """A server that these tests may stop and kill."""
    server = TestPostgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_database(own_postgres: TestPostgres) -> TestDatabase:
    return own_postgres.create()


@asynccontextmanager
async def kept_running(postgres: TestPostgres) -> AsyncIterator[None]:
    """The server comes back whenever it is killed."""
    keeper = asyncio.create_task(postgres.server.keep_running())
    try:
        yield
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)


async def test_the_database_away(own_postgres: TestPostgres, own_database: TestDatabase, tmp_path: Path) -> None:
    """New jobs get 503 at once, endings go to the spool, and are posted exactly once when it is back."""
    account_id, key_id = await open_account(own_database.app_url, 1000)
    async with a_till(own_database.app_url, tmp_path) as till:
        calls = [call(account_id, key_id) for _ in range(20)]
        assert all(isinstance(got, Admitted) for got in await asyncio.gather(*map(till.admit, calls)))
        await own_postgres.server.stop()
        watch = Stopwatch()
        assert await till.admit(call(account_id, key_id)) == Unavailable()
        assert watch.elapsed_s < 2.0
        settled = await asyncio.gather(*(till.settle(ending(made)) for made in calls[:15]))
        assert set(settled) == {Settled(charge_nano=10, write_off_nano=0, balance_after_nano=None)}
        # Told again by a caller that did not hear the answer: once in the spool or twice, it is posted once.
        await asyncio.gather(*(till.settle(ending(made)) for made in calls[:2]))
        await asyncio.gather(*(till.void(voiding(made)) for made in calls[15:]))
        watch = Stopwatch()
        assert await till.admit(call(account_id, key_id)) == Unavailable()
        assert watch.elapsed_s < 0.5
        await own_postgres.server.start()

        async def admitted() -> bool:
            return isinstance(await till.admit(call(account_id, key_id)), Admitted)

        await until(admitted)
        # Whatever is asked after the outage comes after what waited in the spool.
        assert await ask_value(own_database.app_url, "SELECT balance_nano FROM account") == 850
        assert await ask_value(own_database.app_url, "SELECT count(*) FROM job WHERE status = 'voided'") == 5

        async def none_in_delivery() -> bool:
            return await ask_value(own_database.app_url, "SELECT in_delivery FROM worker") == []

        await until(none_in_delivery)
    assert not list(tmp_path.iterdir())
    await assert_clean(own_database.app_url)


async def test_a_spool_outlives_its_process(
    own_postgres: TestPostgres, own_database: TestDatabase, tmp_path: Path
) -> None:
    """A till that ends while the database is away leaves its spool behind, whole and unlocked."""
    account_id, key_id = await open_account(own_database.app_url, 1000)
    async with a_till(own_database.app_url, tmp_path) as till:
        made = call(account_id, key_id)
        await till.admit(made)
        await own_postgres.server.stop()
        assert (await till.settle(ending(made))).balance_after_nano is None
    await own_postgres.server.start()
    assert len(list(tmp_path.glob("*.spool"))) == 1


async def test_a_lock_that_is_not_given_back(own_database: TestDatabase, tmp_path: Path) -> None:
    """A stranger that sits on an account's row delays nobody for more than two seconds, and no ending is lost."""
    account_id, key_id = await open_account(own_database.app_url, 1000)
    async with a_till(own_database.app_url, tmp_path) as till:
        made = call(account_id, key_id)
        await till.admit(made)
        stranger = await asyncpg.connect(own_database.app_url)
        await stranger.execute("BEGIN")
        await stranger.execute("SELECT FROM account FOR UPDATE")
        watch = Stopwatch()
        refused, settled = await asyncio.gather(till.admit(call(account_id, key_id)), till.settle(ending(made)))
        assert watch.elapsed_s < 5  # two, with room for a database on a busy machine
        assert refused == Unavailable()
        assert settled.balance_after_nano is None
        await stranger.close()

        async def posted() -> bool:
            return await ask_value(own_database.app_url, "SELECT balance_nano FROM account") == 990

        await until(posted)
        await till.drain()

        async def nothing_held() -> bool:
            return await ask_value(own_database.app_url, "SELECT count(*) FROM hold") == 0

        await until(nothing_held)
    await assert_clean(own_database.app_url)


async def test_a_connection_lost_before_commit(own_database: TestDatabase, tmp_path: Path) -> None:
    """Sessions cut again and again cost time only: every call is admitted once, every ending posted once."""
    account_id, key_id = await open_account(own_database.app_url, 100_000)
    async with a_till(own_database.app_url, tmp_path) as till:
        cutter = await asyncpg.connect(own_database.admin_url)
        cuts = 0
        charged = 0

        async def client() -> None:
            nonlocal charged
            while cuts < 15:
                made = call(account_id, key_id)
                if isinstance(await till.admit(made), Admitted):
                    await till.settle(ending(made))
                    charged += 1

        clients = [asyncio.create_task(client()) for _ in range(8)]
        source = random.Random(1)
        while cuts < 15:
            await asyncio.sleep(source.uniform(0.02, 0.1))
            cuts += await cutter.fetchval(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'farebox-till'"
            )
        await asyncio.gather(*clients)
        await cutter.close()
        await till.drain()

        async def nothing_held() -> bool:
            return await ask_value(own_database.app_url, "SELECT count(*) FROM hold") == 0

        await until(nothing_held)
        assert await ask_value(own_database.app_url, "SELECT balance_nano FROM account") == 100_000 - 10 * charged
    await assert_clean(own_database.app_url)


async def kill_under_load(postgres: TestPostgres, database: TestDatabase, spool_dir: Path, rounds: int) -> None:
    account_id, key_id = await open_account(database.app_url, 10**12)
    log = spool_dir / "answers.log"
    order = {
        "mode": "load",
        "url": database.app_url,
        "spool_dir": spool_dir / "spool",
        "node_id": uuid.uuid4(),
        "account_id": account_id,
        "key_id": key_id,
        "clients": 16,
        "log": log,
    }
    spool_dir.mkdir(exist_ok=True)
    processes = [await till_process(**order) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"go\n")
    source = random.Random(rounds)
    async with kept_running(postgres):
        for number in range(rounds):
            await asyncio.sleep(source.uniform(0.1, 0.5))
            killed = postgres.server.pid
            # SIGQUIT is PostgreSQL's own 'immediate': no goodbye, crash recovery at the next start.
            os.kill(killed, signal.SIGKILL if number % 2 else signal.SIGQUIT)
            await until(partial(serves_again, postgres, database, killed), 60.0)
            answers = log.stat().st_size
            await until(partial(has_grown, log, answers + 4000), 60.0)
        for process in processes:
            process.kill()
            await process.wait()
        async with a_till(database.app_url, spool_dir / "spool", order["node_id"]) as till:
            await bury_and_sweep(till, database.app_url, spool_dir / "spool", order["node_id"])
    await assert_answers_stand(database.app_url, log, 10**12)


async def serves_again(postgres: TestPostgres, database: TestDatabase, killed: int) -> bool:
    if postgres.server.pid == killed:
        return False
    try:
        return bool(await ask_value(database.app_url, "SELECT true"))
    except (OSError, asyncpg.PostgresError):
        return False


async def has_grown(log: Path, size: int) -> bool:
    return log.stat().st_size > size


async def test_postgresql_killed_under_load(
    own_postgres: TestPostgres, own_database: TestDatabase, tmp_path: Path
) -> None:
    """No acknowledged answer is lost or doubled by a crash of the database, COMMITs in doubt included."""
    await kill_under_load(own_postgres, own_database, tmp_path, 3)


@pytest.mark.long
@pytest.mark.timeout(1800)
async def test_postgresql_killed_under_load_for_long(own_postgres: TestPostgres, tmp_path: Path) -> None:
    """The same, fifty times."""
    # The keeper gives a server up that ends five times within ten seconds each: a crowd of rounds, with fresh counts.
    for number in range(17):
        database = await asyncio.to_thread(own_postgres.create)
        await kill_under_load(own_postgres, database, tmp_path / str(number), 3)
