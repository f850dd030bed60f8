"""Streams: every chunk is ours, usage is seen wherever it stands, and a cut is never mistaken for an end."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farebox.dialects import openai_stream
from farebox.dialects.exchange import JobStamp
from farebox.dialects.openai_stream import DONE_EVENT, StreamRelay
from farebox.dialects.sse import MOST_EVENT_BYTES
from farebox.domain.usage import Usage

JOB = UUID("01890000-0000-7000-8000-00000000abcd")
STAMP = JobStamp(JOB, "public-model")
OUR_ID = f"chatcmpl-{JOB.hex}"
USAGE = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
READ = Usage(input_tokens=7, output_tokens=3)


def chunk(content: str | None = None, *, finish: str | None = None, **fields: Any) -> dict[str, Any]:
    delta = {} if content is None else {"content": content}
    return {
        "id": "chatcmpl-upstream",
        "object": "chat.completion.chunk",
        "created": 17,
        "model": "vendor/m",
        "system_fingerprint": "fp_secret",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        **fields,
    }


def usage_chunk(**fields: Any) -> dict[str, Any]:
    return {**chunk(), "choices": [], "usage": USAGE, **fields}


def wire(*chunks: dict[str, Any], done: bool = True, separators: tuple[str, str] = (",", ":")) -> bytes:
    events = b"".join(b"data: " + json.dumps(c, separators=separators).encode() + b"\n\n" for c in chunks)
    return events + (DONE_EVENT if done else b"")


def relay(stream: bytes, *, wants_usage: bool = False, **options: Any) -> tuple[StreamRelay, list[dict[str, Any]]]:
    relay = StreamRelay(options.pop("endpoint", "chat.completions"), STAMP, wants_usage, **options)
    return relay, decoded(relay.feed(stream) + relay.end_of_input())


def decoded(out: bytes) -> list[dict[str, Any]]:
    events = out.split(b"\n\n")
    assert events.pop() == b""
    assert all(event.startswith(b"data: ") for event in events)
    return [json.loads(event[6:]) for event in events]


def contents(chunks: list[dict[str, Any]]) -> str:
    return "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks if c["choices"])


def reordered(*names: str, **fields: Any) -> list[dict[str, Any]]:
    made = [chunk("Hel", **fields), chunk("lo", **fields), chunk(finish="stop", **fields)]
    return [{name: c[name] for name in names if name in c} for c in made]


SHAPES = {
    "OpenAI": [chunk("Hel", usage=None), chunk("lo", usage=None), chunk(finish="stop", usage=None), usage_chunk()],
    "choices first": reordered("choices", "created", "id", "model", "object"),
    "choices in the middle": reordered("id", "choices", "model"),
    "empty id beside tool calls without one": [
        {**chunk("Hel"), "id": ""},
        {"choices": [{"delta": {"tool_calls": [{"id": "", "index": 0}]}}], "id": "", "model": "vendor/m"},
        {"choices": [{"delta": {"content": "lo"}}], "id": "", "model": "vendor/m"},
    ],
    "gateway extras": [
        chunk("Hel", provider="Acme", user_id="user_1"),
        {**chunk("lo", x_groq={"id": "req_1"}), "provider": "Acme"},
        chunk(finish="stop", sla_metrics={"ts": 5}, request_id="r"),
    ],
    "native finish reasons": [
        {**chunk(), "choices": [{"index": 0, "delta": {"content": "Hel"}, "native_finish_reason": None}]},
        {**chunk(), "choices": [{"native_finish_reason": None, "index": 0, "delta": {"content": "lo"}}]},
        {**chunk(), "choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "native_finish_reason": "END"}]},
    ],
    "another id and time in each": [
        {**chunk("Hel"), "id": "a1b2c3d4e5", "created": 1},
        {**chunk("lo"), "id": "f1b2c3d4e5", "created": 2},
        {**chunk(finish="stop"), "model": "vendor/m-2", "created": 3},
    ],
    "choices first, another id in each": [
        {"choices": [{"delta": {"content": "Hel"}}], "id": "a1b2c3d4e5", "model": "vendor/m"},
        {"choices": [{"delta": {"content": "lo"}}], "id": "f1b2c3d4e5", "model": "vendor/m"},
    ],
    "choices first, an id only later": [
        {"choices": [{"delta": {"content": "Hel"}}], "id": "", "model": "vendor/m"},
        {"choices": [{"delta": {"tool_calls": [{"index": 0, "id": ""}]}}], "id": "a1b2c3d4e5", "model": "vendor/m"},
        {"choices": [{"delta": {"content": "lo"}}], "id": "a1b2c3d4e5", "model": "vendor/m"},
    ],
    "fingerprint only at the end": [
        {name: value for name, value in chunk("Hel").items() if name != "system_fingerprint"},
        {name: value for name, value in chunk("lo").items() if name != "system_fingerprint"},
        chunk(finish="stop"),
    ],
    "identity only later": [
        {"id": "", "model": "", "choices": [], "prompt_filter_results": []},
        chunk("Hel"),
        chunk("lo"),
    ],
    "words that look like members": [
        chunk('"usage":{"error":1}'),
        chunk(',"id":"chatcmpl-upstream","system_fingerprint":"x"'),
        chunk("\\"),
    ],
}
LEAKS = ("upstream", "vendor", "fp_secret", "Acme", "user_1", "req_1", "native", "sla", "request_id", "a1b2", "f1b2")


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "words that look like members"])
def test_nothing_names_the_provider(shape: str, separators: tuple[str, str]) -> None:
    """Whatever the order of members and wherever extras turn up, no chunk tells who served."""
    found, chunks = relay(wire(*SHAPES[shape], separators=separators))
    assert contents(chunks) == "Hello"
    assert not [leak for leak in LEAKS if leak in json.dumps(chunks)]
    assert {c["id"] for c in chunks} == {OUR_ID}
    assert {c["model"] for c in chunks} == {"public-model"}
    assert found.end is not None
    assert found.end.kind == "done"


def test_ids_of_tool_calls_stay() -> None:
    """An id that the client must send back is never taken for the stream's own."""
    _, chunks = relay(wire(*SHAPES["empty id beside tool calls without one"]))
    assert chunks[1]["choices"][0]["delta"]["tool_calls"][0]["id"] == ""


