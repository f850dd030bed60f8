"""Which price is in force, whoever sets it and whatever the clock of whoever asks."""

from collections.abc import AsyncIterator

import pytest
from tests.support.postgres import TestDatabase

from farebox.catalog.admin import NewChannel, NewModel, NewRoute, add_channel, add_model, set_price
from farebox.catalog.store import load_snapshot
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource
from farebox.storage.database import Connection, connect

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
        await set_price(connection, "m", price(2), None)
        last = await set_price(waiting, "m", price(3), None)
    await waiting.close()
    card = (await load_snapshot(connection)).models["m"].card_at(2**60)
    assert card is not None
    assert (card.id, card.version, card.rates) == (last.id, 3, price(3))


async def test_a_clock_that_is_behind_finds_a_price(connection: Connection) -> None:
    """A new price replaces the old one in the snapshot, so it has to hold there for a slow clock as well."""
    added = await set_price(connection, "m", price(2), None)
    behind_ms = int(added.effective_at.timestamp() * 1000) - _A_MINUTE_MS
    card = (await load_snapshot(connection)).models["m"].card_at(behind_ms)
    assert card is not None
    assert card.rates == price(2)
