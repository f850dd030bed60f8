"""Requests that list several models: the first that can be had serves, at its own price, and is charged alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.gateway import RATES, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess, running_simulator

from farebox.catalog.admin import NewRoute
from farebox.domain.pricing import PerTokenCard, TokenPrices

DEAR = PerTokenCard(prices=TokenPrices(input=50_000_000, output=100_000_000))
MODELS = ["dear", "cheap"]


@pytest.fixture
def broken() -> Iterator[SimulatorProcess]:
    with running_simulator(status=500) as simulator:
        yield simulator


@pytest.fixture
def gateway(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, broken: SimulatorProcess
) -> Iterator[Gateway]:
    """Two models: the dear one's only provider fails, the cheap one's works."""
    shop.channel("failing", broken.base_url)
    shop.channel("working", provider.base_url)
    shop.model("dear", NewRoute(channel="failing", upstream_model="sim-chat", cost=RATES), rates=DEAR)
    shop.model("cheap", NewRoute(channel="working", upstream_model="sim-chat", cost=RATES))
    with running_gateway(database) as running:
        running.key = shop.key(shop.account())
        yield running


def jobs_of(shop: Shop) -> list[Any]:
    return shop.rows("SELECT * FROM job ORDER BY created_at")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("fields", [{"models": MODELS}, {"model": "dear", "models": ["cheap"]}])
def test_the_next_model_serves_when_all_routes_of_one_failed(
    gateway: Gateway, shop: Shop, stream: bool, fields: dict[str, Any]
) -> None:
    """Two jobs: the first free, the second charged at the rate card of the model that the receipt names."""
    body = {**fields, "messages": [{"role": "user", "content": "echo: hi"}], "stream": stream}
    answer = gateway.call("POST", "/v1/chat/completions", body)
    assert answer.status == 200
    shop.job(answer.job_id)
    first, second = jobs_of(shop)
    assert (first["model"], first["outcome"], first["charge_nano"]) == ("dear", "provider_error", 0)
    assert (second["model"], second["outcome"]) == ("cheap", "completed")
    assert second["charge_nano"] == second["input_tokens"] * 1000 + second["output_tokens"] * 2000
    receipt = gateway.call("GET", f"/v1/jobs/{answer.job_id}").json
    assert receipt["model"] == "cheap"
    told = answer.events[0] if stream else answer.json
    assert told["model"] == "cheap"
    account = shop.rows("SELECT id, held_nano FROM account")[0]
    assert account["held_nano"] == 0


def test_a_model_that_is_too_dear_or_unknown_gives_way(gateway: Gateway, shop: Shop, broken: SimulatorProcess) -> None:
    """What the balance cannot pay and what does not exist are passed over without a call to a provider."""
    key = shop.key(shop.account("0.01"))
    body = {
        "models": ["none", *MODELS],
        "max_tokens": 1000,
        "messages": [{"role": "user", "content": "echo: hi"}],
    }
    answer = gateway.call("POST", "/v1/chat/completions", body, key=key)
    assert (answer.status, answer.json["model"]) == (200, "cheap")
    assert broken.stats()["requests"] == 0


def test_a_key_may_be_repeated_after_the_first_model_failed(gateway: Gateway, shop: Shop) -> None:
    """The idempotency key binds the job that was charged: the same call again is a conflict."""
    body = {"models": MODELS, "messages": [{"role": "user", "content": "echo: hi"}]}
    headers = {"idempotency-key": "once"}
    first = gateway.call("POST", "/v1/chat/completions", body, headers=headers)
    assert first.status == 200
    again = gateway.call("POST", "/v1/chat/completions", body, headers=headers)
    assert again.status == 409
    assert again.json["error"]["job_id"] == first.job_id


def test_when_none_can_be_had_the_last_one_says_why(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """All failed: one answer, nothing charged, nothing held."""
    provider.set(status=500)
    body = {"models": MODELS, "messages": [{"role": "user", "content": "hi"}]}
    answer = gateway.call("POST", "/v1/chat/completions", body)
    assert (answer.status, answer.code) == (502, "provider_error")
    assert [job["charge_nano"] for job in jobs_of(shop)] == [0, 0]
    assert shop.rows("SELECT FROM hold") == []


def test_a_fault_of_the_request_is_not_tried_elsewhere(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """What a provider refuses for its content goes to the client at once."""
    provider.set(fault="content_filter")
    body = {"models": ["cheap", "dear"], "messages": [{"role": "user", "content": "hi"}]}
    answer = gateway.call("POST", "/v1/chat/completions", body)
    assert answer.status == 400
    assert len(jobs_of(shop)) == 1


def test_routes_of_one_model_may_speak_different_dialects(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess, broken: SimulatorProcess
) -> None:
    """A message that a provider of its own dialect fails to answer is translated for the next route: one job."""
    shop.channel("own", broken.url, kind="anthropic")
    shop.channel("other", provider.url, kind="gemini")
    first = NewRoute(channel="own", upstream_model="sim-chat", cost=RATES, priority=0)
    shop.model("mixed", first, NewRoute(channel="other", upstream_model="sim-chat", cost=RATES, priority=1))
    body = {"model": "mixed", "max_tokens": 50, "messages": [{"role": "user", "content": "echo: hi"}]}
    answer = gateway.call("POST", "/v1/messages", body)
    assert answer.status == 200
    assert answer.json["content"] == [{"type": "text", "text": "hi"}]
    assert broken.stats()["requests"] == 1
    job = shop.job(answer.job_id)
    assert (job["outcome"], len(jobs_of(shop))) == ("completed", 1)
