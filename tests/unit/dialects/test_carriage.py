"""What a dialect cannot carry is refused under the client's own name, and the table of it is whole."""

import json
from typing import Any
from uuid import UUID

import pytest

from farebox.dialects import anthropic_codec, openai_chat_codec
from farebox.dialects.carriage import FEATURES
from farebox.dialects.codec import AnswerStamp, Target, nearest_effort
from farebox.dialects.conversation import Conversation, Effort, Message, Text, Untranslatable
from farebox.dialects.exchange import JobStamp
from farebox.dialects.registry import CODECS, carriage_table
from farebox.dialects.reply import Answer, Stop
from farebox.dialects.translation import Translation
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

JOB = JobStamp(UUID(int=5), "public-model")
USER = {"role": "user", "content": "hi"}
CHAT = {"model": "m", "messages": [USER]}
MESSAGES = {"model": "m", "max_tokens": 100, "messages": [USER]}
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}}


def to_anthropic(target: Target | None = None, **fields: Any) -> dict[str, Any]:
    conversation = openai_chat_codec.read_request(json.dumps(CHAT | fields).encode())
    body = Translation(openai_chat_codec, anthropic_codec, conversation, target or Target("claude")).body()
    return json.loads(body)  # type: ignore[no-any-return]


def to_chat(**fields: Any) -> dict[str, Any]:
    conversation = anthropic_codec.read_request(json.dumps(MESSAGES | fields).encode())
    body = Translation(anthropic_codec, openai_chat_codec, conversation, Target("gpt")).body()
    return json.loads(body)  # type: ignore[no-any-return]


def test_every_dialect_tells_of_every_feature() -> None:
    """No feature is forgotten in a dialect's table, and each one that clients can ask for there has a name."""
    for dialect, codec in CODECS.items():
        assert dialect == codec.DIALECT
        assert set(codec.FACTS) == set(FEATURES)
    assert len(carriage_table().splitlines()) == len(FEATURES) + 2


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"seed": 1}, "seed"),
        ({"n": 2}, "n"),
        ({"logprobs": True}, "logprobs"),
        ({"presence_penalty": 0.5}, "presence_penalty"),
        ({"frequency_penalty": 0.5}, "frequency_penalty"),
        ({"temperature": 1.5}, "temperature"),
        ({"verbosity": "low"}, "verbosity"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"logit_bias": {"5": 1}}, "logit_bias"),
        ({"store": True}, "store"),
        ({"min_p": 0.1}, "min_p"),
        ({"tools": [{"type": "custom", "custom": {"name": "x"}}]}, "tools[0].type"),
        ({"messages": [USER | {"name": "ann"}]}, "messages[].name"),
        (
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [{"type": "input_audio", "input_audio": {"data": "aa", "format": "wav"}}],
                    }
                ]
            },
            "messages[].content[].input_audio",
        ),
        (
            {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "f"}}]}]},
            "messages[0].content[0].file.file_id",
        ),
    ],
)
def test_chat_clients_are_told_what_anthropic_lacks(fields: dict[str, Any], param: str) -> None:
    """Nothing that a chat client asks for is lost in silence on the way to Anthropic."""
    with pytest.raises(Refusal) as caught:
        to_anthropic(**fields)
    assert (caught.value.status, caught.value.code, caught.value.param) == (400, "invalid_request", param)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"top_k": 5}, "top_k"),
        ({"messages": [USER, {"role": "assistant", "content": "I"}]}, "messages"),
        ({"container": "c_1"}, "container"),
        ({"mcp_servers": [{"url": "x"}]}, "mcp_servers"),
        ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "tools[0].type"),
        ({"max_tokens": None}, "max_tokens"),
        ({"max_tokens": True}, "max_tokens"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "user", "content": [{"type": "text"}]}]}, "messages[0].content[0].text"),
        (
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [{"type": "document", "source": {"type": "url", "url": "https://a.example/b.pdf"}}],
                    }
                ]
            },
            "messages[].content[].source.url",
        ),
    ],
)
def test_anthropic_clients_are_told_what_chat_lacks(fields: dict[str, Any], param: str) -> None:
    """Nothing that a client of messages asks for is lost in silence on the way to chat completions."""
    with pytest.raises(Refusal) as caught:
        to_chat(**fields)
    assert (caught.value.status, caught.value.param) == (400, param)


