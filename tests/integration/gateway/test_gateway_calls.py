"""Calls that go well, as customers and their SDKs see them: answers, headers, receipts, balances."""

import gc
import re
from typing import Any

import openai
import pytest
from tests.support.gateway import MODEL, PROVIDER_KEY, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.simulator import SimulatorProcess

from farebox.domain.limits import Limits
from farebox.domain.pricing import ContextTier, PerCallCard
from farebox.gateway.exchange import Exchange


def account_of(shop: Shop) -> Any:
    return shop.rows("SELECT id FROM account")[0]["id"]


def test_plain_call_is_answered_charged_once_and_receipted(gateway: Gateway, shop: Shop) -> None:
    """Balance before less charge is balance after, in the header, the receipt and the account."""
    before, _ = shop.balance(account_of(shop))
    answer = gateway.chat()
    assert answer.status == 200
    usage = answer.json["usage"]
    charge = usage["prompt_tokens"] * 1000 + usage["completion_tokens"] * 2000
    assert shop.balance(account_of(shop)) == (before - charge, 0)

    receipt = gateway.call("GET", f"/v1/jobs/{answer.job_id}").json
    assert receipt["status"] == "settled"
    assert receipt["outcome"] == "completed"
    assert receipt["usage_source"] == "provider"
    assert receipt["usage"]["input_tokens"] == usage["prompt_tokens"]
    assert receipt["charge"] == usage["cost"] == answer.headers["farebox-cost"]
    assert receipt["balance_after"] == answer.headers["farebox-balance"]
    assert {line["class"] for line in receipt["lines"]} == {"input", "output"}
    assert sum(round(float(line["amount"]) * 1e9) for line in receipt["lines"]) == charge
    assert receipt["latency_ms"] >= receipt["first_byte_ms"] >= receipt["hold_ms"] >= 0
    assert receipt["key_prefix"] == gateway.key[:12]
    assert re.fullmatch("req_[0-9a-f]{32}", answer.headers["x-request-id"])


def test_answers_name_us_and_nothing_of_the_provider(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """No header, id, fingerprint, model name or key of the provider's side passes, plain or streamed."""
    provider.set(provider="Foreign Cloud", extra_headers={"x-served-by": "foreign-7", "openai-processing-ms": "7"})
    for fields in ({}, {"stream": True}, {"stream": True, "stream_options": {"include_usage": True}}):
        answer = gateway.chat(**fields)
        assert answer.status == 200
        whole = (str(answer.headers).encode() + answer.body).lower()
        for word in (b"foreign", b"fp_", b"org-simulated", PROVIDER_KEY.encode(), b"openai-", b"2025-01-15"):
            assert word not in whole
        first = answer.events[0] if "stream" in fields else answer.json
        assert first["id"] == "chatcmpl-" + answer.job_id.replace("-", "")
        assert first["model"] == MODEL


def test_unknown_fields_pass_and_the_body_stays_the_clients(gateway: Gateway, provider: SimulatorProcess) -> None:
    """Same dialect on both sides: the client's bytes, but for the model's name and the wish for usage."""
    provider.set(record_bodies=True)
    gateway.chat(stream=True, vendor_extra={"deep": [1, 2.50, "ü"]}, temperature=0.70)
    sent = provider.bodies()[-1]["body"]
    assert sent["vendor_extra"] == {"deep": [1, 2.5, "ü"]}
    assert sent["stream_options"] == {"include_usage": True}


@pytest.mark.parametrize("asks", [False, True])
def test_stream_is_whole_and_usage_is_shown_only_when_asked(gateway: Gateway, shop: Shop, asks: bool) -> None:
    """Farebox asks the provider for usage in any case and keeps the extra chunk to itself."""
    fields = {"stream_options": {"include_usage": True}} if asks else {}
    answer = gateway.chat(stream=True, **fields)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.events[-1] == "[DONE]"
    with_usage = [event for event in answer.events[:-1] if event.get("usage")]
    assert len(with_usage) == (1 if asks else 0)
    job = shop.job(answer.job_id)
    assert job["outcome"] == "completed"
    assert job["usage_source"] == "provider"
    assert job["charge_nano"] == job["input_tokens"] * 1000 + job["output_tokens"] * 2000 > 0
    if asks:
        assert float(with_usage[0]["usage"]["cost"]) == pytest.approx(job["charge_nano"] / 1e9)


def test_the_official_sdk_is_at_home(gateway: Gateway) -> None:
    """Chat, stream, tools, structured output, embeddings, completions and models with the unmodified SDK."""
    with openai.OpenAI(api_key=gateway.key, base_url=gateway.base_url, max_retries=0) as client:
        messages: Any = [{"role": "user", "content": "hello"}]
        chat = client.chat.completions.create(model=MODEL, messages=messages)
        assert chat.choices[0].message.content
        assert chat.usage is not None
        chunks = list(client.chat.completions.create(model=MODEL, messages=messages, stream=True))
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        tools: Any = [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}]
        called = client.chat.completions.create(model=MODEL, messages=messages, tools=tools)
        assert called.choices[0].finish_reason
        schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
        shape: Any = {"type": "json_schema", "json_schema": {"name": "s", "schema": schema}}
        assert client.chat.completions.create(model=MODEL, messages=messages, response_format=shape).choices
        assert client.embeddings.create(model=MODEL, input=["a", "b"]).data[1].embedding
        assert client.completions.create(model=MODEL, prompt="hello").choices[0].text
        assert [model.id for model in client.models.list()] == [MODEL]
        assert client.models.retrieve(MODEL).owned_by == "farebox"


