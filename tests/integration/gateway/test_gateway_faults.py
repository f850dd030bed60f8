"""Providers that misbehave: fallback while nothing was given out, honest ends afterwards, no charge for failure."""

import json
import time
from typing import Any

import pytest
from tests.support.gateway import MODEL, PROVIDER_KEY, RATES, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess, running_simulator

from farebox.catalog.admin import NewRoute, stop
from farebox.domain.policy import AdmissionPolicy, EndingPolicy, Policy
from farebox.gateway.options import GatewayOptions
from farebox.upstream.limits import Timeouts

HASTY = Timeouts(connect_s=1.0, first_byte_s=0.5, idle_s=0.5)
HASTY_OPTIONS = GatewayOptions(plain_timeouts=HASTY, stream_timeouts=HASTY, drain_s=20)


def nothing_was_charged(shop: Shop, outcome: str) -> None:
    job = shop.only_job()
    assert (job["status"], job["outcome"], job["charge_nano"]) == ("voided", outcome, 0)
    assert shop.rows("SELECT 1 FROM hold") == []
    assert {row["balance_nano"] for row in shop.rows("SELECT balance_nano FROM account")} == {10 * 10**9}


# What the provider does before its first data event -> status and code for plain calls and streams.
BEFORE_FIRST_EVENT: dict[str, tuple[dict[str, Any], int, str]] = {
    "refused with 500": ({"status": 500}, 502, "provider_error"),
    "refused with 401": ({"status": 401}, 502, "provider_error"),
    "reset before headers": ({"fault": "reset_before_headers"}, 502, "provider_error"),
    "reset after headers": ({"fault": "reset_after_headers"}, 502, "provider_error"),
    "web page": ({"fault": "html"}, 502, "provider_error"),
    "200 with an error body": ({"fault": "error_body"}, 502, "provider_error"),
    "giant header": ({"fault": "giant_header"}, 502, "provider_error"),
    "bad chunks": ({"framing": "bad_chunk"}, 502, "provider_error"),
    "silent": ({"fault": "silent"}, 504, "timeout"),
    "busy": ({"status": 429, "retry_after": "7"}, 503, "no_channel_available"),
    "unknown model over there": ({"fault": "model_not_found"}, 502, "provider_error"),
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("options", "status", "code"), BEFORE_FIRST_EVENT.values(), ids=BEFORE_FIRST_EVENT.keys())
def test_failure_before_the_first_event_is_free(
    database: TestDatabase,
    shop: Shop,
    provider: SimulatorProcess,
    options: dict[str, Any],
    status: int,
    code: str,
    stream: bool,
) -> None:
    """After all routes failed the client gets one honest error, and no charge."""
    shop.sell(provider.base_url)
    with running_gateway(database, options=HASTY_OPTIONS) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(**options)
        answer = gateway.chat(stream=stream)
        assert (answer.status, answer.code) == (status, code)
        assert answer.json["error"]["job_id"] == answer.job_id
        if status == 503:
            assert answer.headers["retry-after"] == "7"
        nothing_was_charged(shop, "timeout" if status == 504 else "provider_error")


