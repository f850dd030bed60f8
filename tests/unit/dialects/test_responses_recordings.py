"""Recorded traffic of OpenAI's responses: passed through unchanged but for the stamps, and read into conversations."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.support.gathering import gather

from farebox.dialects import responses_codec
from farebox.dialects.conversation import Reasoning, Text, ToolCall
from farebox.dialects.exchange import JobStamp, PlainAnswer
from farebox.dialects.openai_errors import judge_error
from farebox.dialects.openai_extras import EVERY
from farebox.dialects.reply import Answer, Ended, Failed
from farebox.dialects.responses_answer import RESPONSE_EXTRAS, read_answer, stamp_answer
from farebox.dialects.responses_relay import StreamRelay
from farebox.dialects.responses_request import parse_request, upstream_body
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

RECORDED = Path(__file__).parents[4] / "shared" / "recordings" / "openai-responses.jsonl"
JOB = UUID(int=0xABCDEF)
STAMP = JobStamp(JOB, "public-model")

pytestmark = pytest.mark.skipif(not RECORDED.is_file(), reason="the recorded traffic is not here")


def recorded() -> Iterator[dict[str, Any]]:
    for line in RECORDED.read_text().splitlines():
        yield json.loads(line)


def answers() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(row, response) of plain answers that are answers: those in background are only queued."""
    for row in recorded():
        body = row["response"].get("json")
        if row["status"] == 200 and body is not None and body["status"] != "queued":
            yield row, body


def streams() -> Iterator[tuple[dict[str, Any], str]]:
    for row in recorded():
        if "data: " in row["response"].get("text", ""):
            yield row, row["response"]["text"]


def expected(body: dict[str, Any], cost: str | None) -> dict[str, Any]:
    """The response as it must arrive."""
    kept = {name: value for name, value in body.items() if name not in RESPONSE_EXTRAS}
    kept |= {"id": f"resp_{JOB.hex}", "model": "public-model"}
    kept |= {name: None for name in ("user", "safety_identifier") if name in kept}
    if kept.get("usage") is not None:
        usage = {name: value for name, value in kept["usage"].items() if name not in EVERY.usage}
        kept["usage"] = usage if cost is None else {**usage, "cost": cost}
    return kept


