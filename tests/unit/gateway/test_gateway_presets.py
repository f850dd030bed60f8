"""What a provider is asked, and what of its answer reaches the client, by the preset of its channel."""

import json
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.unit.gateway.facts import a_candidate, a_channel, a_model

from farebox.dialects.exchange import JobStamp, PlainAnswer
from farebox.dialects.scrub import NO_NAMES
from farebox.domain.usage import Usage
from farebox.gateway.wire import wire_at
from farebox.upstream.endpoint import parse_endpoint
from farebox.upstream.presets import presets
from farebox.upstream.route import Candidate

CHAT: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
STAMP = JobStamp(UUID(int=9), "public-model")


def candidate(preset: str, model: str = "up") -> Candidate:
    """A route on a channel at the preset's own address."""
    facts = presets()[preset]
    url = facts.base_url or "http://10.0.0.1/v1"
    made = a_candidate(a_model(), a_channel(kind=facts.kind, provider=preset, base_url=url))
    route = msgspec.structs.replace(made.route, upstream_model=model)
    return msgspec.structs.replace(made, endpoint=parse_endpoint(url, allow_private=True), route=route)


def crossing(preset: str, path: str = "/v1/chat/completions", model: str = "up", **fields: Any) -> Any:
    wire = wire_at(path, path.encode(), b"")
    assert wire is not None
    parsed = wire.parse({}, json.dumps(CHAT | fields).encode())
    _, [made] = wire.ways(parsed, (candidate(preset, model),), 512)
    return made


def asked(preset: str, *, most: int | None = None, **fields: Any) -> dict[str, Any]:
    """The body that the provider gets of a chat completion, without model and messages."""
    body = json.loads(crossing(preset, **fields).body(most))
    return {name: value for name, value in body.items() if name not in ("model", "messages")}


def test_mistral_gets_no_field_that_it_refuses() -> None:
    """It answers 422 to fields that it does not know; a stream's usage comes without asking, a seed by its own name."""
    fields = {"stream": True, "stream_options": {"include_usage": True}, "user": "u", "store": False, "seed": 7}
    assert asked("mistral", **fields) == {"stream": True, "random_seed": 7}
    assert asked("mistral", stream=True) == {"stream": True}
    assert asked("mistral", max_completion_tokens=5) == {"max_tokens": 5}
    assert asked("mistral", max_completion_tokens=5, max_tokens=3) == {"max_tokens": 3}
    assert asked("mistral", max_completion_tokens=5, most=2) == {"max_tokens": 2}
    assert asked("openai", stream=True) == {"stream": True, "stream_options": {"include_usage": True}}


def test_bytedance_bounds_reasoning_too() -> None:
    """`max_tokens` would leave the chain of thought unbounded, and unpaid by the hold."""
    assert asked("bytedance", max_tokens=100) == {"max_completion_tokens": 100}
    assert asked("bytedance", max_tokens=100, most=10) == {"max_completion_tokens": 10}
    assert asked("bytedance", most=10) == {"max_completion_tokens": 10}
    assert asked("bytedance", max_tokens=None, max_completion_tokens=4) == {"max_completion_tokens": 4}


@pytest.mark.parametrize("preset", [name for name, preset in presets().items() if preset.kind.startswith("openai")])
def test_the_bound_that_was_held_reaches_every_provider(preset: str) -> None:
    """Whatever the client's name for it was, the provider's own says no more than was held."""
    bound = presets()[preset].request.bound
    for given in ({}, {"max_tokens": 9}, {"max_completion_tokens": 9}, {"max_tokens": 9, "max_completion_tokens": 8}):
        sent = asked(preset, most=5, **given)
        bounds = [value for name, value in sent.items() if name.startswith("max_")]
        assert set(bounds) == {5}, (given, sent)
        if not given:
            assert sent == {bound: 5}


@pytest.mark.parametrize(("preset", "field"), [("openai", "safety_identifier"), ("groq", "user"), ("mistral", None)])
def test_a_translated_request_is_written_as_the_preset_wants(preset: str, field: str | None) -> None:
    """The end user's id under the provider's name, or not at all; the same fields renamed and left out."""
    made = crossing(preset, "/v1/messages", max_tokens=9, stream=True, metadata={"user_id": "someone"}, temperature=0.5)
    body = json.loads(made.body(None))
    assert {name for name, value in body.items() if value == "someone"} == ({field} - {None})
    assert ("stream_options" in body) == (preset != "mistral")
    assert body[presets()[preset].request.bound] == 9