def test_content_is_never_rewritten() -> None:
    """Text that looks like a member is text."""
    _, chunks = relay(wire(*SHAPES["words that look like members"]))
    assert contents(chunks) == '"usage":{"error":1},"id":"chatcmpl-upstream","system_fingerprint":"x"\\'


def test_bytes_besides_identity_stay() -> None:
    """Same dialect on both sides: spacing, escapes, unknown members and large numbers pass as they came."""
    head = b'data: {"id":"chatcmpl-upstream", "x":1e400,"model":"vendor/m","choices":'
    tails = [b'[{"delta":{"content":"\\u00e9\\/"},"index":0}], "pad":"%d"}\n\n' % n for n in range(3)]
    stream = StreamRelay("chat.completions", STAMP, False)
    ours = head.replace(b"chatcmpl-upstream", OUR_ID.encode()).replace(b"vendor/m", b"public-model")
    assert stream.feed(b"".join(head + tail for tail in tails)) == b"".join(ours + tail for tail in tails)


@settings(max_examples=60)
@given(st.sampled_from(sorted(SHAPES)), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.booleans(), st.data())
def test_any_split_gives_the_same_bytes(shape: str, line_end: bytes, wants_usage: bool, data: st.DataObject) -> None:
    """How the network cuts a stream changes nothing of what the client gets, nor of what is counted."""
    stream = b": ping\n\n" + wire(*SHAPES[shape])
    stream = stream.replace(b"\n", line_end)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    whole = StreamRelay("chat.completions", STAMP, wants_usage)
    pieces = StreamRelay("chat.completions", STAMP, wants_usage)
    single = StreamRelay("chat.completions", STAMP, wants_usage)
    expected = whole.feed(stream)
    assert b"".join(pieces.feed(stream[a:b]) for a, b in zip([0, *cuts], [*cuts, None], strict=True)) == expected
    assert b"".join(single.feed(bytes([byte])) for byte in stream) == expected
    for other in (pieces, single):
        assert (other.usage, other.end, other.output_tokens_estimated) == (
            whole.usage,
            whole.end,
            whole.output_tokens_estimated,
        )
        assert other.finish("1", READ) == whole.finish("1", READ)


