"""Which price is in force, whoever sets it and whatever the clock of whoever asks."""

from collections.abc import AsyncIterator

import pytest
from tests.support.postgres import TestDatabase

from farebox.catalog.admin import NewChannel, NewModel, NewRoute, add_channel, add_model, change_price
from farebox.catalog.reader import CatalogReader
from farebox.catalog.store import load_snapshot
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.kit.clock import FixedClock, SystemClock
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.kit.logging import get_logger
from farebox.storage.database import Connection, connect, create_pool

IDS = IdSource()
_A_MINUTE_MS = 60_000


def price(amount: int) -> PerTokenCard:
    return PerTokenCard(prices=TokenPrices(input=amount, output=amount))


@pytest.fixture
async def connection(database: TestDatabase) -> AsyncIterator[Connection]:
    """With a model named m, at price 1."""
    opened = await connect(database.app_url, application_name="test-catalogue")
    new = NewChannel(name="main", kind="openai-compatible", provider="p", base_url="https://api.example.com/v1")
    await add_channel(opened, IDS, Seal(b"secret"), new)
    routes = (NewRoute(channel="main", upstream_model="up"),)
    await add_model(opened, IDS, NewModel(name="m", routes=routes, rates=price(1)))
    yield opened
    await opened.close()


async def test_of_two_prices_set_at_once_the_later_is_in_force(connection: Connection, database: TestDatabase) -> None:
    """The order is that of the model's lock: whoever began earlier but had to wait sets the price that counts."""
    waiting = await connect(database.app_url, application_name="test-catalogue")
    async with waiting.transaction():
        await waiting.fetchval("SELECT now()")
        await change_price(connection, "m", lambda _: price(2), None)
        last = await change_price(waiting, "m", lambda _: price(3), None)
    await waiting.close()
    card = (await load_snapshot(connection)).models["m"].card_at(2**60)
    assert card is not None
    assert (card.id, card.version, card.rates) == (last.id, 3, price(3))


async def test_a_clock_that_is_behind_finds_a_price(connection: Connection) -> None:
    """A new price replaces the old one in the snapshot, so it has to hold there for a slow clock as well."""
    added = await change_price(connection, "m", lambda _: price(2), None)
    behind_ms = int(added.effective_at.timestamp() * 1000) - _A_MINUTE_MS
    card = (await load_snapshot(connection)).models["m"].card_at(behind_ms)
    assert card is not None
    assert card.rates == price(2)


@pytest.mark.parametrize("ahead_ms", [60 * _A_MINUTE_MS, -60 * _A_MINUTE_MS, 0])
async def test_a_coming_price_starts_by_the_clock_of_the_database(
    connection: Connection, database: TestDatabase, ahead_ms: int
) -> None:
    """A gateway whose clock is an hour wrong charges the new price when it is due, and not an hour early."""
    due = await connection.fetchval("SELECT clock_timestamp() + interval '30 minutes'")
    await change_price(connection, "m", lambda _: price(2), due)
    clock = FixedClock(SystemClock().unix_ms() + ahead_ms)
    pool = await create_pool(database.app_url, application_name="test-catalogue", max_size=2)
    reader = CatalogReader(pool, get_logger("test"), clock)
    await reader.start()
    found = []
    for _ in range(2):
        card = reader.snapshot.models["m"].card_at(clock.unix_ms())
        assert card is not None
        found.append(card.rates)
        clock.advance(31 * 60)
    await reader.close()
    await pool.close()
    assert found == [price(1), price(2)]
