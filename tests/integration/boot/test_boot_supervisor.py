"""The supervisor by itself, without a node around it."""

import asyncio
from pathlib import Path

from farebox.boot.config import Config
from farebox.boot.order import Order
from farebox.boot.supervisor import ChildSpec, Supervisor
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


async def test_a_child_that_comes_up_during_the_drain_is_ended() -> None:
    """The drain ends the children that it finds; one that was just being spawned must not outlive it."""
    spawned: list[asyncio.subprocess.Process] = []

    class Meanwhile(Supervisor):
        """The drain begins while a child is being spawned."""

        async def _spawn(self, spec: ChildSpec) -> asyncio.subprocess.Process:
            process = await super()._spawn(spec)
            spawned.append(process)
            self._stopping.set()
            return process

    async def bury(_: Order) -> None: ...

    supervisor = Meanwhile([ChildSpec(name="worker", role="worker")], get_logger("test"), bury)
    supervisor.start()
    try:
        await asyncio.wait(supervisor.keepers, timeout=10)
        (process,) = spawned
        assert process.returncode is not None
    finally:
        forced = asyncio.Event()
        forced.set()
        await supervisor.drain(0.0, forced)
