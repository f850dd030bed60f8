"""Lesson: output that is only tool calls, or only reasoning, counted as zero where the provider reports no usage."""

import json
from typing import Any
from uuid import UUID

import pytest
from tests.unit.gateway.facts import a_candidate, a_channel, a_model

from farebox.dialects.exchange import JobStamp, PlainAnswer
from farebox.dialects.scrub import NO_NAMES
from farebox.gateway.wire import wire_at

STAMP = JobStamp(UUID(int=9), "public-model")
# 400 bytes of English are about a hundred tokens.
WORDS = "plan the route and check "[:25] * 16
ARGUMENTS = json.dumps({"text": WORDS})

CLIENTS: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {"model": "m", "messages": [{"role": "user", "content": "hi"}]},
    "/v1/responses": {"model": "m", "input": "hi"},
    "/v1/messages": {"model": "m", "max_tokens": 999, "messages": [{"role": "user", "content": "hi"}]},
    "/v1beta/models/m:generateContent": {"contents": [{"parts": [{"text": "hi"}]}]},
}


def openai_message(what: str) -> dict[str, Any]:
    match what:
        case "calls":
            call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "f", "arguments": ARGUMENTS}}
            return {"tool_calls": [call]}
        case "reasoning":
            return {"reasoning_content": WORDS}
        case _:
            return {"content": WORDS}


def anthropic_block(what: str) -> dict[str, Any]:
    match what:
        case "calls":
            return {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {"text": WORDS}}
        case "reasoning":
            return {"type": "thinking", "thinking": WORDS, "signature": "c2ln"}
        case _:
            return {"type": "text", "text": WORDS}


def gemini_part(what: str) -> dict[str, Any]:
    match what:
        case "calls":
            return {"functionCall": {"name": "f", "args": {"text": WORDS}}}
        case "reasoning":
            return {"text": WORDS, "thought": True}
        case _:
            return {"text": WORDS}


def responses_item(what: str) -> dict[str, Any]:
    match what:
        case "calls":
            return {"type": "function_call", "id": "fc", "call_id": "c1", "name": "f", "arguments": ARGUMENTS}
        case "reasoning":
            return {"type": "reasoning", "id": "rs", "summary": [{"type": "summary_text", "text": WORDS}]}
        case _:
            content = [{"type": "output_text", "text": WORDS, "annotations": []}]
            return {"type": "message", "id": "msg", "role": "assistant", "status": "completed", "content": content}


def plain(provider: str, what: str) -> dict[str, Any]:
    """An answer without a word of usage."""
    match provider:
        case "anthropic":
            blocks = [anthropic_block(what)]
            return {"id": "msg_1", "type": "message", "role": "assistant", "model": "x", "content": blocks} | {
                "stop_reason": "tool_use" if what == "calls" else "end_turn"
            }
        case "gemini":
            content = {"role": "model", "parts": [gemini_part(what)]}
            return {"candidates": [{"index": 0, "content": content, "finishReason": "STOP"}]}
        case "responses":
            return {"id": "resp_1", "object": "response", "status": "completed", "output": [responses_item(what)]} | {
                "model": "x"
            }
        case _:
            reason = "tool_calls" if what == "calls" else "stop"
            message = {"role": "assistant", "content": None} | openai_message(what)
            choice = {"index": 0, "message": message, "finish_reason": reason}
            return {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "x", "choices": [choice]}


def anthropic_events(what: str) -> list[dict[str, Any]]:
    block = anthropic_block(what)
    match what:
        case "calls":
            start, delta = block | {"input": {}}, {"type": "input_json_delta", "partial_json": ARGUMENTS}
        case "reasoning":
            start, delta = block | {"thinking": ""}, {"type": "thinking_delta", "thinking": WORDS}
        case _:
            start, delta = block | {"text": ""}, {"type": "text_delta", "text": WORDS}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "x", "content": []}
    return [
        {"type": "message_start", "message": message},
        {"type": "content_block_start", "index": 0, "content_block": start},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use" if what == "calls" else "end_turn"}},
        {"type": "message_stop"},
    ]