def test_most_chunks_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar of 25 µs a chunk holds because the way with a parser is the exception."""
    calls = 0

    def counting(raw: bytes) -> Any:
        nonlocal calls
        calls += 1
        return members(raw)

    members = openai_stream.members
    monkeypatch.setattr(openai_stream, "members", counting)
    _, chunks = relay(wire(*[chunk(f"w{n}", usage=None) for n in range(100)], chunk(finish="stop"), usage_chunk()))
    assert len(chunks) == 101
    assert calls == 3


def test_usage_we_asked_for_stays_ours() -> None:
    """A client that did not ask sees neither the extra chunk nor the nulls that our asking caused."""
    found, chunks = relay(wire(*SHAPES["OpenAI"]))
    assert found.usage == READ
    assert len(chunks) == 3
    assert all("usage" not in c for c in chunks)
    assert found.finish("0.5", READ) == DONE_EVENT


def test_usage_the_client_asked_for_comes_last_with_its_cost() -> None:
    """The chunk waits for the settlement, and the end mark behind it."""
    found, chunks = relay(wire(*SHAPES["OpenAI"]), wants_usage=True)
    assert [c["usage"] for c in chunks] == [None, None, None]
    tail = found.finish("0.5", READ)
    assert tail.endswith(DONE_EVENT)
    (last,) = decoded(tail.removesuffix(DONE_EVENT))
    assert (last["id"], last["model"], last["choices"]) == (OUR_ID, "public-model", [])
    assert last["usage"] == {**USAGE, "cost": "0.5"}
    assert "system_fingerprint" not in last


@pytest.mark.parametrize(
    "chunks",
    [
        pytest.param([chunk("a", usage=USAGE), chunk(finish="stop")], id="only in a middle chunk"),
        pytest.param([chunk("a"), chunk(finish="stop", usage=USAGE)], id="in the last chunk with choices"),
        pytest.param([chunk("a"), chunk(finish="stop"), usage_chunk(), usage_chunk()], id="twice"),
        pytest.param(
            [chunk("a", usage={**USAGE, "completion_tokens": 1}), chunk(finish="stop", usage=USAGE)],
            id="running totals",
        ),
        pytest.param(
            [
                chunk("a"),
                chunk(finish="stop", usage=USAGE),
                usage_chunk(usage={"prompt_tokens": 0, "completion_tokens": 0}),
            ],
            id="zeros after it",
        ),
        pytest.param([chunk("a"), chunk(finish="stop", x_groq={"id": "r", "usage": USAGE})], id="in x_groq"),
    ],
)
@pytest.mark.parametrize("wants_usage", [False, True])
def test_usage_is_found_wherever_it_stands(chunks: list[dict[str, Any]], wants_usage: bool) -> None:
    """It counts once, the client gets content at once, and usage only where and when it may."""
    found, passed = relay(wire(*chunks), wants_usage=wants_usage)
    assert found.usage == READ
    assert contents(passed) == "a"
    assert not any(c.get("usage") for c in passed)
    tail = decoded(found.finish("0.5", READ).removesuffix(DONE_EVENT))
    assert [(c["choices"], c["usage"]["cost"], c["usage"]["completion_tokens"]) for c in tail] == (
        [([], "0.5", 3)] if wants_usage else []
    )


def test_missing_usage_is_given_from_our_count() -> None:
    """A provider without usage still leaves the client with what it was charged for."""
    found, _ = relay(wire(chunk("a"), chunk(finish="stop")), wants_usage=True)
    assert found.usage is None
    (last,) = decoded(found.finish("0.5", Usage(input_tokens=4, output_tokens=1)).removesuffix(DONE_EVENT))
    assert (last["id"], last["created"], last["object"]) == (OUR_ID, 17, "chat.completion.chunk")
    assert (last["usage"]["prompt_tokens"], last["usage"]["cost"]) == (4, "0.5")


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        (wire(chunk("a"), chunk(finish="stop")), "done"),
        (wire(chunk("a")), "done"),
        (wire(chunk("a"), chunk(finish="stop"), done=False), "done"),
        (wire(chunk("a"), chunk(finish="stop"))[:-2], "done"),
        (wire(chunk("a"), chunk(finish="stop"), done=False)[:-2], "done"),
        (wire(chunk("a"), done=False), "cut"),
        (wire(chunk("a"), chunk(finish="stop"), done=False)[:-40], "cut"),
        (b"", "cut"),
        (b": ping\n\n", "cut"),
        (b'{"error":{"message":"no stream"}}', "cut"),
    ],
)
def test_a_cut_is_no_end(stream: bytes, kind: str) -> None:
    """Only the end mark, or a reason to finish for every choice, makes a stream whole."""
    found, _ = relay(stream)
    assert found.end is not None
    assert found.end.kind == kind


def test_all_choices_must_finish() -> None:
    """With several answers the first one's end is not the stream's."""
    stream = wire(chunk("a"), chunk(finish="stop"), done=False)
    found, _ = relay(stream, answers=2)
    assert found.end is not None
    assert found.end.kind == "cut"


def test_nothing_comes_after_the_end_mark() -> None:
    """Whatever a provider appends, the client has had its whole answer."""
    found, chunks = relay(wire(chunk("a")) + wire(chunk("b")))
    assert contents(chunks) == "a"
    assert found.feed(wire(chunk("c"))) == b""


@pytest.mark.parametrize(
    "event",
    [
        b'data: {"error":{"message":"Bad sk-abcdefgh at https://x.y/z","code":400}}\n\n',
        b'event: error\ndata: {"message":"Bad","code":400}\n\n',
        wire(chunk("b", error={"message": "Bad", "code": 400}, usage=USAGE), done=False),
    ],
)
def test_errors_end_the_stream(event: bytes) -> None:
    """An error event is judged and scrubbed, never passed on, and nothing after it looks like an end."""
    found, chunks = relay(wire(chunk("a"), done=False) + event + DONE_EVENT)
    assert contents(chunks) == "a"
    assert found.end is not None
    assert found.end.kind == "error"
    assert found.provider_error is not None
    assert (found.provider_error.fault, found.provider_error.status) == ("request", 400)
    assert b"sk-" not in found.provider_error.body
    assert b"https" not in found.provider_error.body


@pytest.mark.parametrize(
    "event",
    [
        b"data: {broken\n\n",
        b"data: [1]\n\n",
        b'data: {"choices":[{"delta":{"content":"\xff"}}],"id":"x"}\n\n',
        b'data: {"error":"overloaded"}\n\n',
        wire({**chunk(), "choices": [{"delta": {}, "finish_reason": "error"}]}, done=False),
        b"data: " + b"x" * (MOST_EVENT_BYTES + 1),
    ],
)
def test_garbage_is_the_channels_fault(event: bytes) -> None:
    """Malformed, failed or endless events end the stream; before any data the next route can still serve."""
    found, _ = relay(event)
    assert found.provider_error is not None
    assert (found.provider_error.fault, found.saw_data) == ("channel", False)
    found, _ = relay(wire(chunk("a"), done=False) + event)
    assert found.end is not None
    assert (found.end.kind, found.saw_data) == ("error", True)


def test_keep_alives_are_neither_data_nor_passed_on() -> None:
    """Comments name gateways, and a first comment is not a first byte of an answer."""
    stream = StreamRelay("chat.completions", STAMP, False)
    assert stream.feed(b": ACME PROCESSING\n\ndata:\n\nretry: 5\n\n") == b""
    assert not stream.saw_data


def test_first_data_event_is_noticed() -> None:
    """After it no other route may serve; the provider's id is kept for the operator."""
    found, _ = relay(wire(chunk("a"), done=False))
    assert (found.saw_data, found.provider_id) == (True, "chatcmpl-upstream")