def test_malformed_plain_answers_are_faults_of_the_channel(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """A 200 that is no JSON reaches no client."""
    provider.set(fault="malformed_json")
    answer = gateway.chat()
    assert (answer.status, answer.code) == (502, "provider_error")
    nothing_was_charged(shop, "provider_error")


@pytest.mark.parametrize("stream", [False, True])
def test_a_fault_of_the_request_passes_scrubbed(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess, stream: bool
) -> None:
    """Content policy and bad parameters are the customer's to see, without the provider's name; they are free."""
    message = f"openai says no to {MODEL} for org-simulated-upstream, see req_1234567890abcdef"
    provider.set(status=400, error_code="content_policy_violation", error_message=message)
    answer = gateway.chat(stream=stream)
    assert answer.status == 400
    assert answer.code == "content_policy_violation"
    for word in ("org-simulated", "req_1234567890", "openai", "first"):
        assert word not in answer.body.decode().lower()
    nothing_was_charged(shop, "refused")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("options", [{"status": 500}, {"fault": "html"}, {"fault": "reset_before_headers"}])
def test_the_next_route_takes_over(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, options: dict[str, Any], stream: bool
) -> None:
    """A failing channel is invisible as long as another one works; the job is charged once, on the one that served."""
    with running_simulator(**options) as broken:
        shop.channel("broken", broken.base_url)
        working = shop.channel("working", provider.base_url)
        routes = [
            NewRoute(channel=name, upstream_model=MODEL, priority=place, cost=RATES)
            for place, name in enumerate(("broken", "working"))
        ]
        shop.model(MODEL, *routes)
        with running_gateway(database) as gateway:
            gateway.key = shop.key(shop.account())
            answer = gateway.chat(stream=stream)
            assert answer.status == 200
            assert b"error" not in answer.body
            job = shop.job(answer.job_id)
            assert job["channel_id"] == working
            assert job["charge_nano"] > 0
            assert broken.stats()["requests"] == 1


CUTS = {
    "truncated": {"cut": 3},
    "reset": {"cut": 3, "cut_style": "reset"},
    "clean end without the end mark": {"cut": 3, "cut_style": "clean"},
    "closed": {"cut": 3, "cut_style": "fin"},
    "error event": {"fault": "error_event"},
    "malformed event": {"fault": "malformed_event"},
}


@pytest.mark.parametrize("options", CUTS.values(), ids=CUTS.keys())
@pytest.mark.parametrize("policy", ["free", "delivered"])
def test_a_cut_stream_never_ends_like_a_clean_one(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, options: dict[str, Any], policy: Any
) -> None:
    """An error event ends it, no end mark follows, and it costs what the policy says."""
    shop.sell(provider.base_url)
    with running_gateway(database, policy=Policy(ending=EndingPolicy(provider_cut=policy))) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(**options)
        answer = gateway.chat(stream=True)
        assert answer.status == 200
        assert "error" in answer.events[-1]
        assert answer.events[-1]["error"]["job_id"] == answer.job_id
        assert "[DONE]" not in answer.events
        if policy == "free":
            nothing_was_charged(shop, "provider_cut")
        else:
            job = shop.only_job()
            assert (job["outcome"], job["usage_source"]) == ("provider_cut", "estimated")
            assert 0 < job["output_tokens"] <= 16
            assert job["charge_nano"] > 0


def test_a_stalled_stream_times_out(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> None:
    """A provider that stops sending is given up; the client is told, and pays nothing by default."""
    shop.sell(provider.base_url)
    with running_gateway(database, options=HASTY_OPTIONS) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(cut=3, cut_style="stall")
        answer = gateway.chat(stream=True)
        assert answer.events[-1]["error"]["code"] == "timeout"
        nothing_was_charged(shop, "timeout")


USAGES = {
    "missing": "estimated",
    "middle": "provider",
    "twice": "provider",
    "growing": "provider",
    "negative": None,
    "wrong_types": None,
    "cached_over_prompt": "provider",
}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("usage", "source"), USAGES.items())
def test_odd_usage_is_never_charged_oddly(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess, usage: str, source: str | None, stream: bool
) -> None:
    """Missing, doubled, negative or ill-typed usage: one positive charge, never above the hold when estimated."""
    provider.set(usage=usage)
    answer = gateway.chat(stream=stream, max_tokens=50)
    assert answer.status == 200
    job = shop.job(answer.job_id)
    assert job["status"] == "settled"
    assert 0 <= job["charge_nano"] <= job["hold_nano"]
    assert len(shop.rows("SELECT 1 FROM txn WHERE id = $1", job["id"])) <= 1
    if source is not None:
        assert job["usage_source"] == source
        assert job["charge_nano"] > 0


def test_compressed_answers_are_read(gateway: Gateway, provider: SimulatorProcess) -> None:
    """A provider that compresses although nobody asked is still understood."""
    provider.set(gzip=True)
    assert gateway.chat().json["usage"]["cost"]
    assert gateway.chat(stream=True).events[-1] == "[DONE]"


def test_endless_and_giant_answers_are_bounded(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> None:
    """A giant line and an endless plain body end as faults of the channel, within the bound."""
    shop.sell(provider.base_url)
    options = GatewayOptions(answer_most_bytes=1_000_000, drain_s=20)
    with running_gateway(database, options=options) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(body_bytes=3_000_000)
        assert gateway.chat().code == "provider_error"
        provider.reset()
        provider.set(fault="giant_line", giant_bytes=20_000_000)
        answer = gateway.chat(stream=True)
        assert answer.status == 502 or "error" in answer.events[-1]


def test_a_stream_extends_its_hold_and_completes(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """A first step, then as many extensions as the output needs; the client sees one whole stream."""
    shop.sell(provider.base_url, most_output_tokens=100_000)
    policy = Policy(admission=AdmissionPolicy(first_step_output_tokens=64))
    with running_gateway(database, policy=policy) as gateway:
        gateway.key = shop.key(shop.account())
        provider.set(chunks=1000)
        answer = gateway.chat(stream=True)
        assert answer.events[-1] == "[DONE]"
        job = shop.job(answer.job_id)
        assert job["output_tokens"] == 1000
        assert job["hold_nano"] >= 1000 * 2000
        assert job["charge_nano"] == job["input_tokens"] * 1000 + 1000 * 2000


def test_a_refused_extension_ends_the_stream_as_length(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """When the balance pays no more the stream ends well-formed, and the balance does not go below zero."""
    shop.sell(provider.base_url, most_output_tokens=100_000)
    policy = Policy(admission=AdmissionPolicy(first_step_output_tokens=64))
    with running_gateway(database, policy=policy) as gateway:
        account = shop.account("0.001")
        gateway.key = shop.key(account)
        provider.set(chunks=5000, gap_ms=1)
        answer = gateway.chat(stream=True, stream_options={"include_usage": True})
        assert answer.events[-1] == "[DONE]"
        reasons = [event["choices"][0]["finish_reason"] for event in answer.events[:-1] if event.get("choices")]
        assert reasons[-1] == "length"
        assert answer.events[-2]["usage"]["cost"]
        job = shop.job(answer.job_id)
        assert job["outcome"] == "completed"
        assert 100 < job["output_tokens"] < 600
        balance, held = shop.balance(account)
        assert balance >= 0
        assert held == 0
        provider.wait_for(lambda stats: stats["concurrent"] == 0)


def test_emergency_stop_now_ends_running_jobs(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """`stop --now` ends plain calls and streams within seconds, free of charge; the provider's calls end, too."""
    provider.set(gap_ms=100, chunks=10_000)
    connection = gateway.begin(stream=True)
    received = b""
    while b'"content":' not in received:
        received += connection.recv(65536)
    began_s = time.monotonic()
    shop.do(lambda made: stop(made, "model", MODEL, "test", abort_running=True))
    while b'"error"' not in received:
        piece = connection.recv(65536)
        assert piece
        received += piece
    assert time.monotonic() - began_s < 15  # the stream is a quarter of an hour long
    assert b"emergency_stop" in received
    assert b"[DONE]" not in received
    connection.close()
    nothing_was_charged(shop, "platform_error")
    provider.wait_for(lambda stats: stats["concurrent"] == 0)


def test_the_providers_key_goes_to_the_provider_and_the_clients_does_not(
    gateway: Gateway, provider: SimulatorProcess
) -> None:
    """Only allow-listed headers travel; the customer's key and address never do."""
    gateway.chat(
        headers={"x-api-key": gateway.key, "cookie": "leak", "x-forwarded-for": "1.2.3.4", "openai-organization": "l"}
    )
    assert provider.key_uses(PROVIDER_KEY) == 1
    assert provider.key_uses(gateway.key) == 0
    assert "leak" not in json.dumps(provider.stats()["last"])


@pytest.mark.parametrize("status", [403, 404])
def test_a_fault_of_one_model_leaves_the_others_alone(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess, status: int
) -> None:
    """No access to one model over there must not take the channel's key from all other models."""
    shop.model("sim-barred", NewRoute(channel="first", upstream_model=f"sim-barred?status={status}", cost=RATES))
    # After three of them the route rests, and nobody is sent there to fail again.
    assert [gateway.chat(model="sim-barred").status for _ in range(6)] == [502] * 3 + [503] * 3
    assert gateway.chat().status == 200
