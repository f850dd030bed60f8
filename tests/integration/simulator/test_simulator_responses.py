"""The official OpenAI SDK against the responses endpoint of the simulator, and what its provider insists on."""

import json

import openai
import pydantic
import pytest
from tests.support.simulator import running_simulator

TOOLS = [
    {
        "type": "function",
        "name": name,
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        "strict": True,
    }
    for name in ("weather", "clock")
]
STATELESS = {
    "store": False,
    "include": ["reasoning.encrypted_content"],
    "reasoning": {"effort": "low", "summary": "auto"},
}


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as running:
        yield running


@pytest.fixture
def client(simulator):
    with openai.OpenAI(base_url=simulator.base_url, api_key="sk-1", max_retries=0) as client:
        yield client
    simulator.reset()


def ask(client, text="echo: hello there", *, stream=False, **fields):
    """The response, plain or gathered from its stream by the SDK."""
    wanted = {"model": "sim-chat", "input": text, **fields}
    if not stream:
        return client.responses.create(**wanted)
    with client.responses.stream(**wanted) as events:
        return events.get_final_response()


@pytest.mark.parametrize("stream", [False, True])
def test_text(client, stream):
    """A plain answer and a stream say the same, with the same usage."""
    response = ask(client, stream=stream)
    assert response.output_text == "hello there"
    assert response.status == "completed"
    usage = response.usage
    assert (usage.input_tokens, usage.output_tokens, usage.total_tokens) == (5, 2, 7)
    assert response.id.startswith("resp_")


@pytest.mark.parametrize("stream", [False, True])
def test_ways_to_end(client, simulator, stream):
    """A limit makes the response incomplete and says why; a refusal is a part of its own."""
    simulator.set(chunks=40)
    response = client.responses.create(model="sim-chat", input="x", max_output_tokens=16, stream=stream)
    if stream:
        events = list(response)
        assert events[-1].type == "response.incomplete"
        response = events[-1].response
    assert response.status == "incomplete"
    assert response.incomplete_details.reason == "max_output_tokens"
    refused = ask(client, stream=stream, model="sim?output=refusal")
    assert refused.output[0].content[0].type == "refusal"


@pytest.mark.parametrize("stream", [False, True])
def test_tools_with_reasoning_and_a_second_turn(client, stream):
    """Parallel calls after sealed reasoning; their results come back as text when all is returned unchanged."""
    first = ask(client, "echo: Paris", stream=stream, tools=TOOLS, **STATELESS)
    assert [item.type for item in first.output] == ["reasoning", "function_call", "function_call"]
    assert all(json.loads(item.arguments) == {"city": "Paris"} for item in first.output[1:])
    assert first.output[0].summary[0].text
    assert first.usage.output_tokens_details.reasoning_tokens == 8
    second = ask(client, second_turn(first), stream=stream, tools=TOOLS, **STATELESS)
    assert second.output_text == "The tool returned: was weather; was clock"


def second_turn(response):
    items = [item.model_dump(exclude_none=True, exclude={"parsed_arguments"}) for item in response.output]
    calls = [item for item in items if item["type"] == "function_call"]
    outputs = [
        {"type": "function_call_output", "call_id": call["call_id"], "output": f"was {call['name']}"} for call in calls
    ]
    return [{"role": "user", "content": "echo: Paris"}, *items, *outputs]


@pytest.mark.parametrize("harm", ["dropped", "altered", "opened", "call lost", "output lost"])
def test_reasoning_must_come_back_unchanged(client, harm):
    """Reasoning that is lost or altered on the way is refused, and so are calls and outputs without each other."""
    items = second_turn(ask(client, "echo: Paris", tools=TOOLS, **STATELESS))
    if harm == "dropped":
        del items[1]
    elif harm == "altered":
        items[1]["encrypted_content"] = "AAAA" + items[1]["encrypted_content"][4:]
    elif harm == "opened":
        del items[1]["encrypted_content"]
    elif harm == "call lost":
        del items[2]
    else:
        del items[-1]
    with pytest.raises(openai.APIStatusError) as caught:
        ask(client, items, tools=TOOLS, **STATELESS)
    assert caught.value.status_code == (404 if harm == "opened" else 400)


