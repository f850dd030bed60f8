"""Streams of Gemini passed through: every chunk is ours, usage is seen, a cut is never taken for an end."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farebox.dialects import gemini_codec, gemini_stream
from farebox.dialects.exchange import JobStamp
from farebox.dialects.gemini_frames import FrameSplitter
from farebox.dialects.gemini_stream import StreamRelay
from farebox.dialects.reply import Ended, Failed
from farebox.dialects.sse import MOST_EVENT_BYTES
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

JOB = UUID("01890000-0000-7000-8000-00000000abcd")
STAMP = JobStamp(JOB, "public-model")
COUNTS = {"promptTokenCount": 7, "candidatesTokenCount": 3, "totalTokenCount": 14, "thoughtsTokenCount": 4}
READ = Usage(input_tokens=7, output_tokens=7, reasoning_tokens=4)


def chunk(*parts: Any, finish: str | None = None, index: int = 0, **fields: Any) -> dict[str, Any]:
    content = {"parts": [{"text": p} if isinstance(p, str) else p for p in parts], "role": "model"}
    candidate = {"content": content, "index": index} | ({} if finish is None else {"finishReason": finish})
    identity = {"modelVersion": "vendor-m-001", "responseId": "upstreamId"}
    return {"candidates": [candidate], "usageMetadata": COUNTS, **identity, **fields}


def wire(*chunks: Any, line_end: bytes = b"\r\n") -> bytes:
    return b"".join(b"data: " + json.dumps(c).encode() + line_end * 2 for c in chunks)


def decoded(out: bytes) -> list[dict[str, Any]]:
    events = out.split(b"\r\n\r\n")
    assert events.pop() == b""
    return [json.loads(event.removeprefix(b"data: ")) for event in events]


def relayed(stream: bytes, **options: Any) -> tuple[StreamRelay, list[dict[str, Any]]]:
    relay = StreamRelay(STAMP, **options)
    return relay, decoded(relay.feed(stream) + relay.end_of_input())


WORDS = {"functionCall": {"name": "f", "args": {"usageMetadata": 1, "error": "no", "finishReason": "STOP"}}}
SHAPES = {
    "AI Studio": [chunk("Hel"), chunk("lo"), chunk("", finish="STOP")],
    "Vertex": [
        chunk("Hel", usageMetadata={"trafficType": "ON_DEMAND"}, createTime="2026"),
        chunk("lo", usageMetadata={"trafficType": "ON_DEMAND"}, createTime="2026"),
        chunk(finish="STOP", usageMetadata=COUNTS | {"trafficType": "ON_DEMAND"}, createTime="2026"),
    ],
    "identity first": [dict(reversed(list(c.items()))) for c in (chunk("Hel"), chunk("lo"), chunk(finish="STOP"))],
    "another identity in each": [
        chunk("Hel"),
        chunk("lo", responseId="upstreamOther", modelVersion="vendor-2"),
        chunk(finish="MAX_TOKENS", modelStatus={"message": "vendor"}),
    ],
    "a model's words": [chunk("Hel"), chunk(WORDS), chunk("lo"), chunk(finish="STOP")],
    "chunks after the end": [chunk("Hel"), chunk("lo", finish="STOP"), chunk(), {"usageMetadata": COUNTS}],
    "several candidates": [chunk("Hel"), chunk("x", finish="STOP", index=1), chunk("lo"), chunk(finish="STOP")],
}
LEAKS = ("upstream", "vendor", "ON_DEMAND", "createTime")


def texts(chunks: list[dict[str, Any]], index: int = 0) -> str:
    candidates = [c for found in chunks for c in found.get("candidates", []) if c["index"] == index]
    return "".join(p.get("text", "") for c in candidates for p in c["content"]["parts"])


@pytest.mark.parametrize("form", ["sse", "array"])
@pytest.mark.parametrize("shape", SHAPES)
def test_nothing_names_the_provider(shape: str, form: Any) -> None:
    """Whatever the order of members and whatever a server adds, no chunk tells who served, in either form."""
    answers = 2 if shape == "several candidates" else 1
    relay = StreamRelay(STAMP, form=form, answers=answers)
    out = relay.feed(wire(*SHAPES[shape])) + relay.end_of_input()
    assert relay.end is not None
    assert relay.end.kind == "done"
    assert relay.usage == READ
    out += relay.finish("0.5", READ)
    chunks = json.loads(out) if form == "array" else decoded(out)
    assert texts(chunks) == "Hello"
    assert not [leak for leak in LEAKS if leak in json.dumps(chunks)]
    assert {c["responseId"] for c in chunks if "responseId" in c} == {JOB.hex}
    assert {c["modelVersion"] for c in chunks if "modelVersion" in c} == {"public-model"}
    assert [c["usageMetadata"].get("cost") for c in chunks] == [None] * (len(chunks) - 1) + ["0.5"]
    assert len(chunks) == len(SHAPES[shape])


@settings(max_examples=60)
@given(st.sampled_from(sorted(SHAPES)), st.sampled_from(["sse", "array"]), st.sampled_from([1, 2, 3]), st.data())
def test_any_split_gives_the_same_bytes(shape: str, form: Any, kind: int, data: st.DataObject) -> None:
    """How the network cuts a stream changes nothing, be it events (with any line end) or a growing array."""
    stream = b": ping\n\n" + wire(*SHAPES[shape], line_end=b"\n" if kind == 1 else b"\r\n")
    if kind == 3:
        stream = json.dumps(SHAPES[shape], indent=1).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    relays = [StreamRelay(STAMP, form=form) for _ in range(3)]
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    splits = [[stream], pieces, [bytes([byte]) for byte in stream]]
    outs = [b"".join(map(r.feed, split)) + r.end_of_input() for r, split in zip(relays, splits, strict=True)]
    assert outs[0] == outs[1] == outs[2]
    assert len({(r.usage, r.end, r.output_tokens_estimated) for r in relays}) == 1
    assert len({r.finish("1", READ) for r in relays}) == 1


def test_bytes_besides_identity_stay() -> None:
    """Same dialect on both sides: spacing, escapes, unknown members and large numbers pass as they came."""
    chunks = [
        b'data: {"candidates": [{"content": {"parts": [{"text": "\\u00e9\\/%d"}]},"x":1e400}],"usageMetadata": {"a": 1}'
        b',"modelVersion": "vendor","responseId": "up","pad":  [%d]}\r\n\r\n' % (n, n)
        for n in range(3)
    ]
    ours = [c.replace(b'"vendor"', b'"public-model"').replace(b'"up"', b'"%b"' % JOB.hex.encode()) for c in chunks]
    relay = StreamRelay(STAMP)
    assert b"".join(map(relay.feed, chunks)) == b"".join(ours)


def test_most_chunks_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bar of 25 µs a chunk holds because the way with a parser is the exception."""
    calls = 0

    def counting(raw: bytes) -> Any:
        nonlocal calls
        calls += 1
        return members(raw)

    members = gemini_stream.members
    monkeypatch.setattr(gemini_stream, "members", counting)
    _, chunks = relayed(wire(*[chunk(f"w{n}") for n in range(100)], chunk(finish="STOP")))
    assert len(chunks) == 100
    assert calls == 2


