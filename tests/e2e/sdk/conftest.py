"""One simulated provider, one gateway and one shop for all cells of the matrix."""

import contextlib
from collections.abc import Iterator
from uuid import UUID

import pytest
from tests.support.gateway import RATES, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.sdk.matrix import KINDS
from tests.support.simulator import SimulatorProcess, running_simulator

from farebox.catalog.admin import NewRoute

# Models beside that of the kind's own name, and how the simulator behaves behind them.
BEHAVIOURS = {"endless": "?chunks=20000&gap=5", "filtering": "?fault=content_filter"}
# Chat completions have no thoughts to show unless the server is one that does.
THINKERS = {"openai": "?reasoning_tokens=7", "openai-compatible": "?output=reasoning"}


@pytest.fixture(scope="module")
def provider() -> Iterator[SimulatorProcess]:
    """Refuses members that its dialect does not have, and keeps what it was asked."""
    with running_simulator(record_bodies=True, keep_requests=10_000, unknown_fields="refuse") as simulator:
        yield simulator


@pytest.fixture(scope="module")
def shop(module_database: TestDatabase, provider: SimulatorProcess) -> Iterator[Shop]:
    """A channel of every kind, and models named by the kind and what they do."""
    with contextlib.closing(Shop(module_database)) as made:
        for kind in KINDS:
            made.channel(kind, provider.base_url if kind.startswith("openai") else provider.url, kind=kind)
            behaviours = {"": "", "-thinking": THINKERS.get(kind, "")}
            behaviours |= {f"-{name}": suffix for name, suffix in BEHAVIOURS.items()}
            for name, suffix in behaviours.items():
                route = NewRoute(channel=kind, upstream_model=f"sim-chat{suffix}", cost=RATES)
                made.model(kind + name, route, most_output_tokens=100_000)
        yield made


@pytest.fixture(scope="module")
def account(shop: Shop) -> UUID:
    return shop.account("1000")


@pytest.fixture(scope="module")
def gateway(module_database: TestDatabase, shop: Shop, account: UUID) -> Iterator[Gateway]:
    with running_gateway(module_database) as running:
        running.key = shop.key(account)
        yield running
