"""The supervisor by itself, without children."""

import asyncio
from pathlib import Path

from farebox.boot.config import Config
from farebox.boot.order import Order
from farebox.boot.supervisor import Supervisor
from farebox.kit.ids import NIL
from farebox.kit.logging import get_logger


async def test_a_database_that_is_away_does_not_keep_a_node_from_ending(tmp_path: Path) -> None:
    """Burying a dead child waits for the database; ending the node does not wait for the burial."""

    async def bury(_: Order) -> None:
        await asyncio.Event().wait()

    supervisor = Supervisor([], get_logger("test"), bury)
    supervisor.start()
    order = Order(
        role="gateway",
        name="gateway-0",
        config=Config(data_dir=tmp_path),
        database_url="",
        secret_key=b"",
        run_dir=tmp_path,
        spool_dir=tmp_path,
        node_id=NIL,
        simulator_url="",
        public_url="",
    )
    supervisor._mourn(order)
    async with asyncio.timeout(10):
        await supervisor.drain(1.0, asyncio.Event())
