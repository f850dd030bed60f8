"""The official Anthropic SDK, unmodified, against the simulator process, and what its provider insists on."""

import base64
import json

import anthropic
import pytest
from tests.support.simulator import running_simulator

PIXEL = base64.b64encode(b"\x89PNG\r\n\x1a\nsimulated").decode()
THINKING = {"type": "enabled", "budget_tokens": 1024}
TOOLS = [
    {
        "name": name,
        "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    }
    for name in ("weather", "clock")
]


@pytest.fixture(scope="module")
def simulator():
    with running_simulator() as running:
        yield running


@pytest.fixture
def client(simulator):
    with anthropic.Anthropic(base_url=simulator.url, api_key="sk-ant-1", max_retries=0) as client:
        yield client
    simulator.reset()


def ask(client, content="echo: hello there", *, stream=False, **fields):
    """The message, plain or gathered from its stream by the SDK."""
    wanted = {"model": "sim-chat", "max_tokens": 2000, "messages": [{"role": "user", "content": content}], **fields}
    if not stream:
        return client.messages.create(**wanted)
    with client.messages.stream(**wanted) as events:
        return events.get_final_message()


def results_of(message):
    return [
        {"type": "tool_result", "tool_use_id": block.id, "content": f"was {block.name}"}
        for block in message.content
        if block.type == "tool_use"
    ]


@pytest.mark.parametrize("stream", [False, True])
def test_text(client, stream):
    """A plain answer and a stream say the same, with the same usage."""
    message = ask(client, stream=stream)
    assert [block.text for block in message.content] == ["hello there"]
    assert message.stop_reason == "end_turn"
    assert (message.usage.input_tokens, message.usage.output_tokens) == (5, 2)
    assert message.id.startswith("msg_")


@pytest.mark.parametrize("stream", [False, True])
def test_stop_reasons(client, stream):
    """Each way to end has its own stop reason."""
    assert ask(client, stream=stream, max_tokens=1).stop_reason == "max_tokens"
    stopped = ask(client, stream=stream, stop_sequences=[" there"])
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", " there")
    assert stopped.content[0].text == "hello"
    assert ask(client, stream=stream, model="sim?output=refusal").stop_reason == "refusal"
    assert ask(client, stream=stream, tools=TOOLS).stop_reason == "tool_use"


@pytest.mark.parametrize("stream", [False, True])
def test_tools_with_thinking_and_a_second_turn(client, stream):
    """Parallel calls after a signed thought; their results come back as text when all is returned unchanged."""
    first = ask(client, "echo: Paris", stream=stream, tools=TOOLS, thinking=THINKING)
    assert [block.type for block in first.content] == ["thinking", "tool_use", "tool_use"]
    assert [block.input for block in first.content[1:]] == [{"city": "Paris"}] * 2
    assert first.usage.output_tokens_details.thinking_tokens == 8
    turn = [
        {"role": "user", "content": "echo: Paris"},
        {"role": "assistant", "content": first.content},
        {"role": "user", "content": results_of(first)},
    ]
    second = ask(client, stream=stream, messages=turn, tools=TOOLS, thinking=THINKING)
    assert second.content[-1].text == "The tool returned: was weather; was clock"


@pytest.mark.parametrize("harm", ["dropped", "altered signature", "altered thought", "redacted altered"])
def test_thoughts_must_come_back_unchanged(client, simulator, harm):
    """A thought that is lost or altered on the way is a 400, as it is upstream: it must be carried byte for byte."""
    simulator.set(redact_thoughts=harm.startswith("redacted"))
    first = ask(client, "echo: Paris", tools=TOOLS, thinking=THINKING)
    content = [block.model_dump(exclude_none=True) for block in first.content]

    def go_on():
        turn = [
            {"role": "user", "content": "x"},
            {"role": "assistant", "content": content},
            {"role": "user", "content": results_of(first)},
        ]
        return ask(client, messages=turn, tools=TOOLS, thinking=THINKING)

    assert go_on().stop_reason == "end_turn"
    if harm == "dropped":
        del content[0]
    elif harm == "altered thought":
        content[0]["thinking"] += " "
    else:
        field = "data" if harm.startswith("redacted") else "signature"
        content[0][field] = "A" + content[0][field][1:] if content[0][field][0] != "A" else "B" + content[0][field][1:]
    with pytest.raises(anthropic.BadRequestError):
        go_on()


def test_tool_choice(client):
    """A forced tool, one call at a time, and none."""
    forced = ask(client, tools=TOOLS, tool_choice={"type": "tool", "name": "clock"})
    assert [block.name for block in forced.content] == ["clock"]
    single = ask(client, tools=TOOLS, tool_choice={"type": "auto", "disable_parallel_tool_use": True})
    assert len(single.content) == 1
    assert ask(client, tools=TOOLS, tool_choice={"type": "none"}).content[0].type == "text"


def test_structured_output(client):
    """Output in a format satisfies its schema."""
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    config = {"format": {"type": "json_schema", "schema": schema}}
    assert json.loads(ask(client, "echo: Oslo", output_config=config).content[0].text) == {"city": "Oslo"}


def test_images_and_documents(client):
    """Media parts cost tokens and are looked at: a broken one is refused."""
    source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    parts = [
        {"type": "image", "source": source},
        {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
        {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": PIXEL}},
        {"type": "text", "text": "echo: seen"},
    ]
    message = ask(client, parts)
    assert message.usage.input_tokens == 3 * 85 + 3
    for broken in ({**source, "data": "%%%"}, {**source, "media_type": "png"}, {"type": "url", "url": "file:///x"}):
        with pytest.raises(anthropic.BadRequestError):
            ask(client, [{"type": "image", "source": broken}])


@pytest.mark.parametrize("stream", [False, True])
def test_usage_is_exclusive(client, simulator, stream):
    """Cached and written tokens are beside the input, and written ones are told by how long they stay."""
    simulator.set(prompt_tokens=100, cached_tokens=60, cache_write_tokens=30)
    usage = ask(client, stream=stream, cache_control={"type": "ephemeral", "ttl": "1h"}).usage
    assert (usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens) == (10, 60, 30)
    assert usage.cache_creation.ephemeral_1h_input_tokens == 30


def test_count_tokens_and_models(client):
    """Counting agrees with what an answer reports; the list has this dialect's shape."""
    counted = client.messages.count_tokens(
        model="sim-chat", messages=[{"role": "user", "content": "echo: hello there"}]
    )
    assert counted.input_tokens == ask(client).usage.input_tokens
    assert [model.id for model in client.models.list()] == ["sim-chat", "sim-chat-large", "sim-embedding"]


@pytest.mark.parametrize(
    ("setting", "error", "kind"),
    [
        ("status=401", anthropic.AuthenticationError, "authentication_error"),
        ("status=429&retry_after=3", anthropic.RateLimitError, "rate_limit_error"),
        ("status=529", anthropic.InternalServerError, "overloaded_error"),
        ("status=500", anthropic.InternalServerError, "api_error"),
        ("fault=model_not_found", anthropic.NotFoundError, "not_found_error"),
        ("fault=context_length", anthropic.BadRequestError, "invalid_request_error"),
        ("fault=content_filter", anthropic.BadRequestError, "invalid_request_error"),
    ],
)
def test_errors(client, setting, error, kind):
    """Errors have the dialect's types, and headers that name the operator's organization."""
    with pytest.raises(error) as caught:
        ask(client, model=f"sim?{setting}")
    assert caught.value.body["error"]["type"] == kind
    assert caught.value.response.headers["anthropic-organization-id"] == "org-simulated-upstream"
    assert caught.value.response.headers["request-id"].startswith("req_")


def test_overload_in_the_middle_of_a_stream(client):
    """The stream breaks with the provider's own error event, which the SDK raises."""
    with pytest.raises(anthropic.APIStatusError) as caught:
        ask(client, stream=True, model="sim?fault=error_event")
    assert caught.value.body["error"]["type"] == "overloaded_error"


@pytest.mark.parametrize(
    "fields",
    [
        {"messages": []},
        {"messages": [{"role": "system", "content": "x"}]},
        {
            "messages": [
                {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "x"}]}
            ]
        },
        {
            "messages": [
                {"role": "user", "content": "x"},
                {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "a", "input": {}}]},
                {"role": "user", "content": "no result"},
            ]
        },
        {"thinking": {"type": "enabled", "budget_tokens": 1000}},
        {"thinking": {"type": "enabled", "budget_tokens": 2000}},
        {"thinking": THINKING, "tools": TOOLS, "tool_choice": {"type": "any"}},
    ],
)
def test_what_the_provider_refuses(client, fields):
    """Conversations that the provider would not answer are not answered here either."""
    with pytest.raises(anthropic.BadRequestError):
        ask(client, **fields)


@pytest.mark.parametrize(
    "setting",
    ["gzip=1", "comments=1", "line_end=crlf", "split_bytes=1", "multiline=1", "usage=twice", "usage=growing"],
)
def test_odd_but_correct_streams(client, setting):
    """Forms that the standards allow lose nothing for a reader that knows them."""
    message = ask(client, "echo: grüße, 世界", stream=True, model=f"sim?{setting}")
    assert message.content[0].text == "grüße, 世界"


def test_unknown_members_can_be_refused(client, simulator):
    """With strictness on, a member that only another dialect has does not slip through a translation."""
    assert ask(client, extra_body={"n": 1}).stop_reason == "end_turn"
    simulator.set(unknown_fields="refuse")
    assert ask(client).stop_reason == "end_turn"
    with pytest.raises(anthropic.BadRequestError):
        ask(client, extra_body={"n": 1})
