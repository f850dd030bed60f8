"""Streams that we write for clients of OpenAI's responses, read by the official SDK: whole, stopped and broken."""

from typing import Any

import httpx
import openai
import pytest

from farebox.dialects import responses_codec as codec
from farebox.dialects.conversation import Signature
from farebox.dialects.exchange import JobStamp
from farebox.dialects.reply import (
    Ended,
    Event,
    PartEnded,
    ReasoningDelta,
    RefusalDelta,
    SignatureDelta,
    Started,
    Stop,
    Stopped,
    TextDelta,
    ToolArgumentsDelta,
    ToolCallStarted,
)
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage
from farebox.kit.ids import NIL

JOB = JobStamp(NIL, "public-model")
BEGINNING: list[Event] = [
    Started("theirs", "vendor/model"),
    ReasoningDelta("hm", 0),
    SignatureDelta(Signature("sig", "anthropic"), 0),
    PartEnded(0),
    TextDelta("Hel", 1),
    TextDelta("lo", 1),
]
REST: list[Event] = [
    PartEnded(1),
    RefusalDelta("no", 2),
    PartEnded(2),
    ToolCallStarted("call_1", "look", 3),
    ToolArgumentsDelta('{"a":', 3),
    ToolArgumentsDelta("1}", 3),
    PartEnded(3),
    ToolCallStarted("call_2", "wait", 4),
    PartEnded(4),
    Stopped(Stop("tool_calls")),
    Ended(),
]


def client(stream: bytes) -> openai.OpenAI:
    answer = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=stream)
    # Any, since the SDK's type for it differs between its versions.
    http_client: Any = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    return openai.OpenAI(api_key="x", base_url="http://test/v1", max_retries=0, http_client=http_client)


def test_the_helper_follows_a_whole_stream() -> None:
    """The SDK's own accumulation agrees with the last event: reasoning, text, refusal, calls and usage."""
    writer = codec.stream_writer(JOB, 17)
    body = writer.write(BEGINNING) + writer.write(REST) + writer.finish("0.1", Usage(5, output_tokens=3))
    with client(body) as sdk, sdk.responses.stream(model="m", input="x") as stream:
        final = stream.get_final_response()
    assert [item.type for item in final.output] == ["reasoning", "message", "function_call", "function_call"]
    assert final.output_text == "Hello"
    assert [item.arguments for item in final.output if item.type == "function_call"] == ['{"a":1}', "{}"]
    assert final.usage is not None
    assert (final.usage.total_tokens, final.status, final.model) == (8, "completed", "public-model")


def test_a_stopped_stream_is_incomplete() -> None:
    """A stream that ran out of credit ends as cut by the output bound, with all that was said."""
    writer = codec.stream_writer(JOB, 17)
    body = writer.write(BEGINNING) + writer.stop_as_length("credit used up") + writer.finish("0.1", Usage(5))
    with client(body) as sdk:
        events = list(sdk.responses.create(model="m", input="x", stream=True))
    last = events[-1]
    assert last.type == "response.incomplete"
    assert last.response.incomplete_details is not None
    assert last.response.incomplete_details.reason == "max_output_tokens"
    assert last.response.output_text == "Hello"


def test_a_broken_stream_raises() -> None:
    """A stream that breaks after its first byte is an error in the SDK, never a clean end; Codex has its event."""
    writer = codec.stream_writer(JOB, 17)
    body = writer.write(BEGINNING) + writer.fail(Refusal("provider_error", "The provider failed."), NIL)
    with client(body) as sdk, pytest.raises(openai.APIError, match="The provider failed") as caught:
        list(sdk.responses.create(model="m", input="x", stream=True))
    assert caught.value.code == "provider_error"
    assert body.rstrip().rpartition(b"\n\n")[2].startswith(b"event: response.failed\n")
    assert b"response.completed" not in body


def test_a_refusal_without_words_does_not_look_complete() -> None:
    """A provider's refusal that left no words ends as filtered, so that no agent takes it for an answer."""
    writer = codec.stream_writer(JOB, 17)
    body = writer.write([Started(), Stopped(Stop("refusal")), Ended()]) + writer.finish(None, Usage(5))
    assert b'"status":"incomplete"' in body
    assert b'"reason":"content_filter"' in body
