"""Whatever a client or a provider sends, the dialect reads it, refuses it or blames the channel; it never breaks."""

import contextlib
import json
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from farebox.dialects.exchange import JobStamp, PlainAnswer
from farebox.dialects.openai_answer import read_answer, stamp_answer
from farebox.dialects.openai_errors import judge_error
from farebox.dialects.openai_request import parse_request, upstream_body
from farebox.dialects.openai_stream import StreamRelay
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

STAMP = JobStamp(UUID(int=1), "public-model")
ENDPOINTS = st.sampled_from(["chat.completions", "completions", "embeddings"])
REQUEST_NAMES = (
    *("model", "models", "messages", "prompt", "input", "content", "type", "image_url", "file", "input_audio", "url"),
    *("stream", "stream_options", "include_usage", "max_tokens", "n", "tools", "extra_body", "google"),
)
ANSWER_NAMES = (
    *("id", "choices", "usage", "error", "delta", "message", "index", "finish_reason", "native_finish_reason"),
    *("x_groq", "provider", "detail", "metadata", "raw", "reasons", "loc", "errors", "code", "status", "cost"),
    *("prompt_tokens", "total_tokens"),
)
NAMES = st.sampled_from(REQUEST_NAMES + ANSWER_NAMES)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "stop", "error", "data:,", "x"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=15
)
BODIES = st.dictionaries(NAMES, VALUES, max_size=6).map(lambda tree: json.dumps(tree).encode())
USUAL: list[dict[str, Any]] = [
    {"id": "chatcmpl-upstream", "model": "v", "choices": [{"index": 0, "delta": {"content": "x"}}], "usage": None},
    {"id": "chatcmpl-upstream", "model": "v", "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}},
]


@given(ENDPOINTS, BODIES)
def test_any_request(endpoint: Any, raw: bytes) -> None:
    """A request is parsed and can be sent on, or it is refused."""
    with contextlib.suppress(Refusal):
        parsed = parse_request(endpoint, raw)
        json.loads(upstream_body(parsed, upstream_model="v", most_output_tokens=5, ask_stream_usage=True, end_user="u"))


@given(ENDPOINTS, BODIES)
def test_any_answer(endpoint: Any, raw: bytes) -> None:
    """An answer is read and can be stamped, or it is the channel's fault."""
    answer = read_answer(endpoint, 200, "application/json", raw)
    if isinstance(answer, PlainAnswer):
        json.loads(stamp_answer(answer, STAMP, "0.1", Usage()))
    judge_error(400, [], raw)


@given(st.lists(BODIES | st.binary(max_size=20) | st.sampled_from(USUAL).map(json.dumps).map(str.encode), max_size=8))
def test_any_stream(events: list[bytes]) -> None:
    """A stream in any order of any events is relayed to a verdict, and its tail can be written."""
    relay = StreamRelay("chat.completions", STAMP, wants_usage=True)
    relay.feed(b"".join(b"data: " + event + b"\n\n" for event in events))
    relay.end_of_input()
    assert relay.end is not None
    assert relay.output_tokens_estimated >= 0
    relay.finish("0.1", Usage())


def test_numbers_and_depths_at_their_ends() -> None:
    """Numbers that no machine type holds and nesting without end are a provider's to send and ours to survive."""
    for value in (
        b"1e400",
        b"9" * 5000,
        b"[" * 5000 + b"]" * 5000,
        b'{"a":' * 5000 + b"1" + b"}" * 5000,
        b"[" * 90_000,
    ):
        body = b'{"id":"chatcmpl-upstream","model":"v","choices":[{"index":%b}],"usage":{"prompt_tokens":%b}}'
        raw = body % (value, value)
        answer = read_answer("chat.completions", 200, "", raw)
        if isinstance(answer, PlainAnswer):
            stamp_answer(answer, STAMP, "0", Usage())
        judge_error(400, [], b'{"error":{"code":' + value + b"}}")
        relay = StreamRelay("chat.completions", STAMP, wants_usage=True)
        relay.feed(b"data: " + raw.replace(b'"index"', b'"finish_reason":"x","index"') + b"\n\n")
        relay.end_of_input()
