"""Channels that no call tells about: kept shut while they are down, opened when they are back, found when they fail."""

import contextlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from tests.support.gateway import MODEL, RATES, SECRET, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess, running_simulator
from tests.support.tills import ask, until

from farebox.catalog.admin import NewRoute
from farebox.domain.policies.routing import RoutingPolicy
from farebox.kit.clock import SystemClock
from farebox.kit.crypto import Seal
from farebox.kit.logging import get_logger
from farebox.storage.database import connect
from farebox.upstream.client import UpstreamClient
from farebox.upstream.health import channel_subject
from farebox.upstream.health_store import open_subject
from farebox.worker.probe import Probes


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorProcess]:
    with running_simulator() as made:
        yield made


@pytest.fixture
def provider(simulator: SimulatorProcess) -> SimulatorProcess:
    simulator.reset()
    return simulator


@pytest.fixture
def channel(database: TestDatabase, provider: SimulatorProcess) -> Iterator[UUID]:
    shop = Shop(database)
    made = shop.channel("first", provider.base_url)
    shop.model(MODEL, NewRoute(channel="first", upstream_model=MODEL, cost=RATES))
    shop.execute("UPDATE channel SET created_at = created_at - interval '1 hour'")
    yield made
    shop.close()


class Prober:
    """The duty of one node, done when it is told to."""

    def __init__(self, connection: Any, client: UpstreamClient, policy: RoutingPolicy) -> None:
        self._connection = connection
        self._probes = Probes(client, Seal(SECRET), policy, proxy=None, clock=SystemClock(), logger=get_logger("test"))

    async def work(self) -> None:
        await self._probes.work(self._connection)


@contextlib.asynccontextmanager
async def prober(database: TestDatabase, **policy: Any):
    connection = await connect(database.app_url, application_name="test")
    client = UpstreamClient()
    try:
        yield Prober(connection, client, RoutingPolicy(**policy))
    finally:
        await client.close()
        await connection.close()


async def shut_off(database: TestDatabase, channel: UUID, seconds: int) -> None:
    connection = await connect(database.app_url, application_name="test")
    await open_subject(connection, channel_subject(channel), seconds)
    await connection.close()


async def state_of(database: TestDatabase) -> tuple[str, float]:
    row = (await ask(database.app_url, "SELECT state, extract(epoch FROM until - now())::float8 FROM health"))[0]
    return row[0], row[1] or 0.0


DOWN: dict[str, dict[str, Any]] = {"resets": {"fault": "reset_before_headers"}, "silence": {"fault": "silent"}}


@pytest.mark.parametrize("probe", ["models", "call"])
@pytest.mark.parametrize("options", DOWN.values(), ids=DOWN.keys())
async def test_a_channel_that_is_still_down_stays_shut(
    database: TestDatabase, provider: SimulatorProcess, channel: UUID, probe: str, options: dict[str, Any]
) -> None:
    """The time is extended before it is over, so that no customer's call has to find out."""
    provider.set(**options)
    await shut_off(database, channel, 3)
    async with prober(database, probe=probe) as node:
        await node.work()
    state, wait_s = await state_of(database)
    assert state == "open"
    assert wait_s > 5
    assert provider.stats()["requests"] == 1


async def test_an_answered_call_opens_a_channel_for_all(
    database: TestDatabase, provider: SimulatorProcess, channel: UUID
) -> None:
    """One token, where the operator allows it, is proof enough."""
    await shut_off(database, channel, 3)
    async with prober(database, probe="call") as node:
        await node.work()
    assert (await state_of(database))[0] == "closed"
    assert provider.stats()["last"][-1]["max_completion_tokens"] is not None


async def test_a_list_of_models_leaves_the_trial_to_a_call(
    database: TestDatabase, provider: SimulatorProcess, channel: UUID
) -> None:
    """It proves that the provider answers, not that the model does: the breaker's time passes as it was set."""
    await shut_off(database, channel, 3)
    async with prober(database, probe="models") as node:
        await node.work()
    state, wait_s = await state_of(database)
    assert (state, wait_s < 3.1) == ("open", True)


async def test_what_the_provider_asked_to_wait_is_waited(
    database: TestDatabase, provider: SimulatorProcess, channel: UUID
) -> None:
    """A Retry-After of minutes is not probed before its end; and with probing off, nothing is sent at all."""
    await shut_off(database, channel, 60)
    async with prober(database) as node:
        await node.work()
    await shut_off(database, channel, 1)
    async with prober(database, probe="off") as node:
        await node.work()
    assert provider.stats()["requests"] == 0


async def test_a_channel_that_nobody_calls_is_shut_off_when_it_fails_twice(
    database: TestDatabase, provider: SimulatorProcess, channel: UUID
) -> None:
    """The first customer after a quiet night does not meet a dead channel; one failed probe alone means nothing."""
    provider.set(fault="reset_before_headers")
    async with prober(database) as node:
        await node.work()
        assert await ask(database.app_url, "SELECT 1 FROM health") == []
        node._probes._looked_for_idle_s = float("-inf")
        await node.work()
        assert (await state_of(database))[0] == "open"


async def test_an_idle_channel_that_answers_is_left_alone(
    database: TestDatabase, provider: SimulatorProcess, channel: UUID
) -> None:
    """It is asked once in a while, and nothing changes."""
    async with prober(database) as node:
        for _ in range(3):
            node._probes._looked_for_idle_s = float("-inf")
            await node.work()
    assert provider.stats()["requests"] == 1
    assert await ask(database.app_url, "SELECT 1 FROM health") == []


async def test_a_new_channel_is_not_idle_yet(database: TestDatabase, provider: SimulatorProcess, channel: UUID) -> None:
    """What was just added has had no time to be called."""
    await ask(database.app_url, "UPDATE channel SET created_at = now() RETURNING 1")
    async with prober(database) as node:
        await node.work()
    assert provider.stats()["requests"] == 0


async def test_a_channel_with_traffic_is_not_probed(
    database: TestDatabase, provider: SimulatorProcess, channel: UUID
) -> None:
    """Its calls say more than any probe."""
    await ask(
        database.app_url,
        "INSERT INTO traffic_hour (hour, model, channel_id, stream, first_byte_counts)"
        " VALUES (date_trunc('hour', now(), 'UTC'), 'm', $1, false, '{}') RETURNING 1",
        channel,
    )
    async with prober(database) as node:
        await node.work()
    assert provider.stats()["requests"] == 0


def test_calls_flow_again_when_a_probe_has_found_the_channel_well(
    database: TestDatabase, provider: SimulatorProcess, channel: UUID
) -> None:
    """From outage to recovery: five failures shut the channel, a probe opens it, and all workers call it again."""
    shop = Shop(database)
    with running_gateway(database) as one, running_gateway(database) as another:
        one.key = another.key = shop.key(shop.account())
        provider.set(status=500)
        assert [one.chat().status for _ in range(6)] == [502] * 5 + [503]
        shop.wait_for(lambda: another.chat().status == 503)
        provider.reset()

        async def recover() -> None:
            async with prober(database, probe="call") as node:

                async def closed() -> bool:
                    await node.work()
                    return (await state_of(database))[0] == "closed"

                await until(closed)

        shop.do(lambda _: recover())
        for gateway in (one, another):
            shop.wait_for(lambda gateway=gateway: gateway.chat().status == 200)
    shop.close()