def test_the_last_chunk_waits_for_the_settlement() -> None:
    """Nobody sees an end before it is charged; the provider's own counts stay beside the cost."""
    relay, chunks = relayed(wire(chunk("a"), chunk("b", finish="STOP")))
    assert texts(chunks) == "a"
    (last,) = decoded(relay.finish("0.5", Usage(input_tokens=1)))
    assert texts([last]) == "b"
    assert last["usageMetadata"] == COUNTS | {"cost": "0.5"}
    assert relay.provider_id == "upstreamId"


def test_missing_usage_is_given_from_our_count() -> None:
    """A provider without usage still leaves the client with what it was charged for."""
    bare = {"candidates": [{"content": {"parts": [{"text": "four words or so"}]}, "finishReason": "STOP"}]}
    relay, _ = relayed(wire(bare))
    assert relay.usage is None
    assert relay.output_tokens_estimated == 4
    (last,) = decoded(relay.finish("0.5", Usage(input_tokens=2, output_tokens=4)))
    assert last["usageMetadata"] == {
        "promptTokenCount": 2,
        "candidatesTokenCount": 4,
        "totalTokenCount": 6,
        "cost": "0.5",
    }


def test_hidden_thinking_counts_while_it_runs() -> None:
    """A model that thinks unseen uses up its hold: the running count tells what the bytes do not."""
    relay, _ = relayed(wire(chunk("a", usageMetadata=COUNTS | {"thoughtsTokenCount": 900})))
    assert relay.output_tokens_estimated == 903


