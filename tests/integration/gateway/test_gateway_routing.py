"""Where calls go: conversations over several workers, keys of a pool, channels that fail and come back."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

import pytest
from tests.support.gateway import MODEL, PROVIDER_KEY, RATES, SECRET, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess, running_simulator

from farebox.catalog.admin import NewRoute
from farebox.catalog.channel_keys import add_channel_key
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource

POOL = [PROVIDER_KEY, "sk-upstream-secret-0002", "sk-upstream-secret-0003"]


@pytest.fixture(scope="module")
def other_simulator() -> Iterator[SimulatorProcess]:
    with running_simulator() as simulator:
        yield simulator


@pytest.fixture
def other(other_simulator: SimulatorProcess) -> SimulatorProcess:
    other_simulator.reset()
    return other_simulator


def pool_of_keys(shop: Shop, name: str, base_url: str) -> UUID:
    channel = shop.channel(name, base_url)
    for secret in POOL[1:]:
        shop.do(lambda made, secret=secret: add_channel_key(made, IdSource(), Seal(SECRET), name, secret.encode()))
    return channel


@contextlib.contextmanager
def workers(database: TestDatabase, shop: Shop, count: int) -> Iterator[list[Gateway]]:
    key = shop.key(shop.account())
    with contextlib.ExitStack() as stack:
        made = [stack.enter_context(running_gateway(database)) for _ in range(count)]
        for gateway in made:
            gateway.key = key
        yield made


def turns_of(conversation: int) -> list[list[dict[str, str]]]:
    """The messages of four turns of one conversation."""
    messages = [{"role": "user", "content": f"conversation {conversation}"}]
    turns = [list(messages)]
    for number in range(3):
        messages += [{"role": "assistant", "content": "yes"}, {"role": "user", "content": f"and {number}?"}]
        turns.append(list(messages))
    return turns


def used(*providers: SimulatorProcess) -> set[tuple[int, str]]:
    """Which provider was called with which key."""
    return {(number, secret) for number, each in enumerate(providers) for secret in POOL if each.key_uses(secret)}


def test_a_conversation_stays_on_its_channel_and_key_over_four_workers(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, other: SimulatorProcess
) -> None:
    """Its provider's prompt cache hits whichever worker takes a turn; conversations spread over channels and keys."""
    for name, simulator in (("first", provider), ("second", other)):
        pool_of_keys(shop, name, simulator.base_url)
    shop.model(MODEL, *(NewRoute(channel=name, upstream_model=MODEL, cost=RATES) for name in ("first", "second")))
    homes: Counter[tuple[int, str]] = Counter()
    random = Random(7)
    with workers(database, shop, 4) as four:
        for conversation in range(16):
            provider.reset()
            other.reset()
            for messages in turns_of(conversation):
                assert random.choice(four).chat(messages=messages).status == 200
            (home,) = used(provider, other)
            homes[home] += 1
    assert {place for place, _ in homes} == {0, 1}
    assert len(homes) >= 4


