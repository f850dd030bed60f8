"""OpenAI's responses passed through to a provider of the same dialect: requests, answers and streams."""

import json
from typing import Any
from uuid import UUID

import pytest

from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.dialects.openai_media import IMAGE_TOKENS
from farebox.dialects.responses_answer import read_answer, stamp_answer
from farebox.dialects.responses_relay import StreamRelay
from farebox.dialects.responses_request import parse_request, upstream_body
from farebox.dialects.scrub import Scrub
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

JOB = UUID(int=0xABCDEF)
STAMP = JobStamp(JOB, "public-model")
USAGE = {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13, "cost": 3, "is_byok": False}
RESPONSE: dict[str, Any] = {
    "id": "resp_theirs",
    "object": "response",
    "status": "completed",
    "model": "vendor/model",
    "output": [{"id": "msg_1", "type": "message", "content": [{"type": "output_text", "text": "Hello"}]}],
    "error": None,
    "billing": {"payer": "developer"},
    "safety_identifier": "hash",
    "usage": USAGE,
}


def request(**fields: Any) -> bytes:
    return json.dumps({"model": "m", "input": "hi", **fields}).encode()


def message(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "content": list(parts)}


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"store": True}, "store"),
        ({"background": True}, "background"),
        ({"previous_response_id": "resp_1"}, "previous_response_id"),
        ({"conversation": {"id": "conv_1"}}, "conversation"),
        ({"prompt": {"id": "pmpt_1"}}, "prompt"),
        ({"service_tier": "priority"}, "service_tier"),
        ({"max_tokens": 5}, "max_tokens"),
        ({"n": 2}, "n"),
        ({"Store": True}, "Store"),
        ({"max_output_tokens": "5"}, "max_output_tokens"),
        ({"input": None}, "input"),
        ({"input": ["x"]}, "input[0]"),
        ({"input": [{"type": "item_reference", "id": "rs_1"}]}, "input[0].type"),
        ({"input": [{"type": "reasoning", "id": "rs_1", "summary": []}]}, "input[0].encrypted_content"),
        ({"input": [{"type": "additional_tools", "tools": [{"type": "mcp"}]}]}, "input[0].tools[0].type"),
        ({"input": [message({"type": "input_file", "file_id": "f"})]}, "input[0].content[0].file_id"),
        ({"input": [message({"type": "input_file", "file_url": "https://a"})]}, "input[0].content[0].file_url"),
        *(
            ({"tools": [{"type": "function", "name": "f"}, {"type": hosted}]}, "tools[1].type")
            for hosted in ("web_search", "file_search", "code_interpreter", "computer", "image_generation", "mcp")
        ),
        ({"tools": [{"type": "namespace", "tools": [{"type": "web_search"}]}]}, "tools[0].tools[0].type"),
    ],
)
def test_what_has_a_price_or_a_memory_is_refused(fields: dict[str, Any], param: str) -> None:
    """Fields that cost beyond the hold or reach into state at the provider never reach it."""
    with pytest.raises(Refusal) as caught:
        parse_request(request(**fields))
    assert caught.value.param == param
    assert caught.value.status == 400


def test_the_request_passes_with_few_changes() -> None:
    """Only model, bound, end user and `store` differ at the provider; unknown fields and spacing stay."""
    raw = (
        b'{ "model":"m", "input":[{"role":"user","content":"hi"}], "new":1e400, "max_output_tokens":900,"stream":true}'
    )
    parsed = parse_request(raw)
    assert (parsed.endpoint, parsed.stream, parsed.most_output_tokens) == ("responses", True, 900)
    assert parsed.wants_stream_usage
    sent = upstream_body(parsed, upstream_model="v", most_output_tokens=50, end_user="hash")
    assert sent == (
        b'{ "model":"v", "input":[{"role":"user","content":"hi"}], "new":1e400, "max_output_tokens":50,"stream":true'
        b',"store":false,"safety_identifier":"hash"}'
    )


def test_a_bound_is_lowered_and_never_raised() -> None:
    """The client's own bound holds when it is the smaller one; without one ours is given."""
    small = parse_request(request(max_output_tokens=5))
    assert (
        json.loads(upstream_body(small, upstream_model="v", most_output_tokens=50, end_user=None))["max_output_tokens"]
        == 5
    )
    absent = parse_request(request())
    assert (
        json.loads(upstream_body(absent, upstream_model="v", most_output_tokens=50, end_user=None))["max_output_tokens"]
        == 50
    )


def test_images_have_a_bound_of_their_own() -> None:
    """The data of an image counts as an image, not as its bytes of text."""
    url = "data:image/png;base64," + "A" * 9_000
    parsed = parse_request(request(input=[message({"type": "input_image", "image_url": url})]))
    assert parsed.text.media_tokens == IMAGE_TOKENS
    assert parsed.text.ascii < 300


def test_foreign_reasoning_stays_with_us() -> None:
    """Reasoning that another dialect's provider sealed would be refused by this one, and is taken out."""
    own = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAA"}
    foreign = {"type": "reasoning", "id": "rs_2", "summary": [], "encrypted_content": "fb1.anthropic.sig"}
    parsed = parse_request(request(input=[own, foreign, message()]))
    sent = json.loads(upstream_body(parsed, upstream_model="v", most_output_tokens=None, end_user=None))
    assert sent["input"] == [own, message()]


def test_an_answer_is_stamped() -> None:
    """Identity, the operator's cost and account leave; our id, model and cost come in."""
    answer = read_answer(200, "", json.dumps(RESPONSE).encode())
    assert isinstance(answer, PlainAnswer)
    stamped = json.loads(stamp_answer(answer, STAMP, "0.1", Usage()))
    usage = {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13, "cost": "0.1"}
    expected = RESPONSE | {"id": f"resp_{JOB.hex}", "model": "public-model", "safety_identifier": None, "usage": usage}
    expected.pop("billing")
    assert stamped == expected


