"""COMMIT was sent and no answer came: whatever the database did, nobody is charged twice and nothing stays held."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.support.cutting_proxy import Cut, CuttingProxy, cutting_proxy
from tests.support.postgres import TestDatabase
from tests.support.tills import CHANNEL, a_till, ask_value, assert_clean, call, ending, open_account, until, voiding

from farebox.till.operations import Admitted, Extend, Extended, Move, Moved, Offer, Unavailable
from farebox.till.till import Till

BOTH_SIDES: list[Cut] = ["before", "after"]
_HELD = "SELECT count(*) FROM hold"


@pytest.fixture
def directory() -> Iterator[Path]:
    # Paths of sockets are short.
    with tempfile.TemporaryDirectory(prefix="fb-") as made:
        yield Path(made)


@asynccontextmanager
async def a_cuttable_till(database: TestDatabase, directory: Path) -> AsyncIterator[tuple[Till, CuttingProxy]]:
    async with (
        cutting_proxy(database.app_url, directory) as proxy,
        a_till(proxy.url, directory / "spool") as till,
    ):
        yield till, proxy


@pytest.mark.parametrize("cut", BOTH_SIDES)
async def test_admissions_in_doubt(database: TestDatabase, directory: Path, cut: Cut) -> None:
    """They are answered 503, and voided if they had been committed after all; their ids are used up."""
    account_id, key_id = await open_account(database.app_url, 1000)
    async with a_cuttable_till(database, directory) as (till, proxy):
        proxy.cut = cut
        calls = [call(account_id, key_id, idempotency_key=str(number)) for number in range(3)]
        assert await asyncio.gather(*map(till.admit, calls)) == [Unavailable()] * 3
        assert proxy.cuts == 1

        async def voided() -> bool:
            return await ask_value(database.app_url, "SELECT count(*) FROM job WHERE status = 'voided'") == 3

        await until(voided)
        assert await ask_value(database.app_url, _HELD) == 0
        # The same calls under new ids are new jobs, with the same Idempotency-Keys.
        again = call(account_id, key_id, idempotency_key="0")
        assert isinstance(await till.admit(again), Admitted)
        await till.void(voiding(again))
    await assert_clean(database.app_url)


@pytest.mark.parametrize("cut", BOTH_SIDES)
async def test_settlements_in_doubt(database: TestDatabase, directory: Path, cut: Cut) -> None:
    """They are posted exactly once, and answered with what was posted."""
    account_id, key_id = await open_account(database.app_url, 1000)
    async with a_cuttable_till(database, directory) as (till, proxy):
        calls = [call(account_id, key_id) for _ in range(3)]
        await asyncio.gather(*map(till.admit, calls))
        proxy.cut = cut
        answers = await asyncio.gather(
            till.settle(ending(calls[0])), till.settle(ending(calls[1], 7)), till.void(voiding(calls[2]))
        )
        assert [answer.charge_nano for answer in answers] == [10, 7, 0]
        assert answers[1].balance_after_nano == 983
        assert proxy.cuts == 1
    assert await ask_value(database.app_url, "SELECT balance_nano FROM account") == 983
    assert await ask_value(database.app_url, "SELECT count(*) FROM job") == 3
    await assert_clean(database.app_url)


@pytest.mark.parametrize("cut", BOTH_SIDES)
async def test_settlements_in_doubt_while_the_database_stays_away(
    database: TestDatabase, directory: Path, cut: Cut
) -> None:
    """They go to the spool, and so do the voids of admissions in doubt; all are posted once when it is back."""
    account_id, key_id = await open_account(database.app_url, 1000)
    async with a_cuttable_till(database, directory) as (till, proxy):
        made, doubtful = call(account_id, key_id), call(account_id, key_id)
        await till.admit(made)
        proxy.cut, proxy.shut = cut, True
        settled, refused = await asyncio.gather(till.settle(ending(made)), till.admit(doubtful))
        assert settled.balance_after_nano is None
        assert refused == Unavailable()
        proxy.shut = False

        async def both_ended() -> bool:
            return await ask_value(database.app_url, "SELECT count(*) FROM job") == 2

        await until(both_ended)
        assert await ask_value(database.app_url, _HELD) == 0
        assert await ask_value(database.app_url, "SELECT balance_nano FROM account") == 990
    await assert_clean(database.app_url)


@pytest.mark.parametrize("cut", BOTH_SIDES)
async def test_extensions_and_moves_in_doubt(database: TestDatabase, directory: Path, cut: Cut) -> None:
    """They say what the hold is to be, so asking again does them once."""
    account_id, key_id = await open_account(database.app_url, 1000)
    async with a_cuttable_till(database, directory) as (till, proxy):
        made = call(account_id, key_id)
        await till.admit(made)
        proxy.cut = cut
        other = Offer(account_id, made.offers[0].cost)
        extended, moved = await asyncio.gather(
            till.extend(Extend(made.job_id, account_id, key_id, 30)),
            till.move(Move(made.job_id, account_id, key_id, made.offers[0], other, 100)),
        )
        assert (extended, moved, proxy.cuts) == (Extended(30), Moved(), 1)
        assert await ask_value(database.app_url, "SELECT held_nano FROM account") == 30
        assert await ask_value(database.app_url, "SELECT channel_id FROM hold") != CHANNEL
        await till.void(voiding(made))
    await assert_clean(database.app_url)
