"""What a call is charged when discounts begin and end, groups change, and models have rates of their own."""

import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.support.gateway import MODEL, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess

from farebox.accounts.grouping import assign_group
from farebox.catalog.admin import NewRoute, change_price
from farebox.catalog.store import load_snapshot
from farebox.domain.pricing import PerTokenCard, TokenPrices
from farebox.kit.clock import SystemClock

_DISCOUNT = """
INSERT INTO discount (id, name, patterns, off_ppm, starts_at, ends_at)
VALUES (gen_random_uuid(), 'Autumn', $1, $2, clock_timestamp() + make_interval(secs => $3),
        clock_timestamp() + make_interval(secs => $4))
RETURNING starts_at, ends_at
"""


def discount(
    shop: Shop, off_percent: int, *, begins_s: float = -60, ends_s: float = 60, models: str = "sim-*"
) -> tuple[Any, Any]:
    row = shop.rows(_DISCOUNT, [models], off_percent * 10_000, begins_s, ends_s)[0]
    return row["starts_at"], row["ends_at"]


def group(shop: Shop, name: str, percent: int) -> None:
    shop.execute(
        "INSERT INTO customer_group (name, factor_ppm) VALUES ($1, $2) "
        "ON CONFLICT (name) DO UPDATE SET factor_ppm = excluded.factor_ppm",
        name,
        percent * 10_000,
    )


@pytest.fixture
def other_worker(database: TestDatabase, gateway: Gateway, provider: SimulatorProcess) -> Iterator[Gateway]:
    """A second worker of the same deployment, with the key of the first."""
    with running_gateway(database, simulator_url=provider.url) as running:
        running.key = gateway.key
        yield running


def factor_of(shop: Shop, answer: Any) -> int:
    assert answer.status == 200, answer.body
    return int(shop.job(answer.job_id)["factor_ppm"])


def test_the_largest_discount_counts_times_the_groups_factor(gateway: Gateway, shop: Shop) -> None:
    """30 % and 50 % off make 50 %; a group at 80 % pays 40 % of the list; models of other names pay all of it."""
    discount(shop, 30)
    discount(shop, 50, models="SIM-CH*")
    discount(shop, 90, models="other-*")
    discount(shop, 95, begins_s=60, ends_s=120)
    answer = gateway.chat()
    assert factor_of(shop, answer) == 500_000
    full = shop.job(answer.job_id)
    assert full["charge_nano"] == (full["input_tokens"] * 1_000 + full["output_tokens"] * 2_000 + 1) // 2
    account = full["account_id"]
    group(shop, "partners", 80)
    shop.do(lambda connection: assign_group(connection, account, "partners"))
    assert factor_of(shop, gateway.chat()) == 400_000


def test_discounts_are_shown_where_models_are_listed(gateway: Gateway, shop: Shop) -> None:
    """The prices of /v1/models are those that are charged, with the discount's name, size and end."""
    discount(shop, 25)

    def discounted() -> Any:
        pricing = gateway.call("GET", f"/v1/models/{MODEL}").json["pricing"]
        return pricing if "discount" in pricing else None

    listed = shop.wait_for(discounted)
    assert (Decimal(listed["input"]), Decimal(listed["output"])) == (Decimal("0.75"), Decimal("1.5"))
    assert (listed["discount"]["name"], listed["discount"]["off_percent"]) == ("Autumn", "25")
    assert listed["discount"]["ends_at"]


def test_a_discount_holds_from_its_start_until_before_its_end(
    gateway: Gateway, other_worker: Gateway, shop: Shop
) -> None:
    """By the database's clock and on every worker: of each job, the moment of admission says what was charged."""
    starts_at, ends_at = discount(shop, 50, begins_s=0.6, ends_s=1.6)
    jobs: list[Any] = []
    until = time.monotonic() + 2.2
    while time.monotonic() < until:
        jobs += [shop.job(worker.chat().job_id) for worker in (gateway, other_worker)]
    for job in jobs:
        within = starts_at <= job["created_at"] < ends_at
        assert job["factor_ppm"] == (500_000 if within else 1_000_000), (job["created_at"], starts_at, ends_at)
    assert {job["factor_ppm"] for job in jobs} == {500_000, 1_000_000}


