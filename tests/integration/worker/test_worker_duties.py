"""The periodic duties on a real database."""

import uuid
from pathlib import Path

import pytest
from tests.support.postgres import TestDatabase
from tests.support.tills import IDS, a_till, ask_value, call, ending, open_account

from farebox.boot.ledger_heads import LedgerHeads
from farebox.kit.clock import SystemClock
from farebox.kit.logging import get_logger
from farebox.storage.database import Connection, connect, create_pool
from farebox.worker.duty import Duty, perform
from farebox.worker.retention import Retention
from farebox.worker.run import MOST_CONNECTIONS, WorkerRun
from farebox.worker.sealer import Publication, Sealer


async def test_a_duty_has_one_leader(database: TestDatabase) -> None:
    """Any number of nodes may run the same duty; one at a time does its work."""
    pool = await create_pool(database.app_url, application_name="test", max_size=3)
    turns: list[bool] = []

    async def inner(_: Connection) -> None:
        turns.append(True)

    async def outer(_: Connection) -> None:
        turns.append(await perform(Duty("sealer", inner, 1.0), pool))

    assert await perform(Duty("sealer", outer, 1.0), pool)
    assert turns == [False]
    assert await perform(Duty("sealer", inner, 1.0), pool)
    await pool.close()


async def test_sealing_publishes_each_head_once(database: TestDatabase, tmp_path: Path) -> None:
    """A block's hash goes outside of the database; without anything new there is no new block."""
    account_id, key_id = await open_account(database.app_url, 1000)
    async with a_till(database.app_url, tmp_path) as till:
        made = call(account_id, key_id)
        await till.admit(made)
        await till.settle(ending(made))
    heads = LedgerHeads(tmp_path / "heads.jsonl")
    connection = await connect(database.app_url, application_name="test")
    for _ in range(2):
        await Sealer(get_logger("test")).work(connection)
        await Publication(heads, get_logger("test")).work(connection)
    await connection.close()
    assert [head.height for head in heads.read().heads] == [1]


async def test_what_is_forgotten_and_what_is_kept(database: TestDatabase) -> None:
    """Old keys, counters and dead workers go; what something still refers to stays."""
    account_id, _ = await open_account(database.app_url, 0)
    connection = await connect(database.app_url, application_name="test")
    for hours in (23, 30):
        await connection.execute(
            "INSERT INTO idempotency (account_id, key, body_hash, job_id, created_at)"
            " VALUES ($1, $2, '', $1, now() - make_interval(hours => $3))",
            account_id,
            str(hours),
            hours,
        )
    gone, holding = IDS.new(), IDS.new()
    for worker_id in (gone, holding):
        await connection.execute(
            "INSERT INTO worker (id, node_id, dead_at) VALUES ($1, $1, now() - interval '8 days')", worker_id
        )
    await connection.execute("INSERT INTO cap_lease VALUES ($1, 'channel_jobs:x', 1)", holding)
    await connection.execute("INSERT INTO account_model_day VALUES ($1, 'm', 1, 5)", account_id)
    await Retention().work(connection)
    assert [row[0] for row in await connection.fetch("SELECT key FROM idempotency")] == ["23"]
    assert [row[0] for row in await connection.fetch("SELECT id FROM worker")] == [holding]
    assert await connection.fetchval("SELECT count(*) FROM account_model_day") == 0
    await connection.close()


async def test_every_duty_can_have_its_connection(database: TestDatabase, tmp_path: Path) -> None:
    """However long all others take, the sweep inside the node's duty and the till's heartbeat get through."""
    pool = await create_pool(database.app_url, application_name="test", max_size=MOST_CONNECTIONS)
    run = WorkerRun(
        database.app_url,
        pool,
        unit="USD",
        node_id=uuid.uuid4(),
        spool_dir=tmp_path,
        ids=IDS,
        clock=SystemClock(),
        logger=get_logger("test"),
        heads=LedgerHeads(tmp_path / "heads.jsonl"),
    )
    assert len(run._duties) + 2 <= MOST_CONNECTIONS
    await pool.close()


@pytest.mark.parametrize("days", [7])
async def test_a_worker_starts_and_leaves(database: TestDatabase, tmp_path: Path, days: int) -> None:
    """The first thing is partitions for the coming week; the last a clean exit."""
    pool = await create_pool(database.app_url, application_name="test", max_size=5)
    run = WorkerRun(
        database.app_url,
        pool,
        unit="USD",
        node_id=uuid.uuid4(),
        spool_dir=tmp_path,
        ids=IDS,
        clock=SystemClock(),
        logger=get_logger("test"),
        heads=LedgerHeads(tmp_path / "heads.jsonl"),
    )
    await run.start()
    ahead = f"SELECT to_regclass('job_' || to_char((now() AT TIME ZONE 'UTC')::date + {days}, 'YYYYMMDD')) IS NOT NULL"
    assert await ask_value(database.app_url, ahead)
    await run.close()
    await pool.close()
    assert await ask_value(database.app_url, "SELECT dead_at IS NOT NULL FROM worker")
    assert not list(tmp_path.iterdir())
