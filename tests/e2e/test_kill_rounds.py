"""kill -9 of anything at random moments under load: nothing is charged twice, nothing delivered is free, no hold stays.

What may be charged without having arrived is what was settled as its worker died; it is marked, and listed for the
operator by `farebox jobs list --delivery-unknown`.
"""

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from tests.support.load import Reply, call, chat
from tests.support.operator import Operator, check_books
from tests.support.server import Server, eventually, start_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(180)

CLIENTS = 16
GRANT = "1000"
ROUNDS_AT_ONCE = 3
ROUNDS_LONG = 50


@pytest.fixture(scope="module")
def provider() -> Iterator[SimulatorProcess]:
    with running_simulator(ttft_ms=15, chunks=12, gap_ms=4, jitter_ms=2) as started:
        yield started


class Node:
    """`farebox serve` that may be killed and served again; the same data directory, another port."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._kills_of_postgres = 0
        self.server = self._start()

    def _start(self) -> Server:
        return start_server(self._data_dir, "--workers", "2")

    def kill_a_worker(self, dice: random.Random) -> None:
        victims = self.server.children("gateway")
        dice.choice(victims).kill()

    def kill_all_workers(self, _: random.Random) -> None:
        for victim in self.server.children("gateway"):
            victim.kill()

    def kill_postgres(self, _: random.Random) -> None:
        postmaster = self._postmaster()
        # Farebox gives a PostgreSQL up that ends within 10 s again and again: it must have been well now and then.
        if self._kills_of_postgres and self._kills_of_postgres % ROUNDS_AT_ONCE == 0:
            eventually(lambda: time.time() - postmaster.create_time() > 15, limit_s=30)
        self._kills_of_postgres += 1
        postmaster.kill()

    def kill_everything(self, _: random.Random) -> None:
        tree = psutil.Process(self.server.process.pid)
        victims = [tree, *tree.children(recursive=True)]
        for victim in victims:
            with contextlib.suppress(psutil.NoSuchProcess):
                victim.kill()
        self.server.stop()
        self.server = self._start()

    def _postmaster(self) -> psutil.Process:
        for child in psutil.Process(self.server.process.pid).children():
            with contextlib.suppress(psutil.NoSuchProcess):
                if child.name() == "postgres":
                    return child
        raise AssertionError("there is no PostgreSQL below the supervisor")


KILLS: dict[str, Callable[[Node, random.Random], None]] = {
    "a worker": Node.kill_a_worker,
    "all workers": Node.kill_all_workers,
    "PostgreSQL": Node.kill_postgres,
    "everything": Node.kill_everything,
}


@pytest.mark.parametrize("victim", KILLS)
def test_kill_rounds(data_dir: Path, provider: SimulatorProcess, victim: str):
    """3 seeded rounds under load: a clean ledger, every delivered answer charged once, no hold left."""
    _play(data_dir, provider, KILLS[victim], seeds=range(ROUNDS_AT_ONCE))


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("victim", KILLS)
def test_many_kill_rounds(data_dir: Path, provider: SimulatorProcess, victim: str):
    """The same for 50 rounds, on one data directory."""
    _play(data_dir, provider, KILLS[victim], seeds=range(1_000, 1_000 + ROUNDS_LONG))


def _play(
    data_dir: Path, provider: SimulatorProcess, kill: Callable[[Node, random.Random], None], *, seeds: range
) -> None:
    node = Node(data_dir)
    try:
        operator = Operator(node.server)
        operator.add_channel("up", provider.base_url)
        operator.sell("word", "up/sim-chat", "--input", "1", "--output", "2")
        for first in range(0, len(seeds), ROUNDS_AT_ONCE):
            operator = Operator(node.server)
            # An account for a few rounds, so that its jobs can be looked at one by one.
            customer = operator.customer(GRANT)
            replies = asyncio.run(_under_load(node, customer.key, kill, list(seeds)[first : first + ROUNDS_AT_ONCE]))
            served = [reply for reply in replies if reply.is_served]
            assert len(served) >= 10 * ROUNDS_AT_ONCE, "hardly any load"
            assert {reply.cost for reply in served} == {served[0].cost}
            check_books(Operator(node.server), customer, GRANT, served)
    finally:
        node.server.stop()


async def _under_load(
    node: Node, key: str, kill: Callable[[Node, random.Random], None], seeds: list[int]
) -> list[Reply]:
    """Clients call without a pause while each round kills; every reply, whole or not."""
    replies: list[Reply] = []
    stopping = asyncio.Event()

    async def client(dice: random.Random) -> None:
        while not stopping.is_set():
            stream = dice.random() < 0.5
            body = chat("word", stream=True, stream_options={"include_usage": True}) if stream else chat("word")
            reply = await call(Operator(node.server).port, key, body)
            replies.append(reply)
            await asyncio.sleep(0.005 + (0.05 if reply.status == 0 else 0.0))

    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(client(random.Random(seeds[0] * 100 + number)))
        for seed in seeds:
            dice = random.Random(seed)
            await _served_again(node, replies, at_least=CLIENTS)
            await asyncio.sleep(dice.uniform(0.1, 0.6))
            await asyncio.to_thread(kill, node, dice)
        await _served_again(node, replies, at_least=CLIENTS)
        stopping.set()
    return replies


async def _served_again(node: Node, replies: list[Reply], *, at_least: int, limit_s: float = 40.0) -> None:
    """Waits until so many new calls were served."""
    begun, deadline = len(replies), time.monotonic() + limit_s
    while sum(reply.is_served for reply in replies[begun:]) < at_least:
        statuses = {reply.status for reply in replies[begun:]}
        assert time.monotonic() < deadline, f"not served again: {statuses}\n{node.server.logged()[-4000:]}"
        await asyncio.sleep(0.02)
