"""The official `openai` SDK, unmodified, against `farebox serve`: what it does with OpenAI it does here."""

import asyncio
import base64
import json
import struct
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import openai
import pydantic
import pytest
from tests.support.operator import Customer, Operator
from tests.support.server import running_server
from tests.support.simulator import SimulatorProcess, running_simulator

pytestmark = pytest.mark.timeout(120)

MODEL = "sold-as-this"
TOOLS: list[Any] = [
    {
        "type": "function",
        "function": {
            "name": name,
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
    for name in ("weather", "clock")
]


@pytest.fixture(scope="module")
def provider() -> Iterator[SimulatorProcess]:
    with running_simulator() as started:
        yield started


@pytest.fixture(scope="module")
def operator(module_data_dir: Path, provider: SimulatorProcess) -> Iterator[Operator]:
    with running_server(module_data_dir, "--workers", "2") as server:
        operator = Operator(server)
        operator.add_channel("up", provider.base_url)
        operator.sell(MODEL, "up/sim-chat")
        operator.sell("vectors", "up/sim-embedding")
        yield operator


@pytest.fixture(scope="module")
def customer(operator: Operator) -> Customer:
    return operator.customer("10")


@pytest.fixture
def client(operator: Operator, customer: Customer, provider: SimulatorProcess) -> Iterator[openai.OpenAI]:
    provider.reset()
    with openai.OpenAI(api_key=customer.key, base_url=f"{operator.server.url}/v1", max_retries=0) as client:
        yield client


def ask(client: openai.OpenAI, text: str = "echo: hello there", **fields: Any) -> Any:
    return client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": text}], **fields)


def test_chat(client: openai.OpenAI):
    """The answer is the provider's under our names, with its price."""
    answer = ask(client, n=2)
    assert [choice.message.content for choice in answer.choices] == ["hello there"] * 2
    assert answer.model == MODEL
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert Decimal(answer.usage.cost) > 0
    raw = client.chat.completions.with_raw_response.create(model=MODEL, messages=[{"role": "user", "content": "x"}])
    assert Decimal(raw.headers["farebox-cost"]) == Decimal(raw.parse().usage.cost)  # type: ignore[union-attr]
    assert raw.headers["x-request-id"]


@pytest.mark.parametrize("asks", [False, True])
def test_stream(client: openai.OpenAI, asks: bool):
    """Usage, with its price, comes in the last chunk and only when asked for."""
    options = {"stream_options": {"include_usage": True}} if asks else {}
    chunks = list(ask(client, stream=True, **options))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "hello there"
    assert {chunk.model for chunk in chunks} == {MODEL}
    assert len({chunk.id for chunk in chunks}) == 1
    if asks:
        assert chunks[-1].choices == []
        assert chunks[-1].usage.completion_tokens == 2
        assert Decimal(chunks[-1].usage.cost) > 0
    else:
        assert all(chunk.usage is None and chunk.choices for chunk in chunks)


@pytest.mark.parametrize("stream", [False, True])
def test_parallel_tools_round_trip(client: openai.OpenAI, stream: bool):
    """Calls of tools keep their ids both ways, and the answer to their results is an ordinary one."""
    if stream:
        messages: Any = [{"role": "user", "content": "echo: Paris"}]
        with client.chat.completions.stream(model=MODEL, messages=messages, tools=TOOLS) as events:
            message = events.get_final_completion().choices[0].message
    else:
        message = ask(client, "echo: Paris", tools=TOOLS, parallel_tool_calls=True).choices[0].message
    assert [call.function.name for call in message.tool_calls] == ["weather", "clock"]
    assert all(json.loads(call.function.arguments) == {"city": "Paris"} for call in message.tool_calls)
    results = [{"role": "tool", "tool_call_id": call.id, "content": f"was {call.id}"} for call in message.tool_calls]
    calls = [call.model_dump(include={"id", "type", "function"}) for call in message.tool_calls]
    turn: Any = [{"role": "user", "content": "x"}, {"role": "assistant", "tool_calls": calls}, *results]
    final = client.chat.completions.create(model=MODEL, messages=turn, tools=TOOLS).choices[0]
    assert final.finish_reason == "stop"
    assert all(result["content"] in (final.message.content or "") for result in results)


def test_structured_output(client: openai.OpenAI):
    """`parse` gives a value of the wanted class, from a stream, too."""

    class Trip(pydantic.BaseModel):
        city: str
        days: int

    messages: Any = [{"role": "user", "content": "echo: Oslo"}]
    answer = client.chat.completions.parse(model=MODEL, messages=messages, response_format=Trip)
    assert answer.choices[0].message.parsed == Trip(city="Oslo", days=0)
    with client.chat.completions.stream(model=MODEL, messages=messages, response_format=Trip) as events:
        assert events.get_final_completion().choices[0].message.parsed == Trip(city="Oslo", days=0)


def test_images_in_a_question(client: openai.OpenAI):
    """Parts of a message pass through."""
    picture = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(64)).decode()
    parts = [{"type": "text", "text": "echo: seen"}, {"type": "image_url", "image_url": {"url": picture}}]
    answer = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": parts}])  # type: ignore[arg-type,misc,list-item]
    assert answer.choices[0].message.content


def test_embeddings(client: openai.OpenAI):
    """Floats, and base64, which the SDK asks for by itself, are the same vectors; input alone is charged."""
    packed = client.embeddings.create(model="vectors", input=["a", "b"], dimensions=32)
    plain = client.embeddings.create(model="vectors", input=["a", "b"], dimensions=32, encoding_format="float")
    raw = client.embeddings.with_raw_response.create(
        model="vectors", input=["a", "b"], dimensions=32, encoding_format="base64"
    )
    unpacked = struct.unpack("<32f", base64.b64decode(json.loads(raw.text)["data"][0]["embedding"]))
    assert packed.data[0].embedding == pytest.approx(plain.data[0].embedding, abs=1e-6)
    assert list(unpacked) == pytest.approx(plain.data[0].embedding, abs=1e-6)
    assert len(plain.data) == 2
    assert Decimal(raw.headers["farebox-cost"]) > 0


def test_models(client: openai.OpenAI):
    """What is listed can be retrieved, and what is not there is not found."""
    listed = {model.id for model in client.models.list()}
    assert {MODEL, "vectors"} <= listed
    assert client.models.retrieve(MODEL).id == MODEL
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("nothing-like-it")
    assert caught.value.code == "model_not_found"


def test_completions(client: openai.OpenAI):
    """The older endpoint, plain and streamed."""
    assert client.completions.create(model=MODEL, prompt="echo: one two").choices[0].text == "one two"
    chunks = list(client.completions.create(model=MODEL, prompt="echo: one two", max_tokens=1, stream=True))
    assert chunks[0].choices[0].text == "one"
    assert chunks[-1].choices[0].finish_reason == "length"


def test_errors_have_the_sdks_classes(operator: Operator, client: openai.OpenAI, provider: SimulatorProcess):
    """A program's `except` clauses work: each status with its class, code, param and a message that says what to do."""
    with pytest.raises(openai.BadRequestError) as bad:
        ask(client, max_tokens=-5)
    assert (bad.value.code, bad.value.param) == ("invalid_request", "max_tokens")
    with pytest.raises(openai.NotFoundError) as missing:
        client.chat.completions.create(model="nothing-like-it", messages=[{"role": "user", "content": "x"}])
    assert missing.value.code == "model_not_found"
    with pytest.raises(openai.AuthenticationError) as stranger:
        ask(client.with_options(api_key="fb_live_" + "x" * 43))
    assert stranger.value.code == "invalid_api_key"
    poor = operator.customer("0")
    with pytest.raises(openai.APIStatusError) as unpaid:
        ask(client.with_options(api_key=poor.key))
    assert (unpaid.value.status_code, unpaid.value.code) == (402, "insufficient_credits")
    limited = operator.customer("1", "--rpm", "1", "--models", MODEL)
    with pytest.raises(openai.PermissionDeniedError):
        client.with_options(api_key=limited.key).embeddings.create(model="vectors", input="x")
    ask(client.with_options(api_key=limited.key))
    with pytest.raises(openai.RateLimitError) as fast:
        ask(client.with_options(api_key=limited.key))
    assert fast.value.code == "rate_limit_exceeded"
    assert 0 < int(fast.value.response.headers["retry-after"]) <= 120
    provider.set(status=500)
    with pytest.raises(openai.InternalServerError) as broken:
        ask(client)
    assert (broken.value.status_code, broken.value.code) == (502, "provider_error")


def test_a_stream_that_the_provider_cuts_raises(client: openai.OpenAI, provider: SimulatorProcess):
    """A cut never looks like an end: the SDK's iteration raises."""
    provider.set(chunks=10, cut=3)
    with pytest.raises(openai.APIError) as cut:
        list(ask(client, "no echo", stream=True))
    assert cut.value.code == "provider_error"


def test_retries_end_in_one_charge(
    operator: Operator, client: openai.OpenAI, customer: Customer, provider: SimulatorProcess
):
    """The SDK tries again after a failure of the provider; only the call that was answered costs."""
    before = operator.balance(customer.account_id)
    provider.set(status=500, fail=0.6, seed=3)
    answers = [ask(client.with_options(max_retries=12)) for _ in range(2)]
    costs = [Decimal(answer.usage.cost) for answer in answers]
    assert operator.balance(customer.account_id) == before - sum(costs)


def test_retry_after_is_obeyed(operator: Operator, client: openai.OpenAI, provider: SimulatorProcess):
    """While another call of the key runs, the SDK waits as long as we say and then succeeds."""
    single = operator.customer("1", "--concurrency", "1")
    provider.set(ttft_ms=500)
    sdk = client.with_options(api_key=single.key, max_retries=5)

    async def both() -> list[Any]:
        return await asyncio.gather(*(asyncio.to_thread(ask, sdk) for _ in range(2)))

    began = time.monotonic()
    answers = asyncio.run(both())
    assert all(answer.usage.cost for answer in answers)
    assert time.monotonic() - began >= 1.0
    assert provider.stats()["concurrent_max"] == 1


def test_an_idempotency_key_is_used_once(operator: Operator, customer: Customer, provider: SimulatorProcess):
    """The second call with a key is told of the first job, is not retried by the SDK, and costs nothing."""
    provider.reset()
    sent: list[httpx.Request] = []
    http_client = httpx.Client(event_hooks={"request": [sent.append]})
    with openai.OpenAI(api_key=customer.key, base_url=f"{operator.server.url}/v1", http_client=http_client) as client:
        before = operator.balance(customer.account_id)
        first = ask(client, extra_headers={"Idempotency-Key": "order-17"})
        with pytest.raises(openai.ConflictError) as again:
            ask(client, extra_headers={"Idempotency-Key": "order-17"})
        assert len(sent) == 2, "x-should-retry: false was not obeyed"
        assert again.value.response.headers["x-should-retry"] == "false"
        error = again.value.response.json()["error"]
        assert error["job_id"] in first.id or error["job_id"].replace("-", "") in first.id
        with pytest.raises(openai.UnprocessableEntityError):
            ask(client, "another body", extra_headers={"Idempotency-Key": "order-17"})
        assert operator.balance(customer.account_id) == before - Decimal(first.usage.cost)
        assert provider.stats()["requests"] == 1


def test_the_asynchronous_client(operator: Operator, customer: Customer, provider: SimulatorProcess):
    """All of it at once from one asynchronous program, on shared connections."""
    provider.reset()

    async def use() -> None:
        async with openai.AsyncOpenAI(api_key=customer.key, base_url=f"{operator.server.url}/v1") as client:
            messages: Any = [{"role": "user", "content": "echo: hello there"}]

            async def plain() -> str:
                answer = await client.chat.completions.create(model=MODEL, messages=messages)
                return answer.choices[0].message.content or ""

            async def streamed() -> str:
                stream = await client.chat.completions.create(model=MODEL, messages=messages, stream=True)
                return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

            async def left() -> str:
                # Closed after its first chunk, as a user who presses stop.
                stream = await client.chat.completions.create(model=MODEL, messages=messages, stream=True)
                async for _ in stream:
                    break
                await stream.close()
                return "hello there"

            async def embedded() -> str:
                found = await client.embeddings.create(model="vectors", input="x")
                return "hello there" if found.data[0].embedding else ""

            answers = await asyncio.gather(*(each() for each in (plain, streamed, left, embedded) * 8))
            assert set(answers) == {"hello there"}
            assert MODEL in [model.id async for model in client.models.list()]
            with pytest.raises(openai.BadRequestError):
                await client.chat.completions.create(model=MODEL, messages=messages, n=0)

    asyncio.run(use())
    operator.until_nothing_is_held(customer.account_id)
    operator.check_ledger()
