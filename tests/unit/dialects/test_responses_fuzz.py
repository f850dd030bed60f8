"""Whatever a client or a provider of OpenAI's responses sends, it is read, refused or blamed; nothing breaks."""

import contextlib
import json
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from tests.support.gathering import gather

from farebox.dialects import responses_codec as codec
from farebox.dialects.codec import AnswerStamp, Target
from farebox.dialects.exchange import JobStamp, PlainAnswer
from farebox.dialects.reply import Answer, Ended, Event, Failed
from farebox.dialects.responses_answer import read_answer, stamp_answer
from farebox.dialects.responses_relay import StreamRelay
from farebox.dialects.responses_request import parse_request, upstream_body
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

STAMP = JobStamp(UUID(int=1), "public-model")
NAMES = st.sampled_from(
    [
        *("model", "input", "instructions", "tools", "tool_choice", "text", "format", "reasoning", "effort", "include"),
        *("type", "role", "content", "output", "summary", "encrypted_content", "call_id", "name", "arguments", "id"),
        *("image_url", "file_data", "file_id", "store", "stream", "max_output_tokens", "status", "error", "usage"),
        *("response", "item", "part", "delta", "output_index", "content_index", "incomplete_details", "reason"),
        *("input_tokens", "output_tokens", "total_tokens", "input_tokens_details", "logprobs", "token", "logprob"),
    ]
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(
        [
            *(
                "",
                "x",
                "user",
                "assistant",
                "message",
                "reasoning",
                "function_call",
                "function_call_output",
                "function",
            ),
            *("input_text", "output_text", "refusal", "input_image", "data:image/png;base64,AA", "completed", "failed"),
            *("incomplete", "json_schema", "allowed_tools", "fb1.anthropic.last:x", "summary_text"),
        ]
    )
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=15
)
TREES = st.dictionaries(NAMES, VALUES, max_size=6)
BODIES = TREES.map(lambda tree: json.dumps(tree).encode())
KINDS = st.sampled_from(
    [
        *("created", "output_item.added", "output_item.done", "content_part.added", "content_part.done", "completed"),
        *("output_text.delta", "output_text.done", "function_call_arguments.delta", "function_call_arguments.done"),
        *("reasoning_summary_text.delta", "reasoning_text.done", "refusal.delta", "incomplete", "failed", "new"),
    ]
)
USUAL: list[dict[str, Any]] = [
    {"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "id": "msg_1"}},
    {"type": "response.output_text.delta", "output_index": 0, "delta": "x"},
    {
        "type": "response.output_item.added",
        "output_index": 1,
        "item": {"type": "function_call", "call_id": "c", "name": "f"},
    },
    {"type": "response.function_call_arguments.delta", "output_index": 1, "delta": "{"},
    {"type": "response.completed", "response": {"status": "completed", "output": [], "usage": None}},
]
EVENTS = (
    st.builds(lambda kind, tree: {"type": f"response.{kind}", **tree}, KINDS, TREES) | st.sampled_from(USUAL)
).map(lambda tree: json.dumps(tree).encode())
STREAMS = st.lists(EVENTS | st.binary(max_size=20), max_size=8).map(
    lambda events: b"".join(b"data: " + event + b"\n\n" for event in events)
)


@given(BODIES, st.sampled_from([{}, {"model": "m", "input": "x"}, {"model": "m"}]))
def test_any_request(raw: bytes, usual: dict[str, Any]) -> None:
    """A request is read and can be sent on, or it is refused."""
    raw = json.dumps({**json.loads(raw), **usual}).encode()
    with contextlib.suppress(Refusal):
        conversation = codec.read_request(raw)
        json.loads(codec.write_request(conversation, Target("v")))
    with contextlib.suppress(Refusal):
        parsed = parse_request(raw)
        json.loads(upstream_body(parsed, upstream_model="v", most_output_tokens=5, end_user="u"))


@given(BODIES, st.sampled_from([{}, {"status": "completed"}, {"status": "completed", "error": None}]))
def test_any_answer(raw: bytes, usual: dict[str, Any]) -> None:
    """An answer is read and can be written, or it is the channel's fault."""
    raw = json.dumps({**json.loads(raw), **usual}).encode()
    answer = codec.read_answer(200, "", raw)
    if isinstance(answer, Answer):
        json.loads(codec.write_answer(answer, AnswerStamp(STAMP, 0, Usage())))
    passed = read_answer(200, "", raw)
    if isinstance(passed, PlainAnswer):
        json.loads(stamp_answer(passed, STAMP, "0.1", Usage()))
    codec.read_error(400, [], raw)


@given(STREAMS, st.integers(1, 60))
def test_any_stream(stream: bytes, split: int) -> None:
    """A stream in any order of any events gives the same events however split; one end, and nothing after it."""
    reader, whole = codec.stream_reader(), codec.stream_reader()
    events: list[Event] = []
    for at in range(0, len(stream), split):
        events += reader.feed(stream[at : at + split])
    events += reader.end_of_input()
    assert repr(events) == repr(whole.feed(stream) + whole.end_of_input())
    assert not any(isinstance(event, Ended | Failed) for event in events[:-1])
    gather(events)
    writer = codec.stream_writer(STAMP, 0)
    writer.write(events)
    writer.finish("0.1", Usage())


@given(STREAMS, st.integers(1, 60))
def test_any_relayed_stream(stream: bytes, split: int) -> None:
    """A passed-through stream comes to a verdict, the same however split, and its end can be written."""
    relay, whole = StreamRelay(STAMP), StreamRelay(STAMP)
    out = b"".join(relay.feed(stream[at : at + split]) for at in range(0, len(stream), split)) + relay.end_of_input()
    assert out == whole.feed(stream) + whole.end_of_input()
    assert relay.end is not None
    relay.finish("0.1", Usage())
    whole.stop_as_length("x")
    whole.finish(None, Usage())
    relay.fail(Refusal("provider_error", "x"), None)


def test_numbers_and_depths_at_their_ends() -> None:
    """Numbers that no machine type holds and nesting without end are a provider's to send and ours to survive."""
    for value in (
        b"1e400",
        b"9" * 5000,
        b"[" * 5000 + b"]" * 5000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"[" * 90_000,
    ):
        raw = b'{"id":"r","status":"completed","output":[%b],"usage":{"input_tokens":%b}}' % (value, value)
        codec.read_answer(200, "", raw)
        codec.read_error(400, [], b'{"error":{"code":' + value + b"}}")
        passed = read_answer(200, "", raw)
        if isinstance(passed, PlainAnswer):
            stamp_answer(passed, STAMP, "0", Usage())
        for holder in (b'{"type":"response.completed","response":%b}', b'{"type":"response.new","x":%b}'):
            relay, reader = StreamRelay(STAMP), codec.stream_reader()
            stream = b"data: " + holder % raw + b"\n\n"
            relay.feed(stream)
            relay.end_of_input()
            relay.finish("0", Usage())
            reader.feed(stream)


def test_a_giant_event_ends_the_stream() -> None:
    """An event without end is the channel's fault, and memory stays bounded."""
    relay, reader = StreamRelay(STAMP), codec.stream_reader()
    events: list[Event] = []
    for _ in range(80):
        relay.feed(b"data: " + b"x" * 65_536)
        events += reader.feed(b"data: " + b"x" * 65_536)
    assert relay.end is not None
    assert relay.end.kind == "error"
    assert isinstance(events[-1], Failed)
    assert len(events) == 1
