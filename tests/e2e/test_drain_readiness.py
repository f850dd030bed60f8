"""What a load balancer and an orchestrator see of a node that drains."""

import asyncio
import signal
from pathlib import Path

import pytest
from tests.support.load import chat, dialled
from tests.support.operator import Operator
from tests.support.server import eventually, free_port, readiness, start_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(120)


def test_a_draining_node_is_not_ready(data_dir: Path):
    """From the first moment of a drain the admin listener says so, and says so until the last call has ended."""
    admin_port = free_port()
    with running_simulator(chunks=50, gap_ms=100) as provider:
        server = start_server(data_dir, "--admin-port", str(admin_port))
        try:
            operator = Operator(server)
            operator.add_channel("up", provider.base_url)
            operator.sell("slow", "up/sim-chat")
            customer = operator.customer("10")
            assert readiness(admin_port) == (200, "ready")
            asyncio.run(_drain_under_way(operator, customer.key, provider, admin_port))
            server.process.wait(60)
        finally:
            status = server.stop()
        assert status == 0


async def _drain_under_way(operator: Operator, key: str, provider: SimulatorProcess, admin_port: int) -> None:
    async with dialled(operator.port, 1) as (line,):
        line.send(key, chat("slow", stream=True))
        running = asyncio.create_task(line.receive())
        await asyncio.to_thread(provider.wait_for, lambda stats: stats["concurrent"] == 1)
        operator.server.process.send_signal(signal.SIGTERM)
        status, told = await asyncio.to_thread(eventually, lambda: _unless_ready(admin_port))
        assert (status, "draining" in told) == (503, True)
        assert not running.done(), "the call under way has ended before the drain was seen"
        assert (await running).is_served


def _unless_ready(admin_port: int) -> tuple[int, str] | None:
    found = readiness(admin_port)
    return None if found[0] == 200 else found