def test_a_busy_key_rests_on_all_workers_while_its_pool_works(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """A 429 with Retry-After takes one key out, everywhere within a second or so, and no customer notices."""
    pool_of_keys(shop, "first", provider.base_url)
    shop.model(MODEL, NewRoute(channel="first", upstream_model=MODEL, cost=RATES))
    provider.set(key_status={PROVIDER_KEY: 429}, retry_after="60")
    with workers(database, shop, 3) as (first, *rest):
        for number in range(12):
            assert first.chat(messages=[{"role": "user", "content": f"call {number}"}]).status == 200
        assert provider.key_uses(PROVIDER_KEY) == 1
        rows = shop.wait_for(lambda: shop.rows("SELECT subject, until - now() AS wait FROM health"))
        assert [row["subject"].split(":")[0] for row in rows] == ["channel_key"]
        assert 50 < rows[0]["wait"].total_seconds() <= 60
        for gateway in rest:
            health = gateway.application._pipeline._stages.router._health  # type: ignore[union-attr]
            shop.wait_for(lambda health=health: not health.all_well)
            for number in range(12):
                assert gateway.chat(messages=[{"role": "user", "content": f"call {number}"}]).status == 200
        assert provider.key_uses(PROVIDER_KEY) == 1


@pytest.mark.parametrize("status", [403, 404])
def test_a_missing_model_is_not_asked_for_again_and_again(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, other: SimulatorProcess, status: int
) -> None:
    """After a few faults of a route, calls go to the next one at once; other models of the channel are untouched."""
    shop.channel("first", provider.base_url)
    shop.channel("second", other.base_url)
    shop.model(
        "sim-barred",
        NewRoute(channel="first", upstream_model=f"sim-barred?status={status}", cost=RATES),
        NewRoute(channel="second", upstream_model=MODEL, priority=1, cost=RATES),
    )
    shop.model(MODEL, NewRoute(channel="first", upstream_model=MODEL, cost=RATES))
    with workers(database, shop, 1) as (gateway,):
        for _ in range(8):
            assert gateway.chat(model="sim-barred").status == 200
        assert provider.stats()["requests"] == 3
        for _ in range(3):
            assert gateway.chat().status == 200
        assert provider.stats()["requests"] == 6
        (row,) = shop.wait_for(lambda: shop.rows("SELECT subject FROM health WHERE state <> 'closed'"))
        assert row["subject"].startswith("route:")


def test_a_channel_that_gets_slow_loses_most_of_its_conversations(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, other: SimulatorProcess
) -> None:
    """What one worker has measured, another routes by; a small part stays, which tells when the channel recovers."""
    for name, simulator in (("first", provider), ("second", other)):
        shop.channel(name, simulator.base_url)
    shop.model(MODEL, *(NewRoute(channel=name, upstream_model=MODEL, cost=RATES) for name in ("first", "second")))
    provider.set(ttft_ms=300)
    with workers(database, shop, 2) as (one, another):
        for number in range(12):
            assert one.chat(messages=[{"role": "user", "content": f"before {number}"}]).status == 200
        assert provider.stats()["requests"] >= 2
        traffic = another.application._pipeline._stages.router._health.traffic  # type: ignore[union-attr]
        shop.wait_for(lambda: len(traffic.levels(MODEL, stream=False)) == 2)
        provider.reset()
        other.reset()
        for number in range(60):
            assert another.chat(messages=[{"role": "user", "content": f"after {number}"}]).status == 200
        assert provider.stats()["requests"] < 15
        assert provider.stats()["requests"] + other.stats()["requests"] == 60


# What the provider does -> the class of fault that is counted.
FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "500": ({"status": 500}, "status_faults"),
    "429": ({"status": 429}, "rate_limited_faults"),
    "401": ({"status": 401}, "auth_faults"),
    "404": ({"fault": "model_not_found"}, "route_faults"),
    "a web page": ({"fault": "html"}, "protocol_faults"),
    "400": ({"status": 400}, "refused"),
    "an answer": ({}, "answered"),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("options", "column"), FAULTS.values(), ids=FAULTS.keys())
def test_each_call_is_counted_as_what_it_was(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, options: dict[str, Any], column: str, stream: bool
) -> None:
    """The rows of the hour are what the status page will tell customers, and operators will judge channels by."""
    shop.sell(provider.base_url)
    provider.set(**options)
    with workers(database, shop, 1) as (gateway,):
        gateway.chat(stream=stream)
    (row,) = shop.rows("SELECT * FROM traffic_hour")
    counts = {name: count for name, count in dict(row).items() if name in ("answered", "refused") or "_faults" in name}
    assert {name: count for name, count in counts.items() if count} == {column: 1}
    assert row["stream"] is stream
    assert sum(row["first_byte_counts"]) == row["answered"]


def test_a_test_key_counts_for_nothing(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> None:
    """The simulator's speed is not the providers'."""
    shop.sell(provider.base_url)
    with running_gateway(database, simulator_url=provider.url) as gateway:
        gateway.key = shop.key(shop.account(), kind="test")
        assert gateway.chat().status == 200
    assert shop.rows("SELECT 1 FROM traffic_hour") == []
