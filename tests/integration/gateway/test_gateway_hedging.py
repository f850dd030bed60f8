"""Plain calls whose answer is late: a second call, one charge, and nothing left running at the loser."""

import contextlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from tests.support.gateway import MODEL, RATES, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess, running_simulator

from farebox.boot.receipts import load_receipt
from farebox.catalog.admin import NewRoute
from farebox.domain.money import format_amount
from farebox.domain.policies.routing import RoutingPolicy
from farebox.domain.policy import EndingPolicy, Policy
from farebox.gateway.options import GatewayOptions

# Of the provider that is late: far longer than a test waits for the other one.
LATE_MS = 8_000
HEDGING = Policy(routing=RoutingPolicy(hedge="after_ms", hedge_after_ms=100))


class Race:
    """A worker with two channels for one model, the late one first."""

    def __init__(self, shop: Shop, late: SimulatorProcess, quick: SimulatorProcess, channels: dict[str, UUID]) -> None:
        self.shop = shop
        self.late = late
        self.quick = quick
        self.channels = channels
        self.gateway: Gateway
        self.account: UUID

    def hedges(self) -> list[tuple[UUID, str, int]]:
        rows = self.shop.rows("SELECT channel_id, result, cost_nano FROM job_hedge")
        return [(row["channel_id"], row["result"], row["cost_nano"]) for row in rows]

    def charged_once(self, job: Any) -> None:
        """The customer's balance is less by one charge, which is the price of what was answered."""
        price_nano = job["input_tokens"] * 1_000 + job["output_tokens"] * 2_000
        assert (job["status"], job["charge_nano"]) == ("settled", price_nano)
        assert self.shop.balance(self.account) == (10 * 10**9 - price_nano, 0)
        assert len(self.shop.rows("SELECT 1 FROM txn WHERE id = $1", job["id"])) == 1

    def nothing_runs(self) -> None:
        for provider in (self.late, self.quick):
            provider.wait_for(lambda stats: stats["concurrent"] == 0, LATE_MS / 2000)


@pytest.fixture(scope="module")
def late_simulator() -> Iterator[SimulatorProcess]:
    with running_simulator() as simulator:
        yield simulator


@contextlib.contextmanager
def racing(
    database: TestDatabase,
    shop: Shop,
    late: SimulatorProcess,
    quick: SimulatorProcess,
    *,
    policy: Policy = HEDGING,
    options: GatewayOptions | None = None,
    **quick_channel: Any,
) -> Iterator[Race]:
    late.reset()
    late.set(ttft_ms=LATE_MS)
    channels = {
        "late": shop.channel("late", late.base_url),
        "quick": shop.channel("quick", quick.base_url, **quick_channel),
    }
    shop.model(
        MODEL,
        NewRoute(channel="late", upstream_model=MODEL, priority=0, cost=RATES),
        NewRoute(channel="quick", upstream_model=MODEL, priority=1, cost=RATES),
    )
    race = Race(shop, late, quick, channels)
    with running_gateway(database, policy=policy, options=options) as gateway:
        race.account = shop.account()
        gateway.key = shop.key(race.account)
        race.gateway = gateway
        yield race


def test_the_first_answer_wins_and_is_charged_once(
    database: TestDatabase, shop: Shop, late_simulator: SimulatorProcess, provider: SimulatorProcess
) -> None:
    """The late call is broken off at its provider; both calls' cost is there for the operator, one for the customer."""
    with racing(database, shop, late_simulator, provider) as race:
        answer = race.gateway.chat()
        assert answer.status == 200
        race.nothing_runs()
        assert late_simulator.stats()["closed_early"] == 1
        job = shop.job(answer.job_id)
        race.charged_once(job)
        assert job["channel_id"] == race.channels["quick"]
        assert race.hedges() == [(race.channels["late"], "overtaken", job["cost_nano"])]
        assert job["cost_nano"] > 0
        told: Any = shop.do(lambda made: load_receipt(made, job["id"]))
        cost = format_amount(job["cost_nano"])
        assert told["provider_calls"] == [
            {"channel": "quick", "result": "completed", "cost": cost},
            {"channel": "late", "result": "overtaken", "cost": cost},
        ]
        assert "provider_calls" not in race.gateway.call("GET", f"/v1/jobs/{job['id']}").json


def test_hedging_is_off_unless_the_operator_wants_it(
    database: TestDatabase, shop: Shop, late_simulator: SimulatorProcess, provider: SimulatorProcess
) -> None:
    """By default a late call is waited for."""
    with racing(database, shop, late_simulator, provider, policy=Policy()) as race:
        late_simulator.set(ttft_ms=400)
        answer = race.gateway.chat()
        assert shop.job(answer.job_id)["channel_id"] == race.channels["late"]
        assert provider.stats()["requests"] == 0


@pytest.mark.parametrize("stream", [False, True])
def test_calls_in_time_and_streams_are_sent_once(
    database: TestDatabase, shop: Shop, late_simulator: SimulatorProcess, provider: SimulatorProcess, stream: bool
) -> None:
    """A call that answers in time has no second one; nor has a stream, which cannot be taken over."""
    with racing(database, shop, late_simulator, provider) as race:
        late_simulator.set(ttft_ms=300 if stream else 0)
        answer = race.gateway.chat(stream=stream)
        assert shop.job(answer.job_id)["channel_id"] == race.channels["late"]
        assert provider.stats()["requests"] == 0
        assert race.hedges() == []


