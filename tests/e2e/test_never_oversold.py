"""More calls at once than an account can pay for: exactly what it pays for is served, however many workers decide."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.support.load import Reply, burst, chat
from tests.support.operator import Customer, Operator, check_books
from tests.support.server import Server, running_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(120)

CALLS = 1_000
PAID = 100
PRICE = "0.01"
GRANT = "1"


@pytest.fixture(scope="module")
def provider() -> Iterator[SimulatorProcess]:
    with running_simulator(ttft_ms=50, chunks=4) as started:
        yield started


def _open(server: Server, provider: SimulatorProcess) -> Operator:
    operator = Operator(server)
    operator.add_channel("up", provider.base_url)
    operator.sell("fixed", "up/sim-chat", "--input", "0", "--output", "0", "--per-request", PRICE)
    return operator


@pytest.mark.parametrize("workers", [1, 4])
def test_an_account_that_can_pay_for_100_of_1000_calls_gets_100(
    data_dir: Path, provider: SimulatorProcess, workers: int
):
    """1,000 calls at once on credit for exactly 100: 100 served and dispatched, 900 times 402, balance 0."""
    with running_server(data_dir, "--workers", str(workers)) as server:
        operator = _open(server, provider)
        customer = operator.customer(GRANT)
        provider.reset()
        asked: set[int] = set()
        calls = [(customer.key, chat("fixed"))] * CALLS
        replies = asyncio.run(burst(operator.port, calls, connected=lambda: asked.update(_workers_asked(server))))
        _check(operator, provider, customer, replies)
        assert len(asked) == workers, "not all workers had connections"


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_an_account_is_never_oversold_in_many_rounds(data_dir: Path, provider: SimulatorProcess):
    """The same 20 times over 4 workers, plain and streamed calls mixed by a seed."""
    with running_server(data_dir, "--workers", "4") as server:
        operator = _open(server, provider)
        for seed in range(20):
            dice = random.Random(seed)
            customer = operator.customer(GRANT)
            provider.reset()
            calls = [(customer.key, chat("fixed", stream=dice.random() < 0.5)) for _ in range(CALLS)]
            replies = asyncio.run(burst(operator.port, calls))
            _check(operator, provider, customer, replies)


def _check(operator: Operator, provider: SimulatorProcess, customer: Customer, replies: list[Reply]) -> None:
    assert Counter(reply.status for reply in replies) == {200: PAID, 402: CALLS - PAID}
    served = [reply for reply in replies if reply.is_served]
    assert len(served) == PAID
    refused = [reply for reply in replies if reply.status == 402]
    assert {reply.code for reply in refused} == {"insufficient_credits"}
    assert not any("farebox-job-id" in reply.headers for reply in refused)
    assert provider.stats()["requests"] == PAID
    jobs = check_books(operator, customer, GRANT, served)
    assert len(jobs) == PAID
    assert operator.balance(customer.account_id) == 0


def _workers_asked(server: Server) -> Iterator[int]:
    """The gateway workers that have clients' connections."""
    for worker in server.children("gateway"):
        if any(link.status == psutil.CONN_ESTABLISHED for link in worker.net_connections("tcp4")):
            yield worker.pid