def test_an_answer_without_usage_is_estimated() -> None:
    """Output is counted locally where the provider reports none, and our usage is written."""
    answer = read_answer(200, "", json.dumps(RESPONSE | {"usage": None}).encode())
    assert isinstance(answer, PlainAnswer)
    assert (answer.usage, answer.estimated_output_tokens) == (None, 2)
    stamped = json.loads(stamp_answer(answer, STAMP, "0.1", Usage(5, output_tokens=2)))
    assert stamped["usage"]["total_tokens"] == 7


@pytest.mark.parametrize(
    "changes", [{"status": "failed"}, {"error": {"message": "x"}}, {"output": None}, {"status": "queued"}]
)
def test_a_response_that_is_no_answer_is_the_channels_fault(changes: dict[str, Any]) -> None:
    """A failure with status 200 leads to the next route and is never charged."""
    fault = read_answer(200, "", json.dumps(RESPONSE | changes).encode())
    assert isinstance(fault, ProviderFault)
    assert fault.fault == "channel"


def event(kind: str, **members: Any) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (
        kind.encode(),
        json.dumps({"type": kind, **members}, separators=(",", ":")).encode(),
    )


def opening() -> list[bytes]:
    begun = RESPONSE | {"status": "in_progress", "output": [], "usage": None}
    item = {"id": "msg_1", "type": "message", "status": "in_progress", "role": "assistant", "content": []}
    part = {"type": "output_text", "text": "", "annotations": []}
    return [
        event("response.created", sequence_number=0, response=begun),
        event("response.output_item.added", sequence_number=1, output_index=0, item=item),
        event("response.content_part.added", sequence_number=2, output_index=0, content_index=0, part=part),
        *(
            event("response.output_text.delta", sequence_number=3 + number, output_index=0, content_index=0, delta=word)
            for number, word in enumerate(["Hel", 'lo "you"'])
        ),
    ]


def decoded(stream: bytes) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in stream.decode().splitlines() if line.startswith("data: ")]


def test_the_last_event_waits_for_the_settlement() -> None:
    """Deltas pass byte for byte; the event with the usage comes with `finish`, stamped, and no end mark follows."""
    relay = StreamRelay(STAMP)
    last = event("response.completed", sequence_number=5, response=RESPONSE)
    out = b"".join(relay.feed(piece) for piece in [*opening(), last, b"data: [DONE]\n\n"])
    assert out.endswith(b"".join(opening()[1:]))
    assert b"theirs" not in out
    assert relay.end is not None
    assert (relay.end.kind, relay.provider_id) == ("done", "resp_theirs")
    assert relay.usage == Usage(9, output_tokens=4)
    (final,) = decoded(relay.finish("0.1", relay.usage))
    assert final["sequence_number"] == 5
    assert final["response"]["usage"] == {"input_tokens": 9, "output_tokens": 4, "total_tokens": 13, "cost": "0.1"}


def test_a_stream_stopped_by_us_ends_as_incomplete() -> None:
    """What is open is closed with what was said, and the last event names the output bound and the usage."""
    relay = StreamRelay(STAMP)
    relay.feed(b"".join(opening()))
    events = decoded(relay.stop_as_length("credit used up") + relay.finish("0.1", Usage(9, output_tokens=3)))
    assert [entry["type"].removeprefix("response.") for entry in events] == [
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "incomplete",
    ]
    assert [entry["sequence_number"] for entry in events] == [5, 6, 7, 8]
    assert events[0]["text"] == 'Hello "you"'
    last = events[-1]["response"]
    assert (last["status"], last["incomplete_details"]) == ("incomplete", {"reason": "max_output_tokens"})
    assert last["output"][0]["content"][0]["text"] == 'Hello "you"'
    assert last["usage"]["cost"] == "0.1"
    assert last["farebox"] == {"note": "credit used up"}


@pytest.mark.parametrize(
    "last",
    [
        event(
            "response.failed",
            response=RESPONSE | {"status": "failed", "error": {"code": "server_error", "message": "x"}},
        ),
        event("error", code="server_error", message="org-12345678 is out of money"),
        event("error", error={"code": "rate_limit_exceeded", "message": "slow down"}),
        b"data: {broken\n\n",
        b'data: {"type":"response.completed","response":{"id":"a","id":"b"}}\n\n',
    ],
)
def test_a_failure_midway_never_looks_like_an_end(last: bytes) -> None:
    """A provider's failure ends the stream with our own error, in both shapes that clients look for."""
    relay = StreamRelay(STAMP, scrub=Scrub("public-model", "vendor/model"))
    relay.feed(b"".join(opening()))
    assert relay.feed(last) == b""
    assert relay.end is not None
    assert relay.end.kind == "error"
    assert relay.provider_error is not None
    events = decoded(relay.fail(Refusal("provider_error", "The provider failed."), JOB))
    assert [entry["type"] for entry in events] == ["error", "response.failed"]
    assert events[0]["error"]["code"] == "provider_error"
    assert events[1]["response"]["error"] == {"code": "provider_error", "message": "The provider failed."}


def test_a_stream_without_its_last_event_is_cut() -> None:
    """The end of the bytes alone is no end."""
    relay = StreamRelay(STAMP)
    relay.feed(b"".join(opening()))
    relay.end_of_input()
    assert relay.end is not None
    assert relay.end.kind == "cut"
    assert relay.output_tokens_estimated > 0
