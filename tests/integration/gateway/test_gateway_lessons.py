"""Lessons that other gateways paid for , the two of money on the fare path, each through a whole gateway.

Their rules are tested one by one where they live: holds in tests/unit/till/test_decide_admission.py, prices in
tests/unit/domain/test_pricing.py, endings in tests/unit/gateway/test_gateway_settle.py, never oversold over several
processes in tests/e2e/test_never_oversold.py, media in tests/unit/dialects/test_media_bounds.py. The client that aborts
just before the last chunk is in test_gateway_stream_ends.py.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from tests.support.gateway import RATES, Gateway, Shop, running_gateway
from tests.support.postgres import TestDatabase
from tests.support.scripted_provider import DONE, HEAD, chunk, finish, scripted_provider, usage
from tests.support.simulator import SimulatorProcess

from farebox.catalog.admin import NewRoute
from farebox.domain.pricing import TokenPrices

# ---- holds --------------------------------------------------------------------------------------------------------


def test_lesson_a_hold_counts_the_output_price(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """What the client allowed to be written is held at the output's price before anything is sent."""
    provider.set(chunks=4)
    job = shop.job(gateway.chat(max_tokens=5_000).job_id)
    assert job["hold_nano"] >= 5_000 * 2_000 > job["charge_nano"]
    poor = shop.key(shop.account("0.009"))
    refused = gateway.chat(max_tokens=5_000, key=poor)
    assert (refused.status, refused.code) == (402, "insufficient_credits")


@pytest.mark.parametrize("stream", [False, True])
def test_lesson_an_absent_max_tokens_is_held_for(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess, stream: bool
) -> None:
    """Without a bound from the client there is one all the same: the model's, the balance's, or the next step."""
    shop.sell(provider.base_url, most_output_tokens=20_000)
    with running_gateway(database) as gateway:
        gateway.key = shop.key(shop.account())
        job = shop.job(gateway.chat(stream=stream).job_id)
        assert job["hold_nano"] >= (1_024 if stream else 20_000) * 2_000


def test_lesson_nobody_is_trusted_without_a_balance(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """However much an account has paid before, its next call needs the credit for it."""
    account = shop.account("0.05")
    gateway.key = shop.key(account)
    provider.set(chunks=1_000)
    answers = [gateway.chat(max_tokens=1_000) for _ in range(40)]
    assert answers[0].status == 200
    assert answers[-1].status == 402
    assert shop.balance(account)[0] >= 0
    asked = provider.stats()["requests"]
    assert gateway.chat(max_tokens=1_000).status == 402
    assert provider.stats()["requests"] == asked


def test_lesson_eight_first_requests_at_once_spend_the_budget_once(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """Eight concurrent calls of a new account with credit for one: one is served, seven are refused."""
    account = shop.account("0.003")
    key = shop.key(account)
    provider.set(chunks=1_000, ttft_ms=300)
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: gateway.chat(max_tokens=1_000, key=key), range(8)))
    assert sorted(answer.status for answer in answers) == [200] + 7 * [402]
    assert shop.balance(account)[0] >= 0


def test_lesson_what_is_spent_is_durable_before_the_answer(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess
) -> None:
    """No counter waits in memory for a flush: with the last byte, balance, limits and entry are in the database."""
    account = shop.account()
    key = shop.key(account)
    spent = 0
    for _ in range(3):
        answer = gateway.chat(stream=True, key=key)
        (row,) = shop.rows("SELECT charge_nano FROM job WHERE id = $1::uuid", answer.job_id)
        spent += row["charge_nano"]
        assert shop.balance(account) == (10**10 - spent, 0)
        assert shop.rows("SELECT max(day_nano) AS spent FROM api_key")[0]["spent"] == spent


