"""The database goes away and comes back: new jobs are refused, running ones end, what they cost is posted once."""

import asyncio
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.load import Reply, call, chat, dialled
from tests.support.operator import Operator, check_books
from tests.support.postgres import OwnPostgres
from tests.support.server import eventually, running_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(150)

STREAM = chat("slow", stream=True, stream_options={"include_usage": True})
RUNNING = 8


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    server = OwnPostgres()
    server.start()
    yield server
    server.remove()


def test_the_database_is_away_for_a_moment(data_dir: Path, own_postgres: OwnPostgres):
    """5 s: 503 with Retry-After, running calls end whole, their charges are posted once when it is back."""
    _away_for(5, data_dir, own_postgres)


@pytest.mark.long
@pytest.mark.parametrize("away_s", [30, 90])
def test_the_database_is_away_for_long(data_dir: Path, own_postgres: OwnPostgres, away_s: float):
    """The same for 30 s, and for longer than a silent worker counts as alive."""
    _away_for(away_s, data_dir, own_postgres)


def _away_for(away_s: float, data_dir: Path, postgres: OwnPostgres) -> None:
    env = postgres.environment()
    # Streams end and plain answers come in the middle of the outage.
    gap_ms = 1000 * min(away_s, 30) / 2 / 20
    with (
        running_simulator(chunks=20, gap_ms=gap_ms) as provider,
        running_server(data_dir, "--workers", "2", env=env) as server,
    ):
        operator = Operator(server, env)
        operator.add_channel("up", provider.base_url)
        operator.sell("slow", "up/sim-chat")
        customer, other = operator.customer("10"), operator.customer("10")
        served, refused, went_s = asyncio.run(_call_meanwhile(operator, customer.key, provider, postgres))
        assert [reply.is_served for reply in served] == [True] * RUNNING, [reply.body[-200:] for reply in served]
        assert all(Decimal(reply.cost or 0) > 0 for reply in served)
        for reply in refused:
            assert (reply.status, reply.code) == (503, "ledger_unavailable")
            assert int(reply.headers["retry-after"]) >= 1
            assert "farebox-job-id" not in reply.headers
        assert provider.stats()["requests"] == RUNNING
        assert _spooled_bytes(data_dir) > 0
        time.sleep(max(0.0, went_s + away_s - time.monotonic()))
        assert asyncio.run(call(operator.port, customer.key, STREAM)).status == 503
        postgres.start()
        again = eventually(lambda: asyncio.run(_served(operator.port, other.key)), limit_s=30)
        eventually(lambda: _spooled_bytes(data_dir) == 0, limit_s=30)
        assert len(check_books(operator, customer, "10", served)) == RUNNING
        assert len(check_books(operator, other, "10", [again])) == 1


async def _call_meanwhile(
    operator: Operator, key: str, provider: SimulatorProcess, postgres: OwnPostgres
) -> tuple[list[Reply], list[Reply], float]:
    """The calls that were under way when the database went, those that came then, and when that was."""
    async with dialled(operator.port, RUNNING) as lines:
        for number, line in enumerate(lines):
            line.send(key, STREAM if number % 2 else chat("slow"))
        running = asyncio.gather(*(line.receive() for line in lines))
        await asyncio.to_thread(provider.wait_for, lambda stats: stats["concurrent"] == RUNNING)
        went_s = time.monotonic()
        await asyncio.to_thread(postgres.go_away)
        refused = await asyncio.gather(*(call(operator.port, key, chat("slow")) for _ in range(6)))
        served = await running
        refused += [await call(operator.port, key, STREAM) for _ in range(2)]
        return served, refused, went_s


async def _served(port: int, key: str) -> Reply | None:
    reply = await call(port, key, chat("slow", max_tokens=1))
    assert reply.status in (200, 503)
    return reply if reply.is_served else None


def _spooled_bytes(data_dir: Path) -> int:
    return sum(file.stat().st_size for file in (data_dir / "spool").glob("*.spool"))
