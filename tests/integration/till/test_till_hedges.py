"""Second calls of a job on a real database: rows, spool, and what is left when the worker dies."""

from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.support.postgres import TestDatabase
from tests.support.tills import (
    CHANNEL,
    IDS,
    a_till,
    ask,
    ask_value,
    assert_clean,
    bury_and_sweep,
    call,
    ending,
    open_account,
    until,
)

from farebox.domain.pricing import Quote
from farebox.till.operations import Admit, Admitted, Cap, Hedge, Hedged, Move, Moved, Offer, OtherCall

OTHER = UUID(int=8)
JOBS = Cap("channel_jobs:other", 1, daily=False)
SECOND = Offer(OTHER, Quote(5 * 10**9, 0), (JOBS,))


def hedging(job: Admit) -> Hedge:
    return Hedge(job.job_id, job.account_id, job.key_id, SECOND, 100)


def hedged_ending(job: Admit) -> Any:
    return ending(job, hedge=OtherCall(OTHER, "overtaken", 4, SECOND, 100))


async def in_use(url: str) -> int:
    return int(await ask_value(url, "SELECT coalesce(sum(leased), 0)::bigint FROM cap_meter"))


async def nothing_in_use(url: str) -> bool:
    return await in_use(url) == 0


async def test_an_ending_tells_of_both_calls_and_frees_both(database: TestDatabase, tmp_path: Path) -> None:
    """The job's row has the call that served, job_hedge the other one; the customer has one charge."""
    url = database.app_url
    account_id, key_id = await open_account(url, 1000)
    async with a_till(url, tmp_path) as till:
        for _ in range(3):
            job = call(account_id, key_id)
            assert isinstance(await till.admit(job), Admitted)
            assert await till.hedge(hedging(job)) == Hedged()
            assert await in_use(url) == 1
            await till.settle(hedged_ending(job))
            assert (await till.settle(hedged_ending(job))).repeated
        await until(lambda: nothing_in_use(url))
    rows = await ask(url, "SELECT channel_id, result, cost_nano FROM job_hedge")
    assert [tuple(row) for row in rows] == [(OTHER, "overtaken", 4)] * 3
    assert await ask_value(url, "SELECT balance_nano FROM account") == 970
    assert {row[0] for row in await ask(url, "SELECT channel_id FROM job")} == {CHANNEL}
    await assert_clean(url)


async def test_a_cap_without_room_refuses_the_second_call_alone(database: TestDatabase, tmp_path: Path) -> None:
    """The first call goes on as if nobody had asked."""
    url = database.app_url
    account_id, key_id = await open_account(url, 1000)
    async with a_till(url, tmp_path) as till:
        one, two = call(account_id, key_id), call(account_id, key_id)
        await till.admit(one)
        await till.admit(two)
        assert await till.hedge(hedging(one)) == Hedged()
        refused: Any = await till.hedge(hedging(two))
        assert refused.code == "no_channel_available"
        await till.settle(ending(two))
        await till.settle(hedged_ending(one))
    assert await ask_value(url, "SELECT count(*) FROM job_hedge") == 1
    await assert_clean(url)


async def test_a_worker_that_dies_with_two_calls_leaves_nothing(database: TestDatabase, tmp_path: Path) -> None:
    """Its holds are voided, free for the customer, and both channels have their places back."""
    url, node_id = database.app_url, IDS.new()
    account_id, key_id = await open_account(url, 1000)
    (tmp_path / "dead").mkdir()
    (tmp_path / "next").mkdir()
    async with a_till(url, tmp_path / "dead") as dead, a_till(url, tmp_path / "next") as following:
        job = call(account_id, key_id)
        await dead.admit(job)
        await dead.hedge(hedging(job))
        assert await in_use(url) == 1
        await ask(url, "UPDATE worker SET dead_at = now(), beat_at = now() - interval '1 hour' RETURNING 1")
        await ask(url, "UPDATE worker SET dead_at = NULL WHERE id = $1 RETURNING 1", following.worker_id)
        await bury_and_sweep(following, url, tmp_path / "next", node_id)
        assert await nothing_in_use(url)
        assert await ask_value(url, "SELECT outcome FROM job") == "platform_error"
        assert await ask_value(url, "SELECT balance_nano FROM account") == 1000
        # It was not dead after all: its ending comes late, is charged within the hold, and tells of the other call.
        late = await dead.settle(hedged_ending(job))
        assert late.charge_nano == 10
        await until(lambda: nothing_in_use(url))
    assert await ask_value(url, "SELECT cost_nano FROM job_hedge") == 4
    await assert_clean(url)


@pytest.mark.parametrize("way", ["hedge", "move"])
async def test_claims_of_a_later_route_come_back_though_another_ends_the_job(
    database: TestDatabase, tmp_path: Path, way: str
) -> None:
    """A sweeper that ends an overdue job cannot correct the leases of its worker: the worker's own ending does."""
    url = database.app_url
    account_id, key_id = await open_account(url, 1000)
    async with a_till(url, tmp_path) as till:
        job = call(account_id, key_id)
        await till.admit(job)
        if way == "hedge":
            assert await till.hedge(hedging(job)) == Hedged()
            end = hedged_ending(job)
        else:
            assert await till.move(Move(job.job_id, account_id, key_id, job.offers[0], SECOND, 100)) == Moved()
            end = ending(job, offer=SECOND, channel_id=OTHER)
        await ask(url, "UPDATE hold SET deadline_at = now() - interval '1 hour' RETURNING 1")
        async with a_till(url, tmp_path) as sweeping:
            await bury_and_sweep(sweeping, url, tmp_path, IDS.new())
        assert await ask_value(url, "SELECT count(*) FROM hold") == 0
        await till.settle(end)
        await until(lambda: nothing_in_use(url))
    await assert_clean(url)


async def test_an_ending_in_the_spool_keeps_its_second_call(database: TestDatabase, tmp_path: Path) -> None:
    """What waits for the database, and is posted by another process, still says what both calls cost."""
    url = database.app_url
    account_id, key_id = await open_account(url, 1000)
    async with a_till(url, tmp_path) as till:
        job = call(account_id, key_id)
        await till.admit(job)
        await till.hedge(hedging(job))
        kept = hedged_ending(job)
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=type(kept)) == kept
        await till._teller.spool.append([kept])
        await until(lambda: ask(url, "SELECT 1 FROM job_hedge"))
    assert await ask_value(url, "SELECT balance_nano FROM account") == 990
    await assert_clean(url)
