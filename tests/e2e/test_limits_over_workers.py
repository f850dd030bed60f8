"""Limits hold over 4 workers: whatever comes at once on whichever worker, no limit is ever exceeded."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.support.load import Reply, burst, call, chat
from tests.support.operator import Operator
from tests.support.server import eventually, running_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(120)

PRICE = "0.01"
CALLS = 120


@pytest.fixture(scope="module")
def provider() -> Iterator[SimulatorProcess]:
    with running_simulator(chunks=4) as started:
        yield started


@pytest.fixture(scope="module")
def operator(module_data_dir: Path, provider: SimulatorProcess) -> Iterator[Operator]:
    with running_server(module_data_dir, "--workers", "4") as server:
        operator = Operator(server)
        fixed = ("--input", "0", "--output", "0", "--per-request", PRICE)
        operator.add_channel("up", provider.base_url)
        operator.sell("fixed", "up/sim-chat", *fixed)
        operator.add_channel("narrow", provider.base_url, "--concurrency", "4")
        operator.sell("narrow", "narrow/sim-chat", *fixed)
        operator.add_channel("dear", provider.base_url, "--daily-cap", "0.2")
        costs = ("--cost-input", "0", "--cost-output", "0", "--cost-per-request", PRICE)
        operator.sell("dear", "dear/sim-chat", *fixed, *costs)
        yield operator


def at_once(operator: Operator, key: str, model: str = "fixed", calls: int = CALLS) -> list[Reply]:
    return asyncio.run(burst(operator.port, [(key, chat(model))] * calls))


def served(replies: list[Reply]) -> int:
    return sum(reply.is_served for reply in replies)


def refusals(replies: list[Reply]) -> set[tuple[int, str]]:
    return {(reply.status, reply.code) for reply in replies if reply.status != 200}


def test_requests_per_minute(operator: Operator):
    """Exactly as many as the limit says; the rest 429 with the time to wait and what is left."""
    customer = operator.customer("100", "--rpm", "20")
    began_s = time.monotonic()
    replies = at_once(operator, customer.key)
    assert time.monotonic() - began_s < 30
    assert served(replies) == 20
    assert refusals(replies) == {(429, "rate_limit_exceeded")}
    for reply in replies:
        assert reply.headers["x-ratelimit-limit-requests"] == "20"
        if reply.status == 429:
            # A minute, and the second that rounding up may add.
            assert 0 < int(reply.headers["retry-after"]) <= 61
            assert reply.headers["x-ratelimit-remaining-requests"] == "0"
    assert operator.balance(customer.account_id) == 100 - 20 * Decimal(PRICE)


def test_concurrency(operator: Operator, provider: SimulatorProcess):
    """Never more than the limit with the provider at one moment; free again once they have ended."""
    customer = operator.customer("100", "--concurrency", "3")
    provider.reset()
    provider.set(ttft_ms=1500)
    replies = at_once(operator, customer.key)
    assert served(replies) == 3
    assert refusals(replies) == {(429, "concurrency_limit_exceeded")}
    assert provider.stats()["concurrent_max"] == 3
    provider.reset()
    for _ in range(4):
        assert asyncio.run(call(operator.port, customer.key, chat("fixed"))).is_served


@pytest.mark.parametrize("limit", ["--daily", "--monthly", "--total"])
def test_spend(operator: Operator, provider: SimulatorProcess, limit: str):
    """What is spent and held never exceeds the key's limit, however rich the account."""
    customer = operator.customer("100", limit, "0.125")
    provider.reset()
    replies = at_once(operator, customer.key)
    assert served(replies) == 12
    assert refusals(replies) == {(429, "spend_limit_exceeded")}
    assert provider.stats()["requests"] == 12
    assert operator.balance(customer.account_id) == 100 - 12 * Decimal(PRICE)


def test_tokens_per_minute(operator: Operator, provider: SimulatorProcess):
    """Reserved tokens count before they are used, so that a burst cannot overrun the limit."""
    customer = operator.customer("100", "--tpm", "2000")
    provider.reset()
    # No call ends, and gives back what it did not use, before all have been decided on.
    provider.set(ttft_ms=1500)
    replies = asyncio.run(burst(operator.port, [(customer.key, chat("fixed", max_tokens=190))] * CALLS))
    # Each reserves its 190 and its input as estimated.
    assert 5 <= served(replies) <= 2000 // 190
    assert refusals(replies) == {(429, "rate_limit_exceeded")}


def test_concurrency_of_a_channel(operator: Operator, provider: SimulatorProcess):
    """A provider's own limit is kept for all workers together, and nobody is charged for being refused."""
    customer = operator.customer("100")
    provider.reset()
    provider.set(ttft_ms=300)
    replies = at_once(operator, customer.key, "narrow")
    assert provider.stats()["concurrent_max"] <= 4
    assert served(replies) >= 4
    assert refusals(replies) <= {(503, "no_channel_available")}
    assert all(int(reply.headers["retry-after"]) > 0 for reply in replies if reply.status == 503)
    assert operator.balance(customer.account_id) == 100 - served(replies) * Decimal(PRICE)
    provider.reset()
    # What the workers had leased is free again.
    eventually(lambda: served(at_once(operator, customer.key, "narrow", calls=2)) == 2)


def test_daily_cap_of_a_channel(operator: Operator, provider: SimulatorProcess):
    """What the operator pays the provider in a day stops at the cap, to the last request."""
    customer = operator.customer("100")
    provider.reset()
    replies = at_once(operator, customer.key, "dear") + at_once(operator, customer.key, "dear")
    assert provider.stats()["requests"] == served(replies) <= 20
    # Slices that other workers had leased ahead may be unused, but not many.
    assert served(replies) >= 10
    assert refusals(replies) == {(503, "no_channel_available")}
    assert operator.balance(customer.account_id) == 100 - served(replies) * Decimal(PRICE)


def test_who_may_call_what_from_where_and_until_when(operator: Operator, provider: SimulatorProcess):
    """Expiry, addresses and models of a key, each with its own code, on every worker."""
    customer = operator.customer("100")
    soon = datetime.now(UTC) + timedelta(seconds=5)
    short = operator.key(customer.account_id, "--expires", soon.isoformat())
    assert asyncio.run(call(operator.port, short, chat("fixed"))).is_served
    provider.reset()
    cases = {
        ("--cidr", "10.0.0.0/8,2001:db8::/32"): (403, "address_not_allowed"),
        ("--models", "narrow,dear"): (403, "model_not_allowed"),
    }
    for terms, expected in cases.items():
        key = operator.key(customer.account_id, *terms)
        replies = at_once(operator, key, calls=20)
        assert Counter((reply.status, reply.code) for reply in replies) == {expected: 20}
    assert provider.stats()["requests"] == 0
    eventually(lambda: datetime.now(UTC) > soon)
    # On the first call after its end, on every worker.
    replies = at_once(operator, short, calls=20)
    assert Counter((reply.status, reply.code) for reply in replies) == {(401, "key_expired"): 20}
    assert provider.stats()["requests"] == 0
    allowed = operator.key(customer.account_id, "--expires", "1h", "--cidr", "127.0.0.0/8", "--models", "fixed,narrow")
    assert served(at_once(operator, allowed, calls=20)) == 20
    listed = operator.server.request("GET", "/v1/models", key=allowed).json
    assert {model["id"] for model in listed["data"]} == {"fixed", "narrow"}


def test_the_ledger_is_right_after_all_of_it(operator: Operator):
    """No refusal has left a trace in the books."""
    operator.check_ledger()