def test_tool_choice(client):
    """A forced tool, a narrowed choice, one call at a time, and none."""
    forced = ask(client, tools=TOOLS, tool_choice={"type": "function", "name": "clock"})
    assert [item.name for item in forced.output] == ["clock"]
    allowed = {"type": "allowed_tools", "mode": "auto", "tools": [{"type": "function", "name": "weather"}]}
    assert [item.name for item in ask(client, tools=TOOLS, tool_choice=allowed).output] == ["weather"]
    assert len(ask(client, tools=TOOLS, parallel_tool_calls=False).output) == 1
    assert ask(client, tools=TOOLS, tool_choice="none").output_text == "hello there"


def test_structured_output(client):
    """`parse` gives a value of the wanted class."""

    class Trip(pydantic.BaseModel):
        city: str
        days: int

    parsed = client.responses.parse(model="sim-chat", input="echo: Oslo", text_format=Trip)
    assert parsed.output_parsed == Trip(city="Oslo", days=0)


def test_images_and_logprobs(client):
    """Media parts cost tokens, a broken one is refused, and scores come when asked for."""
    parts = [
        {"type": "input_image", "image_url": "https://example.com/a.png", "detail": "auto"},
        {"type": "input_file", "file_data": "data:application/pdf;base64,AA==", "filename": "a.pdf"},
        {"type": "input_text", "text": "echo: seen"},
    ]
    seen = ask(client, [{"role": "user", "content": parts}], include=["message.output_text.logprobs"], top_logprobs=2)
    assert seen.usage.input_tokens == 2 * 85 + 3
    assert len(seen.output[0].content[0].logprobs[0].top_logprobs) == 2
    parts[0]["image_url"] = "nowhere"
    with pytest.raises(openai.BadRequestError):
        ask(client, [{"role": "user", "content": parts}])


def test_usage_is_inclusive(client, simulator):
    """Cached tokens are part of the input, reasoning is part of the output."""
    simulator.set(prompt_tokens=100, cached_tokens=60, reasoning_tokens=7)
    usage = ask(client).usage
    assert (usage.input_tokens, usage.input_tokens_details.cached_tokens) == (100, 60)
    assert (usage.output_tokens, usage.output_tokens_details.reasoning_tokens) == (9, 7)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"previous_response_id": "resp_1"}, "previous_response_not_found"),
        ({"max_output_tokens": 3}, "integer_below_min_value"),
        ({"model": "sim?fault=context_length"}, "context_length_exceeded"),
        ({"model": "sim?status=429"}, "rate_limit_exceeded"),
        ({"text": []}, "missing_required_parameter"),
    ],
)
def test_errors(client, fields, code):
    """What the provider refuses is refused, with its codes."""
    with pytest.raises(openai.APIStatusError) as caught:
        ask(client, **fields)
    assert caught.value.code == code


def test_failure_in_the_middle_of_a_stream(client):
    """The stream breaks with an error event that names a request id, and then with the failed response."""
    *_, error, failed = client.responses.create(model="sim?fault=error_event", input="x", stream=True)
    assert "request ID req_" in error.message
    assert (failed.type, failed.response.error.code) == ("response.failed", "server_error")


@pytest.mark.parametrize(
    "setting", ["gzip=1", "comments=1", "line_end=crlf", "split_bytes=1", "multiline=1", "usage=middle"]
)
def test_odd_but_correct_streams(client, setting):
    """Forms that the standards allow lose nothing for a reader that knows them."""
    response = ask(client, "echo: grüße, 世界", stream=True, model=f"sim?{setting}")
    assert response.output_text == "grüße, 世界"
