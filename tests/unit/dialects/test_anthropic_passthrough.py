"""Anthropic's messages pass through: billed and stateful fields judged, bytes untouched but for identity and usage."""

import itertools
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farebox.dialects.anthropic_answer import read_answer, stamp_answer
from farebox.dialects.anthropic_errors import judge_error, write_error
from farebox.dialects.anthropic_relay import AnthropicRelay
from farebox.dialects.anthropic_request import parse_request, upstream_body
from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

RECORDINGS = Path(__file__).parents[4] / "shared" / "recordings" / "anthropic-messages.jsonl"
JOB = UUID(int=0xABC)
STAMP = JobStamp(JOB, "public-model")
recorded_traffic = pytest.mark.skipif(not RECORDINGS.is_file(), reason="the recorded traffic is not here")
USER = {"role": "user", "content": "hi"}
REQUEST = {"model": "m", "max_tokens": 100, "messages": [USER]}


def parse(**fields: Any) -> Any:
    return parse_request(json.dumps(REQUEST | fields).encode())


def image(**source: Any) -> dict[str, Any]:
    return {"role": "user", "content": [{"type": "image", "source": source}]}


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"max_tokens": None}, "max_tokens"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"model": ""}, "model"),
        ({"messages": []}, "messages"),
        ({"service_tier": "priority"}, "service_tier"),
        ({"Service_Tier": "auto"}, "Service_Tier"),
        ({"speed": "fast"}, "speed"),
        ({"inference_geo": "us"}, "inference_geo"),
        ({"mcp_servers": [{"url": "https://a.example"}]}, "mcp_servers"),
        ({"container": "container_1"}, "container"),
        ({"context_management": {"edits": [{"type": "compact_20260112"}]}}, "context_management.edits[0]"),
        ({"tools": [{"type": "web_search_20250305", "name": "s"}]}, "tools[0]"),
        ({"tools": [{"name": "mine"}, {"type": "code_execution_20250522"}]}, "tools[1]"),
        ({"cache_control": {"type": "ephemeral", "ttl": "1h"}}, "cache_control.ttl"),
        (
            {"system": [{"type": "text", "text": "s", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]},
            "system[0].cache_control.ttl",
        ),
        ({"messages": [image(type="file", file_id="f")]}, "messages[0].content[0].source.file_id"),
        (
            {"messages": [{"role": "user", "content": [{"type": "container_upload", "file_id": "f"}]}]},
            "messages[0].content[0].file_id",
        ),
        ({"betas": ["x"]}, "betas"),
    ],
)
def test_what_costs_more_or_lives_at_the_provider_is_refused(fields: dict[str, Any], param: str) -> None:
    """Each billable or stateful field is bounded or refused under its name; none slips through unpriced."""
    with pytest.raises(Refusal) as caught:
        parse(**fields)
    assert (caught.value.status, caught.value.param) == (400, param)


def test_client_tools_and_free_edits_pass() -> None:
    """Tools that the client runs, clearing of old content and five-minute caches have no price of their own."""
    parsed = parse(
        tools=[{"name": "a", "input_schema": {}}, {"type": "bash_20250124", "name": "bash"}],
        context_management={"edits": [{"type": "clear_tool_uses_20250919"}]},
        cache_control={"type": "ephemeral", "ttl": "5m"},
        service_tier="auto",
        metadata={"user_id": "u", "other": 1},
        future_field={"x": 1},
    )
    body = json.loads(upstream_body(parsed, upstream_model="claude", most_output_tokens=40, end_user="hash"))
    assert (body["model"], body["max_tokens"]) == ("claude", 40)
    assert body["metadata"] == {"user_id": "hash", "other": 1}
    assert body["future_field"] == {"x": 1}


def test_media_have_bounds_of_their_own() -> None:
    """An image is not counted by its bytes, also inside a tool's result, and a linked document by the window alone."""
    data = "QUJD" * 5_000
    direct = parse(messages=[image(type="base64", media_type="image/png", data=data)])
    nested = {"type": "tool_result", "tool_use_id": "t", "content": image(type="base64", data=data)["content"]}
    inside = parse(messages=[{"role": "user", "content": [nested]}])
    for parsed in (direct, inside):
        assert parsed.text.media_tokens == 4_784
        assert parsed.text.ascii < 1_000
    linked = {"type": "document", "source": {"type": "url", "url": "https://a.example/b.pdf"}}
    assert parse(messages=[{"role": "user", "content": [linked]}]).text.media_tokens == 1_000_000


