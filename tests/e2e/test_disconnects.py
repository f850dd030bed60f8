"""Clients that leave a real server at every stage, under the policies that an operator can write into farebox.toml."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tests.support.load import chat, dialled
from tests.support.operator import Customer, Operator
from tests.support.server import eventually, farebox, running_server
from tests.support.simulator import SimulatorProcess, running_simulator

from farebox.catalog.admin import NewModel, NewRoute, add_model
from farebox.domain.pricing import ContextTier, PerCallCard
from farebox.kit.ids import IdSource
from farebox.storage.database import connect
from farebox.storage.embedded import connection_urls

pytestmark = pytest.mark.timeout(120)

CHUNKS = 40
GRANT = "10"
PER_CALL = Decimal("0.05")


@dataclass
class House:
    """A server with one policy file, what it sells, and its provider."""

    operator: Operator
    provider: SimulatorProcess
    stream_policy: str

    def new_customer(self) -> Customer:
        self.provider.reset()
        return self.operator.customer(GRANT)

    def only_job(self, customer: Customer) -> Any:
        """The customer's one job, once it has ended; with no call of the provider left."""
        (job,) = eventually(lambda: [job for job in self.operator.jobs(customer.account_id) if job["status"] != "open"])
        self.provider.wait_for(lambda stats: stats["concurrent"] == 0)
        self.operator.until_nothing_is_held(customer.account_id)
        assert self.operator.balance(customer.account_id) == Decimal(GRANT) - Decimal(job["charge"])
        return job


@pytest.fixture(scope="module", params=["delivered", "drain", "hold"])
def house(request: pytest.FixtureRequest, module_data_dir: Path) -> Iterator[House]:
    directory = module_data_dir.with_name(f"data-{request.param}")
    directory.mkdir(mode=0o711)
    plain = "cancel" if request.param == "delivered" else "drain"
    (directory / "farebox.toml").write_text(
        f'[ending]\nstream_disconnect = "{request.param}"\nplain_disconnect = "{plain}"\n'
    )
    env = {"FAREBOX_CONNECT_TIMEOUT_S": "6"}
    with running_simulator() as provider, running_server(directory, "--workers", "2", env=env) as server:
        operator = Operator(server)
        operator.add_channel("up", provider.base_url)
        operator.sell("tokens", "up/sim-chat")
        asyncio.run(_sell_per_call(directory))
        yield House(operator, provider, request.param)


async def _sell_per_call(data_dir: Path) -> None:
    """A model with a price per call; the command line sells by the token only."""
    urls = connection_urls(data_dir)
    assert urls is not None
    connection = await connect(urls.app, application_name="test")
    try:
        tier = ContextTier(up_to_input_tokens=None, amount_nano=int(PER_CALL * 10**9))
        rates = PerCallCard(tiers=(tier,))
        route = NewRoute(channel="up", upstream_model="sim-chat", cost=rates)
        await add_model(connection, IdSource(), NewModel(name="call", routes=(route,), rates=rates))
    finally:
        await connection.close()


@pytest.mark.parametrize("model", ["tokens", "call"])
def test_leaving_in_the_middle_of_a_stream(house: House, model: str):
    """`delivered` and `hold` break the provider's call off, `drain` reads it to its end; each charges by its rule."""
    customer = house.new_customer()
    house.provider.set(chunks=CHUNKS, gap_ms=40)
    asyncio.run(_leave(house, customer.key, chat(model, stream=True), after_events=4))
    job = house.only_job(customer)
    assert (job["status"], job["outcome"]) == ("settled", "client_disconnected")
    stats, charge = house.provider.stats(), Decimal(job["charge"])
    if house.stream_policy == "drain":
        assert (stats["completed"], stats["closed_early"]) == (1, 0)
        assert (job["usage_source"], job["usage"]["output_tokens"]) == ("provider", CHUNKS)
    else:
        assert (stats["completed"], stats["closed_early"]) == (0, 1)
        assert job["usage_source"] == "estimated"
        assert 3 <= job["usage"]["output_tokens"] < CHUNKS
    if model == "call":
        assert charge == PER_CALL
    else:
        assert Decimal(0) < charge <= Decimal(job["hold"])


def test_leaving_before_the_first_byte(house: House):
    """The provider was asked: the input is charged, and no output but what a drain has read."""
    customer = house.new_customer()
    house.provider.set(chunks=CHUNKS, ttft_ms=1500)
    asyncio.run(_leave(house, customer.key, chat("tokens", stream=True), once_asked=True))
    job = house.only_job(customer)
    assert (job["status"], job["outcome"]) == ("settled", "client_disconnected")
    stats = house.provider.stats()
    drains = house.stream_policy == "drain"
    assert (stats["completed"], stats["closed_early"]) == ((1, 0) if drains else (0, 1))
    assert job["usage"]["output_tokens"] == (CHUNKS if drains else 0)
    assert Decimal(job["charge"]) > 0