def test_lesson_a_shrunk_hold_admits_no_dear_call(gateway: Gateway, shop: Shop, provider: SimulatorProcess) -> None:
    """With a cent left, a call that may cost five units is refused, and one without a bound is bounded to the cent."""
    key = shop.key(shop.account("0.01"))
    refused = gateway.chat(max_tokens=2_500_000, n=1, key=key, messages=[{"role": "user", "content": "long " * 900}])
    assert refused.status == 402
    provider.set(chunks=100_000)
    job = shop.job(gateway.chat(key=key).job_id)
    assert job["charge_nano"] <= 10_000_000
    assert job["write_off_nano"] == 0


def test_lesson_nothing_is_held_above_the_models_own_limit(
    database: TestDatabase, shop: Shop, provider: SimulatorProcess
) -> None:
    """An estimate many times above what the model can give would refuse calls that the balance pays for."""
    shop.sell(provider.base_url, most_output_tokens=1_000, context_tokens=8_000)
    with running_gateway(database) as gateway:
        gateway.key = shop.key(shop.account("0.01"))
        answer = gateway.chat(max_tokens=1_000_000)
        assert answer.status == 200
        assert shop.job(answer.job_id)["hold_nano"] < 1_001 * 2_000 + 1_000_000


# ---- what is counted ------------------------------------------------------------------------------------------------

PRICES = TokenPrices(
    input=1_000_000, output=2_000_000, cached_input=100_000, cache_write=1_250_000, reasoning=3_000_000
)
CLASSES = msgspec.structs.replace(RATES, prices=PRICES)


@pytest.fixture
def by_class(database: TestDatabase, shop: Shop, provider: SimulatorProcess) -> Any:
    """A worker that sells a model in which every class of token has a price of its own."""
    shop.sell(provider.base_url, rates=CLASSES, most_output_tokens=10_000)
    with running_gateway(database) as gateway:
        gateway.key = shop.key(shop.account())
        yield gateway


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("cached", [40, 10**6])
def test_lesson_cached_input_is_counted_once_and_never_negative(
    by_class: Gateway, shop: Shop, provider: SimulatorProcess, stream: bool, cached: int
) -> None:
    """Cached tokens are part of the input: cheaper, priced once, and no more than there are."""
    provider.set(prompt_tokens=100, chunks=10, usage="cached_over_prompt" if cached > 100 else "normal")
    provider.set(cached_tokens=min(cached, 100))
    text = [{"role": "user", "content": "word " * 100}]
    job = shop.job(by_class.chat(stream=stream, max_tokens=50, messages=text).job_id)
    most = min(cached, 100)
    assert (job["input_tokens"], job["cached_input_tokens"]) == (100, most)
    assert job["charge_nano"] == (100 - most) * 1_000 + most * 100 + 10 * 2_000


@pytest.mark.parametrize("stream", [False, True])
def test_lesson_cache_writes_and_reasoning_are_billed(
    by_class: Gateway, shop: Shop, provider: SimulatorProcess, stream: bool
) -> None:
    """Each at its own price, beside the rest of input and output."""
    provider.set(prompt_tokens=100, cache_write_tokens=60, reasoning_tokens=30, chunks=10)
    text = [{"role": "user", "content": "word " * 100}]
    job = shop.job(by_class.chat(stream=stream, max_tokens=500, messages=text).job_id)
    assert (job["cache_write_tokens"], job["reasoning_tokens"]) == (60, 30)
    assert job["charge_nano"] == 40 * 1_000 + 60 * 1_250 + 10 * 2_000 + 30 * 3_000