def test_count_tokens_needs_no_bound() -> None:
    """A request to count tokens has no output."""
    parsed = parse_request(json.dumps({"model": "m", "messages": [USER]}).encode(), is_count=True)
    assert parsed.most_output_tokens is None


@recorded_traffic
def test_recorded_answers_pass_unchanged() -> None:
    """Every recorded answer keeps all but its identity and what tells where it was served; its usage is inclusive."""
    seen = 0
    for row in map(json.loads, RECORDINGS.read_text().splitlines()):
        body = row["response"].get("json")
        if row["status"] != 200 or not isinstance(body, dict):
            continue
        answer = read_answer(200, "application/json", json.dumps(body).encode())
        assert isinstance(answer, PlainAnswer)
        assert answer.usage is not None
        reported = body["usage"]
        parts = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
        assert answer.usage.input_tokens == sum(reported.get(name) or 0 for name in parts)
        assert answer.usage.output_tokens == reported["output_tokens"]
        stamped = json.loads(stamp_answer(answer, STAMP, "0.5", answer.usage))
        usage = {name: value for name, value in reported.items() if name != "inference_geo"} | {"cost": "0.5"}
        changed = {"id": f"msg_{JOB.hex}", "model": "public-model", "usage": usage}
        expected = body | changed
        expected.pop("container", None)
        assert stamped == expected
        seen += 1
    assert seen > 100


@recorded_traffic
def test_recorded_requests_pass_or_are_refused_by_name() -> None:
    """Every recorded request goes out with nothing but its model changed, or is refused with the name of a field."""
    passed, params = 0, []
    for row in map(json.loads, RECORDINGS.read_text().splitlines()):
        try:
            parsed = parse_request(json.dumps(row["request"]).encode())
        except Refusal as refusal:
            params.append(refusal.param)
            continue
        sent = upstream_body(parsed, upstream_model="v", most_output_tokens=None, end_user=None)
        assert json.loads(sent) == row["request"] | {"model": "v"}
        passed += 1
    assert passed > 80
    assert all(params)


@recorded_traffic
def test_recorded_streams_pass_however_split() -> None:
    """A relayed stream has the provider's events with our identity; usage and end come only with `finish`."""
    for row in map(json.loads, RECORDINGS.read_text().splitlines()):
        if not row["stream"]:
            continue
        raw = row["response"]["text"].encode()
        whole = AnthropicRelay(STAMP)
        out = whole.feed(raw)
        assert whole.end is not None
        assert whole.end.kind == "done"
        by_byte = AnthropicRelay(STAMP)
        assert b"".join(by_byte.feed(bytes([byte])) for byte in raw) == out
        assert b"message_delta" not in out
        assert b"message_stop" not in out
        assert whole.usage is not None
        assert whole.usage == by_byte.usage
        assert whole.output_tokens_estimated > 0
        assert whole.provider_id is not None
        out += whole.finish("0.5", whole.usage)
        theirs, ours = events(raw), events(out)
        assert [event["type"] for event in ours] == [event["type"] for event in theirs]
        assert [e for e in ours if e["type"].startswith("content")] == [
            e for e in theirs if e["type"].startswith("content")
        ]
        assert ours[0]["message"]["id"] == f"msg_{JOB.hex}"
        assert ours[0]["message"]["model"] == "public-model"
        assert ours[-2]["usage"]["cost"] == "0.5"
        assert whole.provider_id not in out.decode()


def events(raw: bytes) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in raw.split(b"\n") if line.startswith(b"data: ")]


STREAM = b"".join(
    b"event: %b\ndata: %b\n\n" % (event["type"].encode(), json.dumps(event).encode())
    for event in (
        {
            "type": "message_start",
            "message": {
                "id": "msg_theirs_0123456789",
                "model": "claude",
                "usage": {"input_tokens": 9, "output_tokens": 1},
            },
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hällo"}},
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 5, "cache_read_input_tokens": 3},
        },
        {"type": "message_stop"},
    )
)