def test_leaving_a_plain_call(house: House):
    """`drain` charges what the provider reports, `cancel` breaks its call off and charges the input."""
    customer = house.new_customer()
    house.provider.set(chunks=CHUNKS, ttft_ms=1500)
    asyncio.run(_leave(house, customer.key, chat("tokens"), once_asked=True))
    job = house.only_job(customer)
    assert (job["status"], job["outcome"]) == ("settled", "client_disconnected")
    stats = house.provider.stats()
    cancels = house.stream_policy == "delivered"
    assert (stats["completed"], stats["closed_early"]) == ((0, 1) if cancels else (1, 0))
    assert job["usage"]["output_tokens"] == (0 if cancels else CHUNKS)


def test_leaving_while_the_provider_is_being_dialled(house: House):
    """Not a byte has reached a provider: the call was not dispatched, and is free."""
    customer = house.new_customer()
    with _unreachable() as url:
        name = f"hung-{uuid4().hex[:8]}"
        house.operator.add_channel(name, url)
        house.operator.sell(name, f"{name}/sim-chat")
        asyncio.run(_leave(house, customer.key, chat(name, stream=True), once_held=customer))
        job = house.only_job(customer)
    assert (job["status"], job["charge"]) == ("voided", "0")


@contextlib.contextmanager
def _unreachable() -> Iterator[str]:
    """A port whose queue is full: connecting to it hangs."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                waiting.connect(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def test_leaving_at_once(house: House):
    """Between sending and dispatch: whoever was not asked for cannot be charged for; nothing stays held."""
    customer = house.new_customer()
    asyncio.run(_leave_at_once(house, customer.key, calls=30))
    house.provider.wait_for(lambda stats: stats["concurrent"] == 0)
    house.operator.until_nothing_is_held(customer.account_id)
    jobs = house.operator.jobs(customer.account_id)
    charged = [job for job in jobs if Decimal(job["charge"]) > 0]
    assert len(charged) <= house.provider.stats()["requests"]
    assert {(job["status"], job["charge"]) for job in jobs if job not in charged} <= {("voided", "0")}
    assert house.operator.balance(customer.account_id) == Decimal(GRANT) - sum(Decimal(job["charge"]) for job in jobs)
    house.operator.check_ledger()


def test_leaving_with_the_last_byte(house: House):
    """A client that has everything and goes at once has a completed job, charged as such."""
    customer = house.new_customer()
    house.provider.set(chunks=4)
    asyncio.run(_leave(house, customer.key, chat("tokens", stream=True), after_done=True))
    job = house.only_job(customer)
    assert (job["status"], job["outcome"]) == ("settled", "completed")
    assert (job["usage_source"], job["usage"]["output_tokens"]) == ("provider", 4)


def test_a_policy_file_with_a_mistake_is_refused(data_dir: Path):
    """A rule that is misspelt must not silently be another rule."""
    data_dir.mkdir(mode=0o711)
    (data_dir / "farebox.toml").write_text('[ending]\nstream_disconect = "hold"\n')
    refused = farebox("serve", "--data", str(data_dir), "--port", "0")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "stream_disconect" in refused.stderr
    assert refused.stderr.count("\n") == 1


async def _leave(
    house: House,
    key: str,
    body: dict[str, Any],
    *,
    after_events: int = 0,
    once_asked: bool = False,
    once_held: Customer | None = None,
    after_done: bool = False,
) -> None:
    """Makes a call and resets its connection at the stage that is named."""
    async with dialled(house.operator.port, 1) as (line,):
        line.send(key, body)
        if once_asked:
            await asyncio.to_thread(house.provider.wait_for, lambda stats: stats["concurrent"] == 1)
        if once_held is not None:
            await asyncio.to_thread(eventually, lambda: house.operator.account(once_held.account_id)["open_jobs"] == 1)
        seen = b""
        while seen.count(b"data: ") < after_events or (after_done and b"[DONE]" not in seen):
            piece = await line.first()
            assert piece, seen
            seen += piece
        line.reset()


async def _leave_at_once(house: House, key: str, *, calls: int) -> None:
    async with dialled(house.operator.port, calls) as lines:
        for number, line in enumerate(lines):
            line.send(key, chat("tokens", stream=number % 2 == 0))
            # Some leave before the request is read, others a little later.
            asyncio.get_running_loop().call_later(0.0005 * number, line.reset)
        await asyncio.gather(*(line.receive() for line in lines))