def test_lesson_image_and_audio_tokens_have_their_own_price(database: TestDatabase, shop: Shop) -> None:
    """Held at the dearest class where the request has media, charged by class as reported."""
    prices = TokenPrices(input=1_000_000, output=2_000_000, image_input=5_000_000, audio_input=9_000_000)
    counts = {
        "prompt_tokens": 1_000,
        "completion_tokens": 1,
        "prompt_tokens_details": {"image_tokens": 600, "audio_tokens": 300},
    }
    with scripted_provider() as provider:
        shop.sell(provider.base_url, rates=msgspec.structs.replace(RATES, prices=prices))
        with running_gateway(database) as gateway:
            gateway.key = shop.key(shop.account())
            part = {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}}
            client = gateway.begin(stream=True, max_tokens=5, messages=[{"role": "user", "content": [part]}])
            provider.request()
            provider.send(HEAD, finish(), chunk(usage=counts), DONE)
            job = shop.only_job()
            client.close()
    assert job["charge_nano"] == 100 * 1_000 + 600 * 5_000 + 300 * 9_000 + 2_000
    assert job["hold_nano"] > 40_000 * 9_000


@pytest.mark.parametrize("reported", ["provider", "estimated"])
@pytest.mark.parametrize("output", ["tool_calls", "reasoning"])
@pytest.mark.parametrize("stream", [False, True])
def test_lesson_output_without_text_is_not_zero(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess, output: str, stream: bool, reported: str
) -> None:
    """Calls of tools and visible reasoning are output, also where we have to count it ourselves."""
    provider.set(output=output, usage="normal" if reported == "provider" else "missing")
    tools = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}]
    job = shop.job(gateway.chat(stream=stream, max_tokens=100, tools=tools).job_id)
    assert job["usage_source"] == reported
    assert job["output_tokens"] > 0
    assert job["charge_nano"] == job["input_tokens"] * 1_000 + job["output_tokens"] * 2_000


def test_lesson_a_provider_that_tells_its_count_late_and_twice_is_believed_once(
    database: TestDatabase, shop: Shop
) -> None:
    """Usage after the finish, and again: the last count stands, and is charged once."""
    with scripted_provider() as provider:
        provider_counts = usage(100, 50), usage(100, 70, 40)
        shop.channel("first", provider.base_url)
        shop.model("sim-chat", NewRoute(channel="first", upstream_model="up", cost=RATES))
        with running_gateway(database) as gateway:
            gateway.key = shop.key(shop.account())
            client = gateway.begin(stream=True, max_tokens=100)
            provider.request()
            provider.send(HEAD, finish(), *provider_counts, DONE)
            job = shop.only_job()
            client.close()
    assert (job["output_tokens"], job["charge_nano"]) == (70, 100 * 1_000 + 70 * 2_000)


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (
            "/v1/chat/completions",
            {"messages": [{"role": "user", "content": [{"type": "video_url", "video_url": {"url": "https://x/a"}}]}]},
            "messages[0].content[0]",
        ),
        (
            "/v1/responses",
            {"input": [{"role": "user", "content": [{"type": "input_file", "file_url": "https://x/a.pdf"}]}]},
            "input[0].content[0].file_url",
        ),
        (
            "/v1/messages",
            {
                "max_tokens": 5,
                "messages": [
                    {"role": "user", "content": [{"type": "video", "source": {"type": "url", "url": "https://x/a"}}]}
                ],
            },
            "messages[0].content[0].source",
        ),
        (
            "/v1beta/models/sim-chat:generateContent",
            {"contents": [{"parts": [{"fileData": {"mimeType": "video/mp4", "fileUri": "https://x/a"}}]}]},
            "contents[0].parts[0].fileData",
        ),
    ],
)
def test_lesson_no_address_stands_for_tokens_that_nobody_holds(
    gateway: Gateway, shop: Shop, provider: SimulatorProcess, path: str, body: dict[str, Any], field: str
) -> None:
    """A few bytes that lead to an hour of video are refused by name in every dialect, before anything is asked."""
    asked = provider.stats()["requests"]
    answer = gateway.call("POST", path, body if "contents" in body else {"model": "sim-chat", **body})
    assert answer.status == 400
    assert field in answer.body.decode()
    assert provider.stats()["requests"] == asked
    assert shop.rows("SELECT 1 FROM job") == []