def test_test_keys_reach_only_the_simulator_and_cost_nothing(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """CI runs before anybody has paid, and never with the operator's provider keys."""
    poor = shop.account("0")
    answer = gateway.chat(key=shop.key(poor, kind="test"))
    assert answer.status == 200
    assert answer.headers["farebox-cost"] == "0"
    assert provider.key_uses(PROVIDER_KEY) == 0
    assert shop.balance(poor) == (0, 0)


def test_context_tiers_are_charged_per_call(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> None:
    """A per-call card charges its tier whatever the output."""
    shop.sell(provider.base_url, rates=PerCallCard(tiers=(ContextTier(None, 5_000_000),)))
    with running_gateway(database) as gateway:
        gateway.key = shop.key(shop.account())
        answer = gateway.chat()
        assert answer.headers["farebox-cost"] == "0.005"


def test_reads_show_balance_limits_and_models(gateway: Gateway, shop: Shop) -> None:
    """/v1/credits, /v1/key and /v1/models say what this key has and may."""
    credit = gateway.call("GET", "/v1/credits").json
    assert (credit["balance"], credit["held"], credit["spendable"], credit["unit"]) == ("10", "0", "10", "USD")
    limited = shop.key(account_of(shop), limits=Limits(requests_per_minute=5, daily_nano=10**9))
    gateway.chat(key=limited)
    key = gateway.call("GET", "/v1/key", key=limited).json
    assert key["limits"]["requests_per_minute"]["limit"] == 5
    assert key["limits"]["requests_per_minute"]["remaining"] == 4
    assert float(key["limits"]["daily"]["used"]) > 0
    model = gateway.call("GET", f"/v1/models/{MODEL}").json
    assert model["pricing"]["input"] == "1"
    assert model["pricing"]["output"] == "2"
    anthropic = gateway.call("GET", "/v1/models", headers={"anthropic-version": "2023-06-01"}).json
    assert anthropic["data"][0]["type"] == "model"
    assert anthropic["has_more"] is False
    other = shop.key(account_of(shop), models=("another",))
    assert gateway.call("GET", "/v1/models", key=other).json["data"] == []


def test_limit_headers_and_hidden_balance(gateway: Gateway, shop: Shop) -> None:
    """x-ratelimit headers appear where limits are set; a barred key sees no balance anywhere."""
    key = shop.key(account_of(shop), sees_balance=False, limits=Limits(requests_per_minute=9, tokens_per_minute=10**6))
    answer = gateway.chat(key=key)
    assert answer.headers["x-ratelimit-limit-requests"] == "9"
    assert answer.headers["x-ratelimit-remaining-requests"] == "8"
    assert re.fullmatch(r"(\d+m)?[\d.]+m?s", answer.headers["x-ratelimit-reset-requests"])
    assert int(answer.headers["x-ratelimit-remaining-tokens"]) < 10**6
    assert "farebox-balance" not in answer.headers
    assert gateway.call("GET", "/v1/credits", key=key).code == "balance_hidden"
    assert gateway.call("GET", f"/v1/jobs/{answer.job_id}", key=key).json["balance_after"] is None


def test_open_job_has_a_receipt_and_nobody_elses_has(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """A running job shows its hold; another account's job does not exist."""
    provider.set(gap_ms=200, chunks=100)
    with gateway.begin(stream=True) as connection:
        head = b""
        while b"data: " not in head:
            head += connection.recv(4096)
        found = re.search(rb"farebox-job-id: (\S+)", head)
        assert found is not None
        job_id = found[1].decode()
        receipt = gateway.call("GET", f"/v1/jobs/{job_id}").json
        assert receipt["status"] == "open"
        assert float(receipt["hold"]) > 0
        stranger = shop.key(shop.account())
        assert gateway.call("GET", f"/v1/jobs/{job_id}", key=stranger).code == "job_not_found"
        assert gateway.call("GET", "/v1/jobs/nonsense").code == "job_not_found"


def test_cors_is_closed_and_opens_for_named_origins(gateway: Gateway, shop: Shop) -> None:
    """Only the origins that a key names get CORS headers, preflight included."""
    origin = {"origin": "https://app.example"}
    preflight = {**origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization"}
    assert "access-control-allow-origin" not in gateway.chat(headers=origin).headers
    opened = shop.key(account_of(shop))
    shop.execute("UPDATE api_key SET cors_origins = '{https://app.example}' WHERE prefix = $1", opened[:12])
    assert gateway.chat(key=opened, headers=origin).headers["access-control-allow-origin"] == "https://app.example"
    answer = gateway.call("OPTIONS", "/v1/chat/completions", headers=preflight)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    elsewhere = {**preflight, "origin": "https://evil.example"}
    answer = gateway.call("OPTIONS", "/v1/chat/completions", headers=elsewhere)
    assert "access-control-allow-origin" not in answer.headers


def test_probes(gateway: Gateway) -> None:
    """Health needs nothing; readiness needs the database."""
    assert gateway.call("GET", "/healthz").status == 200
    assert gateway.call("GET", "/readyz").status == 200
    assert gateway.call("GET", "/metrics").status == 404
    assert gateway.call("GET", "/console").status == 503  # no control process here


def test_counters_tell_answers_jobs_and_faults(gateway: Gateway, provider: SimulatorProcess) -> None:
    """What the operator's graphs are made of is counted once per call."""
    gateway.chat()
    provider.set(status=500)
    gateway.chat()
    gateway.chat(key="fb_live_unknown")
    seen = {(name, *labels.values()): value for _, name, _, labels, value in gateway.registry.dump()}
    endpoint = "chat.completions"
    assert [seen["farebox_gateway_answers_total", endpoint, status] for status in ("200", "502", "401")] == [1, 1, 1]
    assert seen["farebox_jobs_total", endpoint, "completed"] == 1
    assert seen["farebox_jobs_total", endpoint, "provider_error"] == 1
    assert seen["farebox_provider_faults_total", "first", "status"] == 1
    assert seen["farebox_first_byte_seconds_count",] == 1


def test_calls_leave_nothing_to_the_garbage_collector(gateway: Gateway, shop: Shop) -> None:
    """A worker collects garbage seldom: its memory stays flat because no call leaves a cycle behind."""
    gateway.chat()
    gc.collect()
    gc.disable()
    try:
        for _ in range(5):
            gateway.chat()
            gateway.chat(stream=True)
        shop.wait_for(lambda: not any(type(kept) is Exchange for kept in gc.get_objects()))
    finally:
        gc.enable()
