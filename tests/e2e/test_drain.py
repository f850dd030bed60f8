"""A deployment in the middle of traffic: what runs ends whole and is charged once, nothing new begins."""

import asyncio
import json
import signal
import socket
from pathlib import Path

import pytest
from tests.support.load import Reply, chat, dialled
from tests.support.operator import Operator, check_books
from tests.support.server import eventually, farebox, running_server, start_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(120)

RUNNING = 12
STREAM = chat("slow", stream=True, stream_options={"include_usage": True})


def test_everything_that_runs_ends_whole_and_is_charged_once(data_dir: Path):
    """SIGTERM with streams and plain calls on two workers: all are delivered, new connections are refused."""
    with running_simulator(chunks=30, gap_ms=100) as provider:
        server = start_server(data_dir, "--workers", "2")
        try:
            operator = Operator(server)
            operator.add_channel("up", provider.base_url)
            operator.sell("slow", "up/sim-chat")
            customer = operator.customer("10")
            replies = asyncio.run(_stop_under_way(operator, customer.key, provider))
            server.process.wait(60)  # a second signal, as `stop` sends it, would end the rest of the drain at once
        finally:
            status = server.stop()
        assert status == 0
        assert [reply.is_served for reply in replies] == [True] * RUNNING
        assert provider.stats()["completed"] == RUNNING
        assert [line for line in server.logged().splitlines() if "[warning" in line or "[error" in line] == []
        verified = farebox("ledger", "verify", "--data", str(data_dir), "--json")
        assert json.loads(verified.stdout)["ok"]
    with running_server(data_dir) as again:
        jobs = check_books(Operator(again), customer, "10", replies)
        assert len(jobs) == RUNNING
        assert Operator(again).jobs(customer.account_id, "--delivery-unknown") == []


async def _stop_under_way(operator: Operator, key: str, provider: SimulatorProcess) -> list[Reply]:
    async with dialled(operator.port, RUNNING + 1) as (idle, *lines):
        for number, line in enumerate(lines):
            line.send(key, STREAM if number % 2 else chat("slow"))
        running = asyncio.gather(*(line.receive() for line in lines))
        await asyncio.to_thread(provider.wait_for, lambda stats: stats["concurrent"] == RUNNING)
        operator.server.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(eventually, lambda: _refuses(operator.port))
        # A connection without a call is closed, so that its client opens the next one elsewhere.
        assert await idle.first() == b""
        return list(await running)


def _refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False