def test_efforts_go_out_as_the_model_knows_them() -> None:
    """The nearest that the model knows; none to a model that does not reason."""
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2048}
    for model, effort in (("gpt-4o", None), ("o3", "low"), ("gpt-6-sol", "low")):
        body = json.loads(crossing("openai", "/v1/messages", model, **thinking).body(None))
        assert body.get("reasoning_effort") == effort, model


def test_reasoning_goes_back_to_servers_that_want_it() -> None:
    """DeepSeek refuses the result of a call whose turn comes back without its reasoning, be it empty."""
    turns = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "c", "name": "f", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c", "content": "1"}]},
    ]
    tools = [{"name": "f", "input_schema": {"type": "object"}}]
    for preset, expected in (("deepseek", ""), ("groq", None)):
        made = crossing(preset, "/v1/messages", max_tokens=9, messages=turns, tools=tools)
        assert json.loads(made.body(None))["messages"][1].get("reasoning_content") == expected


def test_mistral_gets_ids_of_calls_that_it_takes() -> None:
    """A conversation that began elsewhere has other ids: a call and its result still name the same, in either way."""
    call = {
        "id": "call_PTLP8xhu3uwZk4l3nlnrrJha",
        "type": "function",
        "function": {"name": "f", "arguments": '{"id":1}'},
    }
    own = {**call, "id": "Df1cqWOle"}
    messages = [
        {"role": "user", "content": 'an "id": "call_PTLP8xhu3uwZk4l3nlnrrJha" in words'},
        {"role": "assistant", "content": None, "tool_calls": [call, own]},
        {"role": "tool", "tool_call_id": call["id"], "content": "1"},
        {"role": "tool", "tool_call_id": own["id"], "content": "2"},
    ]
    sent = json.loads(crossing("mistral", messages=messages).body(None))["messages"]
    first, second = (made["id"] for made in sent[1]["tool_calls"])
    assert len(first) == 9
    assert first.isalnum()
    assert second == "Df1cqWOle"
    assert [message["tool_call_id"] for message in sent[2:]] == [first, second]
    assert sent[0] == messages[0]
    assert sent[1]["tool_calls"][0]["function"] == call["function"]
    assert json.loads(crossing("openai", messages=messages).body(None))["messages"] == messages
    turns = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": call["id"], "name": "f", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": call["id"], "content": "1"}]},
    ]
    tools = [{"name": "f", "input_schema": {"type": "object"}}]
    body = json.loads(crossing("mistral", "/v1/messages", max_tokens=9, messages=turns, tools=tools).body(None))
    assert body["messages"][1]["tool_calls"][0]["id"] == body["messages"][2]["tool_call_id"] == first


def stamped(made: Any, answer: dict[str, Any]) -> dict[str, Any]:
    read = made.read_answer(200, "", json.dumps(answer).encode())
    assert isinstance(read, PlainAnswer)
    return dict(json.loads(made.stamp_answer(read, STAMP, "0.25", Usage())))


def test_what_one_vendor_adds_stays_where_another_means_something_by_it() -> None:
    """Groq's `usage_breakdown` tells of its models; a member of that name from OpenAI itself would be the client's."""
    answer = {
        "id": "chatcmpl-1234567890",
        "model": "m",
        "usage_breakdown": {"models": ["Novita"]},
        "system_fingerprint": "fp_1",
        "choices": [{"index": 0, "native_finish_reason": "x", "message": {"role": "assistant", "content": "hi"}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.5, "queue_time": 0.1},
    }
    found = stamped(crossing("groq"), answer)
    assert found["usage"] == {"prompt_tokens": 1, "completion_tokens": 1, "cost": "0.25"}
    assert not {"usage_breakdown", "system_fingerprint"} & set(found)
    assert "native_finish_reason" not in found["choices"][0]
    own = stamped(crossing("openai"), answer)
    assert (own["usage"]["queue_time"], own["usage"]["cost"]) == (0.1, "0.25")
    assert own["usage_breakdown"]
    # At an address that is nobody's own, a gateway may have added anything.
    assert "usage_breakdown" not in stamped(crossing("vllm"), answer)


def test_streams_are_stripped_by_the_preset_too() -> None:
    """The same members, out of every chunk."""
    chunk = {"id": "chatcmpl-1234567890", "model": "m", "time_info": "Novita", "choices": [{"index": 0, "delta": {}}]}
    event = b"data: " + json.dumps(chunk).encode() + b"\n\n"
    for preset, stays in (("openai-compatible", False), ("openai", True)):
        relay = crossing(preset, stream=True).relay(STAMP, NO_NAMES)
        out = relay.feed(event) + relay.feed(event)
        assert (out.count(b"Novita") == 2) is stays