def test_tools_cross() -> None:
    """Calls, results, errors and media of results, forced choice and parallel calls arrive."""
    body = to_chat(
        tools=[{"name": "look", "description": "d", "input_schema": SCHEMA}],
        tool_choice={"type": "tool", "name": "look", "disable_parallel_tool_use": True},
        messages=[
            USER,
            {
                "role": "assistant",
                "content": [
                    {"type": "thinking", "thinking": "hm", "signature": "sig"},
                    {"type": "tool_use", "id": "t1", "name": "look", "input": {"a": "b"}},
                    {"type": "tool_use", "id": "t2", "name": "look", "input": {}},
                ],
            },
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "and"},
                    {"type": "tool_result", "tool_use_id": "t1", "content": "boom", "is_error": True},
                    {
                        "type": "tool_result",
                        "tool_use_id": "t2",
                        "content": [
                            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}
                        ],
                    },
                ],
            },
        ],
    )
    assert body["tool_choice"] == {"type": "function", "function": {"name": "look"}}
    assert body["parallel_tool_calls"] is False
    roles = [message["role"] for message in body["messages"]]
    assert roles == ["user", "assistant", "tool", "tool", "user", "user"]
    assert [call["function"]["arguments"] for call in body["messages"][1]["tool_calls"]] == ['{"a":"b"}', "{}"]
    assert body["messages"][2]["content"] == "Error: boom"
    assert body["messages"][4]["content"][1]["image_url"]["url"] == "data:image/png;base64,aGk="
    assert body["messages"][5]["content"] == "and"
    assert "sig" not in json.dumps(body)


def test_chat_tools_reach_anthropic() -> None:
    """Consecutive tool messages become one turn, and ids that Anthropic refuses are changed alike in both places."""
    body = to_anthropic(
        tools=[{"type": "function", "function": {"name": "look", "parameters": SCHEMA, "strict": True}}],
        tool_choice="required",
        max_completion_tokens=50,
        stop="END",
        messages=[
            {"role": "developer", "content": "be brief"},
            USER,
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [
                    {"id": "functions.look:0", "type": "function", "function": {"name": "look", "arguments": ""}},
                    {"id": "b", "type": "function", "function": {"name": "look", "arguments": '{"a":1}'}},
                ],
            },
            {"role": "tool", "tool_call_id": "functions.look:0", "content": "one"},
            {"role": "tool", "tool_call_id": "b", "content": ""},
        ],
    )
    assert body["system"] == [{"type": "text", "text": "be brief"}]
    assert [message["role"] for message in body["messages"]] == ["user", "assistant", "user"]
    assert [block["id"] for block in body["messages"][1]["content"]] == ["functions_look_0", "b"]
    assert [block["tool_use_id"] for block in body["messages"][2]["content"]] == ["functions_look_0", "b"]
    assert body["tools"] == [{"name": "look", "input_schema": SCHEMA, "strict": True}]
    assert (body["tool_choice"], body["max_tokens"], body["stop_sequences"]) == ({"type": "any"}, 50, ["END"])


