"""Slices of shared caps under contention."""

import asyncio
from typing import Any

import pytest
from tests.support.postgres import TestDatabase
from tests.support.tills import IDS

from farebox.storage.database import connect, create_pool
from farebox.till import lease_store
from farebox.till.leases import Leases
from farebox.till.operations import Cap


async def test_slices_taken_at_once_add_up_to_the_cap(database: TestDatabase) -> None:
    """However many workers take from one row at the same moment, together they get the cap, and never more."""
    pool = await create_pool(database.app_url, application_name="test", min_size=8, max_size=8)
    workers = [IDS.new() for _ in range(8)]
    async with pool.acquire() as connection:
        await lease_store.ensure_meters(connection, [("channel_jobs:x", 0), ("model:m", 9)])

    async def take_often(number: int) -> int:
        got = 0
        async with pool.acquire() as connection:
            for _ in range(60):
                wants = [("channel_jobs:x", 0, 1, 200), ("model:m", 9, 7, 1001)]
                granted = await lease_store.take(connection, workers[number], wants)
                got += granted["channel_jobs:x"]
                if number % 2 and granted["channel_jobs:x"]:
                    await lease_store.give_back(connection, workers[number], [("channel_jobs:x", 0, 1)])
                    got -= 1
        return got

    taken = sum(await asyncio.gather(*map(take_often, range(8))))
    async with pool.acquire() as connection:
        leased = dict(await connection.fetch("SELECT scope, leased FROM cap_meter"))
        noted = await connection.fetchval("SELECT sum(leased)::bigint FROM cap_lease")
    await pool.close()
    assert leased == {"channel_jobs:x": taken, "model:m": 1001}
    assert noted == taken <= 200


async def test_the_last_place_is_taken_once(database: TestDatabase) -> None:
    """Eight workers that all see one place left at the same moment: one gets it. Over and over."""
    pool = await create_pool(database.app_url, application_name="test", min_size=8, max_size=8)
    scopes = [f"channel_jobs:{number}" for number in range(150)]
    async with pool.acquire() as connection:
        await lease_store.ensure_meters(connection, [(scope, 0) for scope in scopes])
    connections = [await pool.acquire() for _ in range(8)]
    workers = [IDS.new() for _ in connections]
    for scope in scopes:
        granted = await asyncio.gather(
            *(
                lease_store.take(connection, worker_id, [(scope, 0, 1, 1)])
                for connection, worker_id in zip(connections, workers, strict=True)
            )
        )
        assert sum(got[scope] for got in granted) == 1
    for connection in connections:
        await pool.release(connection)
    await pool.close()


class LosesAnswers:
    """A connection that carries a statement out and breaks before it says so."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def fetch(self, *arguments: Any) -> Any:
        await self._connection.fetch(*arguments)
        raise ConnectionResetError

    async def execute(self, *arguments: Any) -> Any:
        await self._connection.execute(*arguments)
        if "cap_lease" in arguments[0]:
            raise ConnectionResetError


async def test_what_is_lost_with_a_connection_is_found_again(database: TestDatabase) -> None:
    """A slice that was taken without our hearing of it goes back at the next chance, and what we hold stays."""
    connection = await connect(database.app_url, application_name="test")
    leases, worker_id, cap = Leases(), IDS.new(), Cap("channel_jobs:x", 100, daily=False)
    await leases.acquire(connection, worker_id, {cap.scope: 1}, {cap.scope: cap}, 9, 0.0)
    with pytest.raises(ConnectionResetError):
        await leases.acquire(LosesAnswers(connection), worker_id, {cap.scope: 5}, {cap.scope: cap}, 9, 0.0)
    held = leases.left(9)[cap.scope]
    assert await connection.fetchval("SELECT leased FROM cap_meter") == held + 3
    await leases.reconcile(connection, worker_id)
    assert await connection.fetchval("SELECT leased FROM cap_meter") == held
    leases.use({cap.scope: 1}, 9, 0.0)
    with pytest.raises(ConnectionResetError):
        await leases.give_back_all(LosesAnswers(connection), worker_id)
    await leases.reconcile(connection, worker_id)
    assert await connection.fetchval("SELECT leased FROM cap_meter") == 1
    await connection.close()