@pytest.mark.parametrize("off_ms", [-400, 400])
def test_a_wrong_clock_changes_no_price(gateway: Gateway, shop: Shop, off_ms: int) -> None:
    """A worker that reckons the database's time wrongly is corrected by the till: no job has another moment's price."""
    starts_at, ends_at = discount(shop, 50, begins_s=0.6, ends_s=1.4)
    assert gateway.application is not None
    wrong = shop.do(load_snapshot).told_by(SystemClock().unix_ms() + off_ms)
    gateway.application._reader.snapshot = wrong
    until = time.monotonic() + 1.8
    jobs: list[Any] = []
    while time.monotonic() < until:
        jobs.append(shop.job(gateway.chat().job_id))
    for job in jobs:
        within = starts_at <= job["created_at"] < ends_at
        assert job["factor_ppm"] == (500_000 if within else 1_000_000)
    assert {job["factor_ppm"] for job in jobs} == {500_000, 1_000_000}


def test_what_changes_during_a_stream_is_for_the_next_call(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """Price, group and discount are pinned at admission; the call after has the new ones, at once."""
    provider.set(chunks=20, gap_ms=30)
    account = shop.rows("SELECT id FROM account")[0]["id"]
    group(shop, "partners", 50)
    with gateway.begin(stream=True) as running:
        running.recv(1)
        shop.do(lambda connection: assign_group(connection, account, "partners"))
        discount(shop, 10)
        dearer = PerTokenCard(prices=TokenPrices(input=9_000_000, output=9_000_000))
        shop.do(lambda connection: change_price(connection, MODEL, lambda _: dearer, None))
        held = shop.rows("SELECT factor_ppm, rate_card_id FROM hold")
        assert [row["factor_ppm"] for row in held] == [1_000_000]
        told = b""
        while b"[DONE]" not in told:
            told += running.recv(65_536)
    pinned = shop.only_job()
    assert (pinned["factor_ppm"], pinned["rate_card_id"]) == (1_000_000, held[0]["rate_card_id"])
    assert pinned["charge_nano"] == pinned["input_tokens"] * 1_000 + pinned["output_tokens"] * 2_000
    provider.reset()
    after = shop.job(gateway.chat().job_id)
    assert after["factor_ppm"] == 450_000
    assert after["charge_nano"] == -(-(after["input_tokens"] + after["output_tokens"]) * 9_000 * 45 // 100)


def test_a_groups_factor_is_in_force_for_the_next_call(gateway: Gateway, other_worker: Gateway, shop: Shop) -> None:
    """A new factor, a new group and none: on each worker, the next job is charged by it."""
    account = shop.rows("SELECT id FROM account")[0]["id"]
    for name, percent in (("a", 80), ("a", 120), ("b", 10)):
        group(shop, name, percent)
        shop.do(lambda connection, name=name: assign_group(connection, account, name))
        for worker in (gateway, other_worker):
            assert factor_of(shop, worker.chat()) == percent * 10_000
    shop.do(lambda connection: assign_group(connection, account, None))
    assert factor_of(shop, gateway.chat()) == 1_000_000


def test_a_free_model_has_a_rate_of_its_own(
    gateway: Gateway, other_worker: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """Each account may make so many requests a minute, on all workers together; other models and accounts go on."""
    free = PerTokenCard(prices=TokenPrices(input=0, output=0))
    shop.model("free", NewRoute(channel="first", upstream_model=MODEL), rates=free)
    shop.execute("UPDATE model SET account_requests_per_minute = 3 WHERE name = 'free'")
    broke = shop.key(shop.account(credit="0"))
    answers = [worker.chat(model="free", key=broke) for worker in (gateway, other_worker, gateway, other_worker)]
    assert [answer.status for answer in answers[:3]] == [200, 200, 200]
    assert (answers[3].status, answers[3].code) == (429, "rate_limit_exceeded")
    assert int(answers[3].headers["retry-after"]) >= 1
    assert gateway.chat(model="free").status == 200
    assert gateway.chat(key=broke).code == "insufficient_credits"
    assert {row["charge_nano"] for row in shop.rows("SELECT charge_nano FROM job WHERE model = 'free'")} == {0}
