"""The official SDK, unmodified, against the simulator process: what it accepts, a customer's program accepts."""

import json
import math

import openai
import pydantic
import pytest
from tests.support.simulator import running_simulator


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as running:
        yield running


@pytest.fixture
def client(simulator):
    with openai.OpenAI(base_url=simulator.base_url, api_key="sk-test-1", max_retries=0) as client:
        yield client
    simulator.reset()


def ask(client, text="echo: hello there", **fields):
    return client.chat.completions.create(model="sim-chat", messages=[{"role": "user", "content": text}], **fields)


TOOLS = [
    {
        "type": "function",
        "function": {
            "name": name,
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
    }
    for name in ("weather", "clock")
]


def test_chat(client):
    """A plain answer parses and its usage adds up."""
    answer = ask(client, n=2, logprobs=True, top_logprobs=2)
    assert [choice.message.content for choice in answer.choices] == ["hello there"] * 2
    assert answer.usage.completion_tokens == 4
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 4
    assert len(answer.choices[0].logprobs.content[0].top_logprobs) == 2
    assert answer.model.startswith("sim-chat-")


def test_stream_with_usage(client):
    """Usage is null in every chunk but the last, which has no choices."""
    chunks = list(ask(client, stream=True, stream_options={"include_usage": True}))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1]) == "hello there"
    assert all(chunk.usage is None and "usage" in chunk.model_fields_set for chunk in chunks[:-1])
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 2
    assert chunks[-2].choices[0].finish_reason == "stop"


def test_stream_without_usage(client):
    """No usage member appears unless it was asked for."""
    chunks = list(ask(client, stream=True, n=2))
    assert all("usage" not in chunk.model_fields_set for chunk in chunks)
    assert {chunk.choices[0].index for chunk in chunks} == {0, 1}


@pytest.mark.parametrize("stream", [False, True])
def test_parallel_tools(client, stream):
    """Tool calls arrive with valid arguments, in a stream too, and their results come back as text."""
    if stream:
        with client.chat.completions.stream(
            model="sim-chat", messages=[{"role": "user", "content": "echo: Paris"}], tools=TOOLS
        ) as events:
            message = events.get_final_completion().choices[0].message
    else:
        message = ask(client, "echo: Paris", tools=TOOLS).choices[0].message
    assert [call.function.name for call in message.tool_calls] == ["weather", "clock"]
    assert all(json.loads(call.function.arguments) == {"city": "Paris"} for call in message.tool_calls)
    assert len({call.id for call in message.tool_calls}) == 2
    results = [{"role": "tool", "tool_call_id": call.id, "content": f"was {call.id}"} for call in message.tool_calls]
    calls = [call.model_dump(include={"id", "type", "function"}) for call in message.tool_calls]
    turn = [{"role": "user", "content": "x"}, {"role": "assistant", "tool_calls": calls}, *results]
    final = client.chat.completions.create(model="sim-chat", messages=turn, tools=TOOLS).choices[0]
    assert final.finish_reason == "stop"
    assert all(result["content"] in final.message.content for result in results)


def test_structured_output(client):
    """`parse` gives a value of the wanted class."""

    class Trip(pydantic.BaseModel):
        city: str
        days: int
        stops: list[str]

    answer = client.chat.completions.parse(
        model="sim-chat", messages=[{"role": "user", "content": "echo: Oslo"}], response_format=Trip
    )
    assert answer.choices[0].message.parsed == Trip(city="Oslo", days=0, stops=[])
    loose = ask(client, response_format={"type": "json_object"})
    assert isinstance(json.loads(loose.choices[0].message.content), dict)


def test_completions(client):
    """The older endpoint, plain and streamed."""
    answer = client.completions.create(model="sim-chat", prompt="echo: one two", logprobs=1)
    assert answer.choices[0].text == "one two"
    assert answer.choices[0].logprobs.tokens == ["one", " two"]
    chunks = list(client.completions.create(model="sim-chat", prompt="echo: one two", max_tokens=1, stream=True))
    assert [chunk.choices[0].text for chunk in chunks] == ["one", ""]
    assert chunks[-1].choices[0].finish_reason == "length"


def test_embeddings(client):
    """Base64, which the SDK asks for by itself, and floats are the same unit vectors."""
    packed = client.embeddings.create(model="sim-embedding", input=["a", "b"], dimensions=32)
    plain = client.embeddings.create(model="sim-embedding", input=["a", "b"], dimensions=32, encoding_format="float")
    for one, other in zip(packed.data, plain.data, strict=True):
        assert len(one.embedding) == 32
        assert math.isclose(sum(value * value for value in one.embedding), 1.0, rel_tol=1e-5)
        assert one.embedding == pytest.approx(other.embedding, abs=1e-6)
    assert packed.data[0].embedding != packed.data[1].embedding
    assert packed.usage.prompt_tokens == 2


def test_models(client):
    """The list and its members; an unknown one is a 404 with the provider's code."""
    names = [model.id for model in client.models.list()]
    assert client.models.retrieve(names[0]).id == names[0]
    with pytest.raises(openai.NotFoundError) as caught:
        client.models.retrieve("nothing")
    assert caught.value.code == "model_not_found"


@pytest.mark.parametrize(
    ("setting", "error", "code"),
    [
        ("status=429&retry_after=3&error_code=slow_down", openai.RateLimitError, "slow_down"),
        ("fault=content_filter", openai.BadRequestError, "content_policy_violation"),
        ("fault=context_length", openai.BadRequestError, "context_length_exceeded"),
        ("fault=model_not_found", openai.NotFoundError, "model_not_found"),
        ("status=401", openai.AuthenticationError, "invalid_api_key"),
        ("status=500", openai.InternalServerError, None),
        ("fault=nonsense", openai.BadRequestError, None),
    ],
)
def test_errors(client, setting, error, code):
    """Error answers have the shape that the SDK turns into its own errors."""
    with pytest.raises(error) as caught:
        client.chat.completions.create(model=f"sim-x?{setting}", messages=[{"role": "user", "content": "x"}])
    assert caught.value.code == code
    assert caught.value.response.headers["openai-organization"] == "org-simulated-upstream"
    if "429" in setting:
        assert caught.value.response.headers["retry-after"] == "3"


@pytest.mark.parametrize("stream", [False, True])
def test_output_kinds(client, stream):
    """Reasoning-only, refusal and tool-call-only answers carry tokens but no content."""
    for output, field in (("reasoning", "reasoning_content"), ("refusal", "refusal"), ("tool_calls", "tool_calls")):
        answer = client.chat.completions.create(
            model=f"sim-x?output={output}", messages=[{"role": "user", "content": "x"}], stream=stream
        )
        parts = [chunk.choices[0].delta for chunk in answer] if stream else [answer.choices[0].message]
        assert any(getattr(part, field, None) for part in parts)
        assert not any(part.content for part in parts)


@pytest.mark.parametrize(
    "setting", ["gzip=1", "comments=1", "line_end=crlf", "split_bytes=1", "multiline=1", "done=twice"]
)
def test_odd_but_correct_streams(client, setting):
    """Forms that the standards allow lose nothing for a reader that knows them."""
    chunks = client.chat.completions.create(
        model=f"sim-x?{setting}", messages=[{"role": "user", "content": "echo: grüße, 世界"}], stream=True
    )
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "grüße, 世界"