def test_broken_arguments_are_refused() -> None:
    """A call whose arguments are no JSON object cannot be said to Anthropic."""
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{oops"}}
    with pytest.raises(Untranslatable, match="arguments"):
        to_anthropic(messages=[USER, {"role": "assistant", "tool_calls": [call]}, USER])


def test_thinking_by_effort_and_budget() -> None:
    """An effort becomes a budget that leaves room for the answer, or adaptive thinking; a budget becomes an effort."""
    body = to_anthropic(reasoning_effort="high", max_tokens=4_000)
    assert body["thinking"] == {"type": "enabled", "budget_tokens": 4_000 - 1_024}
    assert "thinking" not in to_anthropic(reasoning_effort="high", max_tokens=1_500)
    assert to_anthropic(reasoning_effort="none")["thinking"] == {"type": "disabled"}
    newer = to_anthropic(Target("claude", has_adaptive_thinking=True), reasoning_effort="minimal")
    assert (newer["thinking"], newer["output_config"]) == ({"type": "adaptive"}, {"effort": "low"})
    assert to_chat(thinking={"type": "enabled", "budget_tokens": 4_096})["reasoning_effort"] == "medium"
    assert to_chat(thinking={"type": "disabled"})["reasoning_effort"] == "none"


def test_efforts_that_a_model_does_not_know() -> None:
    """The next lower effort is sent, else the lowest, else none."""
    known: tuple[Effort, ...] = ("low", "medium", "high")
    assert nearest_effort("max", known) == "high"
    assert nearest_effort("none", known) == "low"
    assert nearest_effort("xhigh", ()) is None


def test_output_bounds() -> None:
    """The smaller bound is sent, and Anthropic always gets one."""
    assert to_anthropic()["max_tokens"] == 4_096
    assert to_anthropic(Target("c", most_output_tokens=7), max_tokens=9)["max_tokens"] == 7
    assert to_chat()["max_completion_tokens"] == 100


def test_a_schema_as_a_tool() -> None:
    """Older models get the schema as a tool that they must call, and the client gets text, streamed or not."""
    conversation = openai_chat_codec.read_request(
        json.dumps(
            CHAT | {"response_format": {"type": "json_schema", "json_schema": {"name": "out", "schema": SCHEMA}}}
        ).encode()
    )
    translation = Translation(
        openai_chat_codec, anthropic_codec, conversation, Target("claude", has_native_schema=False)
    )
    body = json.loads(translation.body())
    assert body["tools"][0]["input_schema"] == SCHEMA
    assert body["tool_choice"] == {"type": "tool", "name": "out", "disable_parallel_tool_use": True}
    message = {
        "type": "message",
        "content": [{"type": "tool_use", "id": "t", "name": "out", "input": {"a": "b"}}],
        "stop_reason": "tool_use",
        "usage": {"input_tokens": 3, "output_tokens": 4},
    }
    answer = translation.read_answer(200, "", json.dumps(message).encode())
    assert isinstance(answer, Answer)
    assert (answer.choices[0].parts, answer.choices[0].stop) == ((Text('{"a": "b"}'),), Stop("end"))


def test_a_schema_beside_tools_is_refused() -> None:
    """A forced tool would keep the model from the others, so it is not done in silence."""
    wanted = {"type": "json_schema", "json_schema": {"name": "out", "schema": SCHEMA}}
    tools = [{"type": "function", "function": {"name": "look"}}]
    with pytest.raises(Untranslatable) as caught:
        to_anthropic(Target("claude", has_native_schema=False), response_format=wanted, tools=tools)
    assert caught.value.param == "response_format"


def test_broken_arguments_of_an_answer_are_an_error() -> None:
    """An answer whose tool call cannot be read is a provider's error, unless the output bound cut it."""
    call = {"id": "c", "function": {"name": "f", "arguments": '{"a": '}}

    def answer(reason: str) -> Answer:
        choice = {"index": 0, "message": {"tool_calls": [call]}, "finish_reason": reason}
        read = openai_chat_codec.read_answer(200, "", json.dumps({"choices": [choice]}).encode())
        assert isinstance(read, Answer)
        return read

    with pytest.raises(Refusal) as caught:
        anthropic_codec.write_answer(answer("tool_calls"), AnswerStamp(JOB, 1, Usage()))
    assert caught.value.code == "provider_error"
    cut = json.loads(anthropic_codec.write_answer(answer("length"), AnswerStamp(JOB, 1, Usage())))
    assert (cut["content"][0]["input"], cut["stop_reason"]) == ({}, "max_tokens")


def test_names_limit_the_tools() -> None:
    """A choice among some tools shows Anthropic's model only these."""
    tools = [{"type": "function", "function": {"name": name}} for name in ("a", "b", "c")]
    allowed = {"mode": "required", "tools": [{"type": "function", "function": {"name": name}} for name in ("a", "c")]}
    body = to_anthropic(tools=tools, tool_choice={"type": "allowed_tools", "allowed_tools": allowed})
    assert [tool["name"] for tool in body["tools"]] == ["a", "c"]
    assert body["tool_choice"] == {"type": "any"}


def test_foreign_reasoning_stays_behind() -> None:
    """What another vendor's model thought is not sent as if the provider had signed it."""
    assistant = {"role": "assistant", "content": "so", "reasoning_content": "private thoughts"}
    body = to_anthropic(messages=[USER, assistant, USER])
    assert body["messages"][1]["content"] == [{"type": "text", "text": "so"}]


def test_count_requests() -> None:
    """count_tokens takes a request without an output limit and gives what of it is input."""
    raw = json.dumps({"model": "m", "messages": [USER], "system": "s"}).encode()
    conversation = anthropic_codec.read_count_request(raw)
    assert conversation == Conversation("m", (Message("user", (Text("hi"),)),), system=(Text("s"),))
    assert "max_tokens" not in json.loads(anthropic_codec.write_count_request(conversation, Target("n")))


def test_stop_is_never_lost() -> None:
    """A server that says `stop` after tool calls does not stop a client's agent."""
    body = {
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {
                    "content": None,
                    "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
                },
            }
        ]
    }
    answer = openai_chat_codec.read_answer(200, "", json.dumps(body).encode())
    assert isinstance(answer, Answer)
    assert answer.choices[0].stop == Stop("tool_calls")
    written = json.loads(anthropic_codec.write_answer(answer, AnswerStamp(JOB, 1, Usage())))
    assert written["stop_reason"] == "tool_use"