def events_of(stream: str) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: {")]


def test_requests_pass_but_for_model_and_store() -> None:
    """Every recorded request is refused by a field's name or goes out with its model changed and `store` false."""
    passed = 0
    refused: list[str | None] = []
    for row in recorded():
        try:
            parsed = parse_request(json.dumps(row["request"]).encode())
        except Refusal as refusal:
            refused.append(refusal.param)
            continue
        sent = upstream_body(parsed, upstream_model="v", most_output_tokens=None, end_user=None)
        assert json.loads(sent) == {**row["request"], "model": "v", "store": False}
        passed += 1
    assert passed >= 80
    assert None not in refused


def test_requests_are_read() -> None:
    """Every recorded request becomes a conversation with all its words and tools, or is refused by a field's name."""
    read = 0
    refused: list[str | None] = []
    for row in recorded():
        try:
            conversation = responses_codec.read_request(json.dumps(row["request"]).encode())
        except Refusal as refusal:
            refused.append(refusal.param)
            continue
        assert len(conversation.tools) == len(row["request"].get("tools") or [])
        told = row["request"]["input"]
        calls = [item for item in told if isinstance(item, dict) and item.get("type") == "function_call"]
        parts = [part for message in conversation.messages for part in message.parts]
        assert len([part for part in parts if isinstance(part, ToolCall)]) == len(calls)
        words = [item["content"] for item in told if isinstance(item, dict) and isinstance(item.get("content"), str)]
        said = [part.text for part in (*conversation.system, *parts) if isinstance(part, Text)]
        assert set(words) <= set(said)
        read += 1
    assert read >= 45
    assert None not in refused


def test_plain_answers_keep_everything_else() -> None:
    """Every recorded answer reports usage that we read, and keeps all that the client may have."""
    seen = 0
    for row, body in answers():
        answer = read_answer(200, "application/json", json.dumps(body, indent=1).encode())
        assert isinstance(answer, PlainAnswer), row["name"]
        assert answer.usage is not None, row["name"]
        assert answer.usage.input_tokens == body["usage"]["input_tokens"]
        assert answer.usage.output_tokens == body["usage"]["output_tokens"]
        assert json.loads(stamp_answer(answer, STAMP, "0.25", Usage())) == expected(body, "0.25"), row["name"]
        seen += 1
    assert seen >= 85


def check_answer(answer: Answer, body: dict[str, Any], name: str) -> None:
    """The texts, tool calls, sealed reasoning, stop reason and usage of a recorded response are in the answer."""
    (choice,) = answer.choices
    items = body["output"]
    content = [part for item in items if item["type"] == "message" for part in item["content"]]
    texts = [part["text"] for part in content if part["type"] == "output_text" and part["text"]]
    assert [part.text for part in choice.parts if isinstance(part, Text)] == texts, name
    calls = [(item["call_id"], item["name"], item["arguments"]) for item in items if item["type"] == "function_call"]
    said = [(part.id, part.name, part.arguments_json) for part in choice.parts if isinstance(part, ToolCall)]
    assert said == calls, name
    sealed = [item["encrypted_content"] for item in items if item.get("encrypted_content")]
    thoughts = [part.sealed.value for part in choice.parts if isinstance(part, Reasoning) and part.sealed]
    assert thoughts == sealed, name
    assert choice.stop is not None
    assert choice.stop.reason == ("tool_calls" if calls else "end")
    assert answer.usage is not None
    assert answer.usage.input_tokens == body["usage"]["input_tokens"]
    assert answer.usage.output_tokens == body["usage"]["output_tokens"]
    assert answer.usage.cached_input_tokens == body["usage"]["input_tokens_details"]["cached_tokens"]
    assert answer.usage.reasoning_tokens == body["usage"]["output_tokens_details"]["reasoning_tokens"]


def test_plain_answers_are_read() -> None:
    """Every recorded answer is read with text, tool calls, reasoning, stop reason and usage."""
    for row, body in answers():
        answer = responses_codec.read_answer(200, "application/json", json.dumps(body).encode())
        assert isinstance(answer, Answer), row["name"]
        check_answer(answer, body, row["name"])


def test_streams_are_read() -> None:
    """Every recorded stream is read like its last event, which holds the whole response."""
    seen = 0
    for row, text in streams():
        reader = responses_codec.stream_reader()
        events = reader.feed(text.encode()) + reader.end_of_input()
        assert isinstance(events[-1], Ended), row["name"]
        whole = next(event["response"] for event in events_of(text) if event["type"] == "response.completed")
        # What is sealed is sealed anew in each event; the end of the item counts.
        whole["output"] = [event["item"] for event in events_of(text) if event["type"] == "response.output_item.done"]
        gathered = gather(events)
        check_answer(gathered, whole, row["name"])
        plain = responses_codec.read_answer(200, "application/json", json.dumps(whole).encode())
        assert isinstance(plain, Answer)
        kept = [part for part in gathered.choices[0].parts if isinstance(part, Text | ToolCall | Reasoning)]
        assert kept == [part for part in plain.choices[0].parts if isinstance(part, Text | ToolCall | Reasoning)]
        seen += 1
    assert seen >= 10


def test_streams_keep_everything_else() -> None:
    """Every recorded stream gives the same events, stamped, however it is split; the last comes with the cost."""
    for row, text in streams():
        relay, stream = StreamRelay(STAMP), text.encode()
        out = b"".join(relay.feed(stream[at : at + 7]) for at in range(0, len(stream), 7)) + relay.end_of_input()
        whole = StreamRelay(STAMP)
        assert whole.feed(stream) + whole.end_of_input() == out
        assert relay.end is not None
        assert relay.end.kind == "done"
        assert relay.usage is not None
        has_words = ".delta" in text
        assert (relay.output_tokens_estimated > 0) == has_words
        got = events_of((out + relay.finish("0.25", relay.usage)).decode())
        wanted = events_of(text)
        assert len(got) == len(wanted)
        for event, want in zip(got, wanted, strict=True):
            cost = "0.25" if want["type"] == "response.completed" else None
            stamped = {"response": expected(want["response"], cost)} if "response" in want else {}
            assert event == want | stamped, row["name"]


def test_errors_are_judged() -> None:
    """Recorded refusals: bad requests are the customer's, a missing model is not."""
    for row in recorded():
        if row["status"] != 200:
            raw = json.dumps(row["response"]["json"]).encode()
            is_model = row["response"]["json"]["error"]["code"] == "model_not_found"
            assert judge_error(row["status"], [], raw).fault == ("channel" if is_model else "request")
            failed = responses_codec.read_error(row["status"], [], raw)
            assert isinstance(failed, Failed)
            assert bool(failed.message) != is_model