@pytest.mark.parametrize(
    "delta",
    [
        {"reasoning_content": "thinking about it"},
        {"reasoning": "thinking about it"},
        {"reasoning_details": [{"type": "reasoning.text", "text": "thinking about it"}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": '{"city":"Oslo"}'}}]},
        {"refusal": "I cannot do that"},
        {"content": "一二三四"},
        {"content": "words of text here"},
    ],
)
def test_no_kind_of_output_counts_as_nothing(delta: dict[str, Any]) -> None:
    """Parsed or not, reasoning and tool calls are output: about four tokens a chunk here."""
    made = [{**chunk(), "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}] * 20
    found, _ = relay(wire(*made))
    assert 60 <= found.output_tokens_estimated <= 130
    escaped = [json.loads(json.dumps(c)) for c in made]
    assert relay(wire(*escaped))[0].output_tokens_estimated == found.output_tokens_estimated


def test_completions_stream_alike() -> None:
    """The other endpoint has its own id prefix and its own place for text."""
    event = b'data: {"id":"cmpl-upstream","choices":[{"text":"some words","index":0}],"model":"vendor/m"}\n\n'
    found, chunks = relay(event * 2 + DONE_EVENT, endpoint="completions")
    assert [(c["id"], c["model"]) for c in chunks] == [(f"cmpl-{JOB.hex}", "public-model")] * 2
    assert found.output_tokens_estimated == 5


@pytest.mark.parametrize("endpoint", ["chat.completions", "completions"])
def test_a_stream_can_be_ended_as_length(endpoint: str) -> None:
    """When the hold cannot be extended, every choice that still runs ends with `length`, then comes the usual tail."""
    stream = StreamRelay(endpoint, STAMP, True, answers=2)
    stream.feed(wire(chunk("a"), chunk(finish="stop"), done=False))
    (event,) = decoded(stream.stop_as_length("The balance is used up."))
    assert [(c["index"], c["finish_reason"]) for c in event["choices"]] == [(1, "length")]
    assert event["farebox"]["note"] == "The balance is used up."
    assert stream.finish("0.1", READ).endswith(DONE_EVENT)