def responses_events(what: str) -> list[dict[str, Any]]:
    item = responses_item(what)
    response = {"id": "resp_1", "object": "response", "model": "x", "status": "in_progress", "output": []}
    names = {
        "calls": ("response.function_call_arguments.delta", ARGUMENTS),
        "reasoning": ("response.reasoning_summary_text.delta", WORDS),
        "text": ("response.output_text.delta", WORDS),
    }
    kind, delta = names[what]
    at = {"output_index": 0, "item_id": item["id"], "content_index": 0, "summary_index": 0}
    return [
        {"type": "response.created", "response": response},
        {"type": "response.output_item.added", "output_index": 0, "item": item | {"summary": []}},
        {"type": kind, "delta": delta, **at},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": response | {"status": "completed", "output": [item]}},
    ]


def stream(provider: str, what: str) -> bytes:
    """The same as a stream, without a word of usage either."""
    match provider:
        case "anthropic":
            return b"".join(
                b"event: %b\ndata: %b\n\n" % (event["type"].encode(), json.dumps(event).encode())
                for event in anthropic_events(what)
            )
        case "responses":
            return b"".join(
                b"event: %b\ndata: %b\n\n"
                % (event["type"].encode(), json.dumps({"sequence_number": number, **event}).encode())
                for number, event in enumerate(responses_events(what))
            )
        case "gemini":
            return b"data: %b\n\n" % json.dumps(plain("gemini", what)).encode()
        case _:
            head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "x"}
            reason = "tool_calls" if what == "calls" else "stop"
            chunks = [
                head | {"choices": [{"index": 0, "delta": openai_message(what), "finish_reason": None}]},
                head | {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]},
            ]
            return b"".join(b"data: %b\n\n" % json.dumps(chunk).encode() for chunk in chunks) + b"data: [DONE]\n\n"


def crossing(path: str, provider: str, **fields: Any) -> Any:
    kind = "openai" if provider == "responses" else provider
    if fields.get("stream") and path.startswith("/v1beta"):
        path, fields = path.replace("generateContent", "streamGenerateContent"), {}
    wire = wire_at(path, path.encode(), b"alt=sse" if "stream" in path else b"")
    assert wire is not None
    body = CLIENTS[path.replace("streamG", "g")] | fields
    made = a_candidate(a_model(), a_channel(kind=kind, base_url="http://127.0.0.1:1"))
    _, [found] = wire.ways(wire.parse({}, json.dumps(body).encode()), (made,), 512)
    return found


def speaks(path: str, provider: str) -> str:
    """What the provider answers in: a client of responses reaches OpenAI itself in responses."""
    return "responses" if path == "/v1/responses" and provider == "openai" else provider


ways = pytest.mark.parametrize(
    ("path", "provider"),
    [(path, provider) for path in CLIENTS for provider in ("openai", "openai-compatible", "anthropic", "gemini")],
)
kinds = pytest.mark.parametrize("what", ["text", "calls", "reasoning"])


@ways
@kinds
def test_lesson_plain_output_of_every_kind_counts(path: str, provider: str, what: str) -> None:
    """Text, calls and reasoning of a hundred tokens each count as about so many, whoever answers whom."""
    made = crossing(path, provider)
    answer = made.read_answer(200, "application/json", json.dumps(plain(speaks(path, provider), what)).encode())
    assert isinstance(answer, PlainAnswer), answer
    assert answer.usage is None
    assert 80 <= answer.estimated_output_tokens <= 160


@ways
@kinds
def test_lesson_streamed_output_of_every_kind_counts(path: str, provider: str, what: str) -> None:
    """The same for streams, those that pass through unparsed included."""
    made = crossing(path, provider, stream=True)
    relay = made.relay(STAMP, NO_NAMES)
    relay.feed(stream(speaks(path, provider), what))
    relay.end_of_input()
    assert relay.end is not None
    assert relay.end.kind == "done"
    assert relay.usage is None
    assert 80 <= relay.output_tokens_estimated <= 220
