"""Everything that moves money, at random and at once: all books are whole, and agree with the payment providers'."""

from pathlib import Path

import pytest
from tests.support.postgres import TestDatabase
from tests.support.trading import trading


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    """Without the debug mode of the loop: many customers, a shop and a till in one process."""
    return "asyncio"


async def test_no_order_of_what_happens_breaks_the_books(database: TestDatabase, tmp_path: Path) -> None:
    """Recharges, spending, refunds, disputes, corrections, expiry, payouts and closing, with events late and lost."""
    async with trading(database, tmp_path) as market:
        for seed in range(4):
            await market.run(seed)
            await market.settle_down(seed)
            await market.compare()


@pytest.mark.long
@pytest.mark.parametrize("first", range(1000, 1060, 10))
async def test_many_orders_of_what_happens_break_nothing(database: TestDatabase, tmp_path: Path, first: int) -> None:
    """The same with more customers and longer lives."""
    async with trading(database, tmp_path) as market:
        for seed in range(first, first + 10):
            await market.run(seed, customers=4, steps=25)
            await market.settle_down(seed)
            await market.compare()