@settings(max_examples=100, deadline=None)
@given(cuts=st.lists(st.integers(0, len(STREAM)), max_size=8), line_end=st.sampled_from([b"\n", b"\r\n", b"\r"]))
def test_streams_relay_the_same_however_split(cuts: list[int], line_end: bytes) -> None:
    """Neither chunks nor line ends change what the client gets."""
    whole = AnthropicRelay(STAMP)
    expected = whole.feed(STREAM)
    raw = STREAM.replace(b"\n", line_end)
    relay = AnthropicRelay(STAMP)
    places = [0, *sorted(cut * len(raw) // len(STREAM) for cut in cuts), len(raw)]
    out = b"".join(relay.feed(raw[start:end]) for start, end in itertools.pairwise(places))
    out += relay.end_of_input()
    assert out == expected
    assert relay.usage == Usage(input_tokens=12, cached_input_tokens=3, output_tokens=5)
    assert relay.end is not None
    assert relay.end.kind == "done"


def test_a_start_without_counts_gets_counts_of_nothing() -> None:
    """The official client adds later counts to those of the first event, and fails where it has none."""
    relay = AnthropicRelay(STAMP)
    start = b'event: message_start\ndata: {"type":"message_start","message":{"id":"x","model":"up","content":[]}}\n\n'
    told = json.loads(relay.feed(start).partition(b"data: ")[2])
    assert told["message"]["usage"]["input_tokens"] == told["message"]["usage"]["output_tokens"] == 0
    assert relay.usage is None


def test_a_cut_stream_never_ends_like_a_clean_one() -> None:
    """Without message_stop a stream counts as cut, whatever it said before."""
    relay = AnthropicRelay(STAMP)
    relay.feed(STREAM[: STREAM.index(b"event: message_stop")])
    assert relay.end is None
    relay.end_of_input()
    assert relay.end is not None
    assert relay.end.kind == "cut"


def test_a_stream_that_must_stop_ends_as_max_tokens() -> None:
    """A refused extension closes the open block and ends the message with the reason that agents understand."""
    relay = AnthropicRelay(STAMP)
    out = relay.feed(STREAM[: STREAM.index(b"event: content_block_stop")])
    out += relay.stop_as_length("no credit")
    out += relay.finish("0.1", Usage(input_tokens=9, output_tokens=2))
    told = events(out)
    assert [event["type"] for event in told[-3:]] == ["content_block_stop", "message_delta", "message_stop"]
    assert told[-2]["delta"]["stop_reason"] == "max_tokens"
    assert told[-2]["usage"]["output_tokens"] == 2


def test_errors_are_judged_and_scrubbed() -> None:
    """The client's own mistakes pass without names; what is the channel's fault does not."""

    def judged(status: int, kind: str, message: str) -> ProviderFault:
        body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_0123456789"}
        return judge_error(status, ((b"retry-after", b"3"),), json.dumps(body).encode())

    mistake = judged(400, "invalid_request_error", "messages: write to support@anthropic.com, req_0123456789")
    assert mistake.fault == "request"
    shown = json.loads(mistake.body)
    assert shown["type"] == "error"
    assert shown["error"]["type"] == "invalid_request_error"
    assert "req_" not in mistake.body.decode()
    assert "anthropic" not in mistake.body.decode().lower()
    for status, kind in ((401, "authentication_error"), (429, "rate_limit_error"), (529, "overloaded_error")):
        fault = judged(status, kind, "no")
        assert (fault.fault, fault.body, fault.retry_after_s) == ("channel", b"", 3)
    money = judged(400, "invalid_request_error", "Your credit balance is too low to access the API.")
    assert money.fault == "channel"


def test_an_error_event_in_a_stream() -> None:
    """An error event ends the stream as an error and never reaches the client as it came."""
    relay = AnthropicRelay(STAMP)
    error = b'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n'
    assert relay.feed(error) == b""
    assert relay.end is not None
    assert relay.end.kind == "error"
    assert relay.provider_error is not None
    assert relay.provider_error.fault == "channel"


def test_refusals_have_the_dialects_shape() -> None:
    """A refusal of ours has a type that the SDK knows, the stable code, the field and the job."""
    error = json.loads(write_error(Refusal("insufficient_credits", "Recharge.", extra={"required": "2"}), JOB))
    assert error["type"] == "error"
    assert error["error"]["type"] == "billing_error"
    assert error["error"]["code"] == "insufficient_credits"
    assert error["error"]["required"] == "2"
    assert error["error"]["job_id"] == str(JOB)


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"type":"error"}', b'{"type":"message"}', b'{"error":{}}'])
def test_what_is_no_message_is_a_fault_of_the_channel(body: bytes) -> None:
    """A 200 that holds no answer is not given to the customer, nor charged."""
    fault = read_answer(200, "application/json", body)
    assert isinstance(fault, ProviderFault)
    assert fault.fault == "channel"