def test_calls_count_as_output() -> None:
    """Output that is nothing but a call is not zero."""
    relay, _ = relayed(wire(chunk({"functionCall": {"name": "f", "args": {"a": "b" * 400}}}, usageMetadata={})))
    assert relay.output_tokens_estimated > 100


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        (wire(chunk("a"), chunk(finish="STOP")), "done"),
        (wire(chunk("a"), chunk(finish="STOP"))[:-4], "done"),
        (wire({"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": COUNTS}), "done"),
        (wire(chunk("a")), "cut"),
        (wire(chunk("a"), chunk(finish="STOP"))[:-30], "cut"),
        (wire(chunk("a"), chunk("b", finish="STOP", index=1)), "cut"),
        (b"", "cut"),
        (b": ping\r\n\r\n", "cut"),
        (wire(chunk("a")) + b'{\n "error": {\n "code": 503,\n "message": "m"}\n}\n', "error"),
        (wire(chunk("a"), {"error": {"code": 500}}), "error"),
        (wire(chunk("a")) + b"data: {\r\n\r\n", "error"),
        (wire(chunk("a")) + b"data: \xff{}\r\n\r\n", "error"),
        (wire(chunk("a"), {"candidates": 5}), "error"),
        (wire(chunk("a")) + b"data: " + b"x" * (MOST_EVENT_BYTES + 1), "error"),
    ],
)
def test_a_cut_is_no_end(stream: bytes, kind: str) -> None:
    """Only a reason to finish of every candidate makes a stream whole; the reader of events judges alike."""
    relay = StreamRelay(STAMP)
    relay.feed(stream)
    relay.end_of_input()
    assert relay.end is not None
    assert relay.end.kind == kind
    reader = gemini_codec.stream_reader()
    events = reader.feed(stream) + reader.end_of_input()
    last = events[-1] if events else None
    assert (isinstance(last, Ended), isinstance(last, Failed)) == (kind == "done", kind == "error")
    assert reader.feed(wire(chunk("late"))) == [] or kind == "cut"


def test_a_refused_extension_ends_as_length() -> None:
    """The client sees why it ended, with what it is charged for; candidates that had ended stay as they are."""
    for form in ("sse", "array"):
        relay = StreamRelay(STAMP, form=form, answers=2)  # type: ignore[arg-type]
        out = relay.feed(wire(chunk("a"), chunk("b", finish="STOP", index=1)))
        out += relay.stop_as_length("credit is used up") + relay.finish("0.1", Usage(input_tokens=1, output_tokens=2))
        last = (json.loads(out) if form == "array" else decoded(out))[-1]
        assert [(c["index"], c["finishReason"]) for c in last["candidates"]] == [(0, "MAX_TOKENS")]
        assert last["candidates"][0]["finishMessage"] == "credit is used up"
        assert last["usageMetadata"]["cost"] == "0.1"


def test_errors_midway_stand_where_sdks_look() -> None:
    """Google's SDKs take a bare object between events for an error; in an array it is the last entry."""
    refusal = Refusal("provider_error", "It broke.")
    relay = StreamRelay(STAMP)
    relay.feed(wire(chunk("a")))
    assert relay.fail(refusal, JOB).startswith(b'{"error":')
    relay = StreamRelay(STAMP, form="array")
    out = relay.feed(wire(chunk("a"))) + relay.fail(refusal, JOB)
    assert json.loads(out)[-1]["error"]["code"] == 502


def test_frames_are_bounded() -> None:
    """A giant object ends the stream in either form, however it arrives; those before it are given."""
    for stream in (b'[{"a":1},{"b":"' + b"x" * 100, b'data: {"a":1}\n\ndata: {"b":"' + b"x" * 100):
        for size in (1, 7, 1000):
            splitter = FrameSplitter(most_bytes=50)
            found = [f for at in range(0, len(stream), size) for f in splitter.feed(stream[at : at + size])]
            assert (found, splitter.is_too_large) == ([b'{"a":1}'], True)
