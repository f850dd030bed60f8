"""One simulated provider for all tests of the gateway; a shop and a worker of its own for each test."""

from collections.abc import Iterator

import pytest
from tests.support.gateway import Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess, running_simulator


@pytest.fixture(scope="session")
def gateway_simulator() -> Iterator[SimulatorProcess]:
    with running_simulator() as simulator:
        yield simulator


@pytest.fixture
def provider(gateway_simulator: SimulatorProcess) -> SimulatorProcess:
    """The simulated provider with its default behaviour."""
    gateway_simulator.reset()
    return gateway_simulator


@pytest.fixture
def shop(database: TestDatabase) -> Iterator[Shop]:
    made = Shop(database)
    yield made
    made.close()


@pytest.fixture
def gateway(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> Iterator[Gateway]:
    """A worker that sells the simulator's model to one account with credit; `gateway.key` is its key."""
    shop.sell(provider.base_url)
    with running_gateway(database, simulator_url=provider.url) as running:
        running.key = shop.key(shop.account())
        yield running