def test_the_late_answer_counts_when_the_second_call_fails(
    database: TestDatabase, shop: Shop, late_simulator: SimulatorProcess, provider: SimulatorProcess
) -> None:
    """A second call that fails costs nothing and takes nothing away."""
    with racing(database, shop, late_simulator, provider) as race:
        late_simulator.set(ttft_ms=600)
        provider.set(status=500)
        answer = race.gateway.chat()
        assert answer.status == 200
        job = shop.job(answer.job_id)
        race.charged_once(job)
        assert job["channel_id"] == race.channels["late"]
        assert race.hedges() == [(race.channels["quick"], "failed", 0)]


def test_when_both_fail_the_customer_pays_nothing(
    database: TestDatabase, shop: Shop, late_simulator: SimulatorProcess, provider: SimulatorProcess
) -> None:
    """One honest error, no charge, no hold, nothing running."""
    with racing(database, shop, late_simulator, provider) as race:
        late_simulator.set(ttft_ms=300, status=500)
        provider.set(ttft_ms=300, status=500)
        answer = race.gateway.chat()
        assert (answer.status, answer.code) == (502, "provider_error")
        job = shop.job(answer.job_id)
        assert (job["status"], job["outcome"], job["charge_nano"]) == ("voided", "provider_error", 0)
        assert shop.balance(race.account) == (10 * 10**9, 0)
        assert race.hedges() == [(race.channels["quick"], "failed", 0)]
        assert (late_simulator.stats()["requests"], provider.stats()["requests"]) == (1, 1)


def test_a_fault_of_the_request_ends_both_calls(
    database: TestDatabase, shop: Shop, late_simulator: SimulatorProcess, provider: SimulatorProcess
) -> None:
    """What one provider refuses as the customer's mistake is not waited for at the other."""
    with racing(database, shop, late_simulator, provider) as race:
        provider.set(status=400, error_message="the temperature is too high")
        answer = race.gateway.chat()
        assert answer.status == 400
        race.nothing_runs()
        job = shop.job(answer.job_id)
        assert (job["outcome"], job["charge_nano"]) == ("refused", 0)


def test_a_client_that_leaves_ends_both_calls(
    database: TestDatabase, shop: Shop, late_simulator: SimulatorProcess, provider: SimulatorProcess
) -> None:
    """Where the policy breaks off, both providers notice, and the job has one ending."""
    policy = Policy(routing=HEDGING.routing, ending=EndingPolicy(plain_disconnect="cancel"))
    with racing(database, shop, late_simulator, provider, policy=policy) as race:
        provider.set(ttft_ms=LATE_MS)
        connection = race.gateway.begin()
        provider.wait_for(lambda stats: stats["concurrent"] == 1)
        connection.close()
        race.nothing_runs()
        job = shop.only_job()
        assert (job["status"], job["outcome"]) == ("settled", "client_disconnected")
        assert shop.balance(race.account) == (10 * 10**9 - job["charge_nano"], 0)


def test_caps_count_both_calls_and_get_back_both(
    database: TestDatabase, shop: Shop, late_simulator: SimulatorProcess, provider: SimulatorProcess
) -> None:
    """A channel without room gets no second call; one with room for one at a time serves one after the other."""
    with racing(database, shop, late_simulator, provider, concurrency=1) as race:
        for _ in range(3):
            answer = race.gateway.chat()
            assert shop.job(answer.job_id)["channel_id"] == race.channels["quick"]
        late_simulator.set(ttft_ms=400)
        provider.set(status=500)
        for _ in range(3):
            answer = race.gateway.chat()
            assert shop.job(answer.job_id)["channel_id"] == race.channels["late"]
        assert provider.stats()["requests"] == 6
        late_simulator.set(ttft_ms=LATE_MS)
        provider.set(status=None, ttft_ms=1_500)
        first = race.gateway.begin()
        provider.wait_for(lambda stats: stats["concurrent"] == 1)
        late_simulator.set(ttft_ms=500)
        answer = race.gateway.chat()
        assert shop.job(answer.job_id)["channel_id"] == race.channels["late"]
        assert provider.stats()["concurrent_max"] == 1
        first.close()


def test_hedges_and_fallbacks_have_one_budget(
    database: TestDatabase, shop: Shop, late_simulator: SimulatorProcess, provider: SimulatorProcess
) -> None:
    """When everything is late or broken, the load on providers grows by the budget and no more."""
    options = GatewayOptions(retry_share=0.0, retry_burst=4, drain_s=20)
    with racing(database, shop, late_simulator, provider, options=options) as race:
        late_simulator.set(ttft_ms=300)
        for _ in range(6):
            assert race.gateway.chat().status == 200
        # Half of the burst is for hedges, the other half is left for calls that fail.
        assert provider.stats()["requests"] == 2
        late_simulator.set(ttft_ms=0, status=500)
        statuses = [race.gateway.chat().status for _ in range(4)]
        assert statuses == [200, 200, 502, 502]
        assert provider.stats()["requests"] == 4


def test_late_is_what_the_channel_seldom_is(
    database: TestDatabase, shop: Shop, late_simulator: SimulatorProcess, provider: SimulatorProcess
) -> None:
    """With a quantile, a channel's own answers tell what is late, once there are enough of them."""
    policy = Policy(routing=RoutingPolicy(hedge="quantile", hedge_after_ms=60_000))
    with racing(database, shop, late_simulator, provider, policy=policy) as race:
        late_simulator.set(ttft_ms=0)
        for _ in range(60):
            race.gateway.chat()
        assert race.hedges() == []
        late_simulator.set(ttft_ms=LATE_MS)
        answer = race.gateway.chat()
        assert shop.job(answer.job_id)["channel_id"] == race.channels["quick"]
        assert [row[:2] for row in race.hedges()] == [(race.channels["late"], "overtaken")]
