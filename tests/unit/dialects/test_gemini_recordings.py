"""Recorded traffic of Gemini: passed through with nothing changed but what must be, and carried into the model."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.support.gathering import gather

from farebox.dialects import anthropic_codec, gemini_codec
from farebox.dialects.carriage import refuse_what_is_lost
from farebox.dialects.codec import Target
from farebox.dialects.conversation import Reasoning, Signature, Text, ToolCall
from farebox.dialects.exchange import JobStamp, PlainAnswer
from farebox.dialects.gemini_answer import TOP_LEVEL_EXTRAS, read_answer, stamp_answer
from farebox.dialects.gemini_errors import judge_error
from farebox.dialects.gemini_fields import camel
from farebox.dialects.gemini_request import parse_path, parse_request, upstream_body, upstream_path
from farebox.dialects.gemini_stream import StreamRelay
from farebox.dialects.gemini_usage import USAGE_EXTRAS
from farebox.dialects.reply import Answer, Ended
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage, sanitize

RECORDINGS = Path(__file__).parents[4] / "shared" / "recordings"
JOB = UUID(int=0xABCDEF)
STAMP = JobStamp(JOB, "public-model")
HOSTED = frozenset({"googleSearch", "codeExecution", "urlContext", "fileSearch", "googleMaps", "fileData"})

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recorded traffic is not here")


def recorded(family: str = "gemini") -> Iterator[dict[str, Any]]:
    for line in (RECORDINGS / f"{family}.jsonl").read_text().splitlines():
        row = json.loads(line)
        if "google" in row["host"] or family == "gemini":
            # Vertex AI has a longer path to the same methods.
            path, _, query = row["path"].partition("?")
            row["parsed_path"] = parse_path("/v1beta/models/" + path.partition("/models/")[2], query)
            yield row


def expected(body: dict[str, Any], *, cost: str | None = None) -> dict[str, Any]:
    """The body as it must arrive."""
    kept = {name: value for name, value in body.items() if name not in TOP_LEVEL_EXTRAS}
    if "usageMetadata" in kept:
        kept["usageMetadata"] = {k: v for k, v in kept["usageMetadata"].items() if k not in USAGE_EXTRAS}
        if cost is not None:
            kept["usageMetadata"]["cost"] = cost
    return kept | {"modelVersion": "public-model", "responseId": JOB.hex}


def chunks_of(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in row["response"]["text"].splitlines() if line.startswith("data: ")]


def test_requests_pass_unchanged() -> None:
    """Every recorded request goes out as it came, or is refused for a field that is in the table."""
    passed = 0
    refused: list[str | None] = []
    for row in [*recorded(), *recorded("count-tokens")]:
        raw = json.dumps(row["request"]).encode()
        try:
            parsed = parse_request(row["parsed_path"], raw)
        except Refusal as refusal:
            refused.append(refusal.param)
            continue
        assert upstream_body(parsed, upstream_model="v", most_output_tokens=None) == raw
        bounded = json.loads(upstream_body(parsed, upstream_model="v", most_output_tokens=1))
        if parsed.method != "countTokens":
            assert bounded == row["request"] | {
                "generationConfig": {**row["request"].get("generationConfig", {}), "maxOutputTokens": 1}
            }
        assert upstream_path(parsed.method, parsed.model).endswith(
            row["parsed_path"].method + "?alt=sse" * row["stream"]
        )
        passed += 1
    assert passed > 70
    assert None not in refused
    last = {camel(param.rpartition(".")[2]) for param in refused if param}
    assert last <= HOSTED | {"cachedContent", "fileUri", "responseModalities", "inlineData"}, last


def test_requests_are_read_or_refused_by_name() -> None:
    """Every recorded request becomes a conversation that another dialect can be asked with, or a refusal naming why."""
    read = carried = 0
    refused: list[str | None] = []
    for row in recorded():
        raw = json.dumps(row["request"]).encode()
        try:
            conversation = gemini_codec.read_request(raw, model="m", stream=row["stream"])
        except Refusal as refusal:
            refused.append(refusal.param)
            continue
        read += 1
        texts = [p.text for m in conversation.messages for p in m.parts if isinstance(p, Text | Reasoning)]
        told = [part["text"] for content in row["request"]["contents"] for part in content["parts"] if part.get("text")]
        assert "".join(texts) == "".join(told)
        again = gemini_codec.write_request(conversation, Target("m", has_thinking_level=False))
        assert gemini_codec.read_request(again, model="m", stream=row["stream"]) == conversation, row["name"]
        signed = {p.signature.value for m in conversation.messages for p in m.parts if getattr(p, "signature", None)}
        assert all(value.encode() in again for value in signed)
        try:
            refuse_what_is_lost(conversation, gemini_codec.FACTS, anthropic_codec.FACTS)
            written = json.loads(anthropic_codec.write_request(conversation, Target("claude")))
            assert written["messages"] or not any(texts)
        except Refusal as refusal:
            refused.append(refusal.param)
            continue
        carried += 1
    assert None not in refused
    assert read > 60
    assert carried > 50


def test_plain_answers_pass_unchanged() -> None:
    """Every recorded answer keeps all but our identity, the cost and what tells who served."""
    seen = 0
    for row in recorded():
        body = row["response"].get("json")
        if row["status"] != 200 or body is None:
            continue
        answer = read_answer("generateContent", 200, "", json.dumps(body, indent=2).encode())
        assert isinstance(answer, PlainAnswer), row["name"]
        check_usage(answer.usage, body["usageMetadata"])
        stamped = json.loads(stamp_answer(answer, STAMP, "0.25", Usage()))
        assert stamped == expected(body, cost="0.25"), row["name"]
        seen += 1
    assert seen > 90


def check_usage(usage: Usage | None, reported: dict[str, Any]) -> None:
    assert usage is not None
    assert usage.total_tokens == reported["totalTokenCount"]
    assert usage.output_tokens == reported.get("candidatesTokenCount", 0) + reported.get("thoughtsTokenCount", 0)
    assert usage.cached_input_tokens == reported.get("cachedContentTokenCount", 0)
    assert sanitize(usage) == usage


def test_plain_answers_are_read() -> None:
    """Text, thoughts, calls with their signatures, stop reason and usage of every recorded answer are kept."""
    for row in recorded():
        body = row["response"].get("json")
        if row["status"] != 200 or body is None:
            continue
        answer = gemini_codec.read_answer(200, "", json.dumps(body).encode())
        assert isinstance(answer, Answer), row["name"]
        check_usage(answer.usage, body["usageMetadata"])
        check_parts(answer, [part for c in body["candidates"] for part in c.get("content", {}).get("parts", [])])
        (choice,) = answer.choices
        has_calls = any(isinstance(part, ToolCall) for part in choice.parts)
        end = "tool_calls" if has_calls else "end"
        reasons = {"STOP": end, "MAX_TOKENS": "length", "UNEXPECTED_TOOL_CALL": "tool_calls"}
        assert choice.stop is not None
        assert choice.stop.reason == reasons[body["candidates"][0]["finishReason"]], row["name"]


def check_parts(answer: Answer, sent: list[dict[str, Any]]) -> None:
    parts = [part for choice in answer.choices for part in choice.parts]
    texts = "".join(part.text for part in parts if isinstance(part, Text))
    assert texts == "".join(part.get("text", "") for part in sent if not part.get("thought"))
    thoughts = "".join(part.text for part in parts if isinstance(part, Reasoning))
    assert thoughts == "".join(part.get("text", "") for part in sent if part.get("thought"))
    calls = [part for part in parts if isinstance(part, ToolCall)]
    sent_calls = [part["functionCall"] for part in sent if "functionCall" in part]
    assert [(c.name, json.loads(c.arguments_json)) for c in calls] == [(c["name"], c["args"]) for c in sent_calls]
    assert len({call.id for call in calls}) == len(calls)
    signed = [p.signature for p in parts if isinstance(p, Text | ToolCall | Reasoning) and p.signature]
    readable = [part for part in sent if part.keys() <= {"text", "functionCall", "thought", "thoughtSignature"}]
    kept = [Signature(part["thoughtSignature"], "gemini") for part in readable if "thoughtSignature" in part]
    assert signed == kept


@pytest.mark.parametrize("form", ["sse", "array"])
def test_streams_pass_unchanged(form: Any) -> None:
    """Every recorded stream gives the same chunks in either form, however it is split."""
    seen = 0
    for row in recorded():
        if "text" not in row["response"]:
            continue
        stream = row["response"]["text"].encode()
        relay = StreamRelay(STAMP, form=form)
        out = b"".join(relay.feed(stream[at : at + 7]) for at in range(0, len(stream), 7)) + relay.end_of_input()
        whole = StreamRelay(STAMP, form=form)
        assert whole.feed(stream) + whole.end_of_input() == out
        assert relay.end is not None
        assert relay.end.kind == "done", row["name"]
        assert relay.usage is not None
        sent = chunks_of(row)
        check_usage(relay.usage, sent[-1]["usageMetadata"])
        assert relay.output_tokens_estimated >= relay.usage.output_tokens
        assert b"finishReason" not in out
        tail = relay.finish("0.25", relay.usage)
        assert tail == whole.finish("0.25", relay.usage)
        got = (
            json.loads(out + tail)
            if form == "array"
            else [json.loads(event[6:]) for event in (out + tail).split(b"\r\n\r\n") if event]
        )
        assert got == [*map(expected, sent[:-1]), expected(sent[-1], cost="0.25")], row["name"]
        seen += 1
    assert seen >= 12


def test_streams_are_read() -> None:
    """The events of every recorded stream make up what a plain answer would have said."""
    for row in recorded():
        if "text" not in row["response"]:
            continue
        reader = gemini_codec.stream_reader()
        events = reader.feed(row["response"]["text"].encode()) + reader.end_of_input()
        assert isinstance(events[-1], Ended), row["name"]
        answer = gather(events)
        sent = chunks_of(row)
        check_parts(answer, [part for chunk in sent for c in chunk["candidates"] for part in c["content"]["parts"]])
        check_usage(answer.usage, sent[-1]["usageMetadata"])
        assert answer.choices[0].stop is not None


def test_counts_are_read() -> None:
    """Recorded answers of countTokens."""
    for row in recorded("count-tokens"):
        raw = json.dumps(row["response"]["json"]).encode()
        assert gemini_codec.read_count_answer(200, raw) == row["response"]["json"]["totalTokens"]
        answer = read_answer("countTokens", 200, "", raw)
        assert isinstance(answer, PlainAnswer)
        assert stamp_answer(answer, STAMP, None, Usage()) == raw
        request = json.dumps(row["request"]).encode()
        if "googleSearch" not in row["name"] and "tools" not in row["request"]:
            assert gemini_codec.read_count_request(request, model="m").messages


def test_errors_are_judged() -> None:
    """Recorded refusals of bad requests are the customer's, and keep their words."""
    seen = 0
    for row in recorded():
        if row["status"] != 200:
            fault = judge_error(row["status"], [], json.dumps(row["response"]["json"]).encode())
            assert fault.fault == "request", row["name"]
            assert msgspec.json.decode(fault.body)["error"]["status"] == "INVALID_ARGUMENT"
            seen += 1
    assert seen == 2
