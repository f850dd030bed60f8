"""What dead workers leave behind is put right, and nobody who lives is swept away."""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from structlog.testing import capture_logs
from tests.support.postgres import TestDatabase
from tests.support.tills import (
    IDS,
    a_till,
    ask,
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

from farebox.kit.logging import get_logger
from farebox.storage.database import connect
from farebox.till.heartbeat import mark_dead
from farebox.till.operations import Admitted, Cap, Refused
from farebox.till.spool import Spool
from farebox.till.till import Till
from farebox.worker.adoption import Adoption
from farebox.worker.sweeper import Sweeper

_HOLDS = "SELECT count(*) FROM hold"


@asynccontextmanager
async def a_connection(database: TestDatabase) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await connect(database.app_url, application_name="test")
    try:
        yield connection
    finally:
        await connection.close()


def a_sweeper(till: Till, node_id: uuid.UUID, spool_dir: Path, silence_s: float = 60.0) -> Sweeper:
    return Sweeper(till, node_id, spool_dir, get_logger("test"), silence_s=silence_s)


async def kill_workers_under_load(database: TestDatabase, directory: Path, rounds: int, seed: int) -> None:
    """kill -9 at any moment, between any two steps; each round a new worker in its place."""
    account_id, key_id = await open_account(database.app_url, 10**12)
    order = {
        "mode": "load",
        "url": database.app_url,
        "spool_dir": directory / "spool",
        "node_id": uuid.uuid4(),
        "account_id": account_id,
        "key_id": key_id,
        "clients": 16,
        "log": directory / "answers.log",
    }
    source = random.Random(seed)
    async with a_till(database.app_url, directory / "spool", order["node_id"]) as till:
        for _ in range(rounds):
            process = await till_process(**order)
            assert process.stdin is not None
            process.stdin.write(b"go\n")
            await asyncio.sleep(source.uniform(0.05, 0.4))
            process.kill()
            await process.wait()
            await bury_and_sweep(till, database.app_url, directory / "spool", order["node_id"])
            assert await ask_value(database.app_url, _HOLDS) == 0
    await assert_answers_stand(database.app_url, directory / "answers.log", 10**12)


async def test_workers_killed_under_load(database: TestDatabase, tmp_path: Path) -> None:
    """After kill -9 no hold is left, everything acknowledged is charged once, and the rest is 'delivery unknown'."""
    await kill_workers_under_load(database, tmp_path, 3, seed=3)


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_workers_killed_under_load_for_long(database: TestDatabase, tmp_path: Path) -> None:
    """The same, fifty times."""
    await kill_workers_under_load(database, tmp_path, 50, seed=50)


async def test_a_spool_comes_before_the_voids(database: TestDatabase, tmp_path: Path) -> None:
    """A dead worker's settlement in its spool is charged; only what it had not settled is voided."""
    account_id, key_id = await open_account(database.app_url, 1000)
    node_id, dead_id = uuid.uuid4(), IDS.new()
    async with a_till(database.app_url, tmp_path / "other", node_id) as other, a_connection(database) as connection:
        settled, open_call = call(account_id, key_id), call(account_id, key_id)
        for made in (settled, open_call):
            assert isinstance(await other.admit(made), Admitted)
        # The worker that admitted them dies with one settlement in its spool.
        await connection.execute("INSERT INTO worker (id, node_id, dead_at) VALUES ($1, $2, now())", dead_id, node_id)
        await connection.execute("UPDATE hold SET worker_id = $1", dead_id)
        spool = await asyncio.to_thread(Spool.create, tmp_path, dead_id)
        await spool.append([ending(settled)])
        async with a_till(database.app_url, tmp_path, node_id) as till:
            sweeper = a_sweeper(till, node_id, tmp_path)
            await sweeper.sweep(connection)
            assert await ask_value(database.app_url, _HOLDS) == 2
            spool.close()
            await Adoption(till, tmp_path, get_logger("test")).work(connection)
            await sweeper.sweep(connection)
    jobs = await ask(database.app_url, "SELECT id, status, charge_nano FROM job")
    assert {row["id"]: (row["status"], row["charge_nano"]) for row in jobs} == {
        settled.job_id: ("settled", 10),
        open_call.job_id: ("voided", 0),
    }
    await assert_clean(database.app_url)


async def test_an_outage_voids_nothing(database: TestDatabase, tmp_path: Path) -> None:
    """Silence counts only while the sweeper itself had the database without a gap."""
    account_id, key_id = await open_account(database.app_url, 1000)
    node_id = uuid.uuid4()
    async with a_till(database.app_url, tmp_path, node_id) as till, a_connection(database) as connection:
        assert isinstance(await till.admit(call(account_id, key_id)), Admitted)
        await connection.execute("UPDATE worker SET beat_at = now() - interval '1 hour', node_id = gen_random_uuid()")
        sweeper = a_sweeper(till, node_id, tmp_path, silence_s=30.0)
        await sweeper.sweep(connection)
        sweeper.watch.saw(0.0)
        for now_s in (10.0, 20.0, 29.0):
            sweeper.watch.saw(now_s)
            await sweeper.sweep(connection)
        sweeper.watch.missed()
        for now_s in (33.0, 40.0, 50.0, 60.0, 62.0):
            sweeper.watch.saw(now_s)
            await sweeper.sweep(connection)
        assert await ask_value(database.app_url, _HOLDS) == 1
        sweeper.watch.saw(63.0)
        await sweeper.sweep(connection)
        assert await ask_value(database.app_url, _HOLDS) == 0
    await assert_clean(database.app_url)


async def test_a_hold_past_its_deadline_is_voided(database: TestDatabase, tmp_path: Path) -> None:
    """A hold has an absolute end, even if its worker lives and has forgotten it; a late settlement still counts."""
    account_id, key_id = await open_account(database.app_url, 1000)
    async with a_till(database.app_url, tmp_path) as till, a_connection(database) as connection:
        made = call(account_id, key_id, hold_lifetime_s=0)
        kept = call(account_id, key_id)
        await asyncio.gather(till.admit(made), till.admit(kept))
        await a_sweeper(till, uuid.uuid4(), tmp_path).sweep(connection)
        assert await ask_value(database.app_url, "SELECT job_id FROM hold") == kept.job_id
        assert await ask_value(database.app_url, "SELECT outcome FROM job") == "timeout"
        late = await till.settle(ending(made))
        assert (late.charge_nano, late.repeated) == (10, False)
        assert await ask_value(database.app_url, "SELECT status FROM job") == "settled"
    await assert_clean(database.app_url)


async def test_a_swept_call_that_ran_again_is_charged_once(database: TestDatabase, tmp_path: Path) -> None:
    """Its first run settles late: the Idempotency-Key is the second run's by then, and that one is charged."""
    account_id, key_id = await open_account(database.app_url, 1000)
    async with a_till(database.app_url, tmp_path) as till, a_connection(database) as connection:
        first = call(account_id, key_id, hold_lifetime_s=0, idempotency_key="once", body_hash=b"b")
        assert isinstance(await till.admit(first), Admitted)
        await a_sweeper(till, uuid.uuid4(), tmp_path).sweep(connection)
        second = call(account_id, key_id, idempotency_key="once", body_hash=b"b")
        assert isinstance(await till.admit(second), Admitted)
        late = await till.settle(ending(first, idempotency_key="once"))
        assert (late.charge_nano, late.write_off_nano) == (0, 10)
        assert (await till.settle(ending(second, idempotency_key="once"))).charge_nano == 10
    assert await ask_value(database.app_url, "SELECT balance_nano FROM account") == 990
    await assert_clean(database.app_url)


async def test_the_place_of_a_swept_job_comes_back(database: TestDatabase, tmp_path: Path) -> None:
    """Its worker lives: its own ending frees the place under a cap on jobs at once that the sweeper could not free."""
    account_id, key_id = await open_account(database.app_url, 1000)
    cap = Cap("channel_jobs:x", 1, daily=False)
    async with (
        a_till(database.app_url, tmp_path / "gateway") as till,
        a_till(database.app_url, tmp_path / "worker") as other,
        a_connection(database) as connection,
    ):
        made = call(account_id, key_id, 10, cap, hold_lifetime_s=0)
        assert isinstance(await till.admit(made), Admitted)
        await a_sweeper(other, uuid.uuid4(), tmp_path / "worker").sweep(connection)
        assert isinstance(await till.admit(call(account_id, key_id, 10, cap)), Refused)
        await till.void(voiding(made))

        async def has_room() -> bool:
            return isinstance(await till.admit(call(account_id, key_id, 10, cap)), Admitted)

        await until(has_room)


@pytest.mark.timeout(60)
async def test_a_hold_that_cannot_be_voided_does_not_stop_the_sweep(
    database: TestDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried once in a sweep, put aside for the operator, and the others go."""
    monkeypatch.setattr("farebox.worker.sweeper._MOST_AT_ONCE", 1)
    account_id, key_id = await open_account(database.app_url, 1000)
    async with a_till(database.app_url, tmp_path) as till, a_connection(database) as connection:
        for _ in range(2):
            assert isinstance(await till.admit(call(account_id, key_id, hold_lifetime_s=0)), Admitted)
        stuck = await ask_value(database.app_url, "SELECT job_id FROM hold LIMIT 1")
        await ask(database.owner_url, f"ALTER TABLE job ADD CONSTRAINT stuck CHECK (id <> '{stuck}')")
        # What the till says of it is not printed: with a traceback, that takes longer than a callback may.
        with capture_logs():
            await a_sweeper(till, uuid.uuid4(), tmp_path).sweep(connection)
        assert await ask_value(database.app_url, "SELECT job_id FROM hold WHERE job_id = $1", stuck) == stuck


async def test_a_dead_workers_places_come_back(database: TestDatabase, tmp_path: Path) -> None:
    """Places of caps on jobs at once that died with their worker can be used again."""
    account_id, key_id = await open_account(database.app_url, 1000)
    cap = Cap("channel_jobs:x", 2, daily=False)
    node_id = uuid.uuid4()
    async with (
        a_till(database.app_url, tmp_path / "dead", uuid.uuid4()) as dead,
        a_till(database.app_url, tmp_path, node_id) as till,
        a_connection(database) as connection,
    ):
        for _ in range(2):
            assert isinstance(await dead.admit(call(account_id, key_id, 10, cap)), Admitted)
        await mark_dead(connection, dead.worker_id)
        await connection.execute("UPDATE worker SET beat_at = beat_at - interval '2 minutes' WHERE dead_at IS NOT NULL")
        await a_sweeper(till, node_id, tmp_path).sweep(connection)
        assert await ask_value(database.app_url, "SELECT leased FROM cap_meter") == 0
        assert await ask_value(database.app_url, _HOLDS) == 0
        assert isinstance(await till.admit(call(account_id, key_id, 10, cap)), Admitted)
