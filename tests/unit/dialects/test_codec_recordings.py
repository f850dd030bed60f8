"""Recorded traffic crosses dialects: every plain answer keeps its meaning, every request is read or refused by name."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from tests.support.gathering import gather

from farebox.dialects import anthropic_codec, gemini_codec, openai_chat_codec, responses_codec
from farebox.dialects.codec import AnswerStamp, Codec, Target
from farebox.dialects.conversation import Reasoning, Text, ToolCall
from farebox.dialects.exchange import JobStamp
from farebox.dialects.reply import Answer, Choice, Ended, Failed
from farebox.dialects.translation import TranslatedStream, Translation
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

RECORDINGS = Path(__file__).parents[4] / "shared" / "recordings"
JOB = JobStamp(UUID(int=5), "public-model")
CODECS: dict[str, tuple[Codec, Codec]] = {
    "anthropic-messages": (anthropic_codec, openai_chat_codec),
    "openai-chat": (openai_chat_codec, anthropic_codec),
    "compatible-chat": (openai_chat_codec, anthropic_codec),
}
families = pytest.mark.parametrize("family", list(CODECS))

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recorded traffic is not here")


def recorded(family: str) -> Iterator[dict[str, Any]]:
    for line in (RECORDINGS / f"{family}.jsonl").read_text().splitlines():
        yield json.loads(line)


def told(choice: Choice) -> tuple[Any, ...]:
    """Text, reasoning, tool calls and the reason to stop; a sequence that was met is an end where nobody tells."""
    reason = choice.stop.reason if choice.stop else "end"
    return (
        "".join(part.text for part in choice.parts if isinstance(part, Text)),
        "".join(part.text for part in choice.parts if isinstance(part, Reasoning)),
        [(part.id, part.name, json.loads(part.arguments_json)) for part in choice.parts if isinstance(part, ToolCall)],
        "end" if reason == "stop_sequence" else reason,
    )


ALL: dict[str, Codec] = {
    "openai-chat": openai_chat_codec,
    "compatible-chat": openai_chat_codec,
    "openai-responses": responses_codec,
    "anthropic-messages": anthropic_codec,
    "gemini": gemini_codec,
}
DIALECTS: tuple[Codec, ...] = (openai_chat_codec, responses_codec, anthropic_codec, gemini_codec)
crossings = pytest.mark.parametrize(
    ("family", "target"),
    [
        pytest.param(family, target, id=f"{family} to {target.DIALECT}")
        for family, source in ALL.items()
        for target in DIALECTS
        if target is not source
    ],
)


def worded(usage: Usage, target: Codec) -> Usage:
    """The usage as far as the dialect has words: Anthropic's has none for media, Gemini's none for cache writes."""
    lost = {"anthropic": ("image", "audio"), "gemini": ("cache_write",)}.get(target.DIALECT, ())
    return replace(usage, **{name: 0 for name in usage.__struct_fields__ if name.startswith(lost)} if lost else {})


@crossings
def test_plain_answers_translate(family: str, target: Codec) -> None:
    """Text, tool calls, stop reason and usage of every recorded answer are the same in every other dialect."""
    source = ALL[family]
    translated = 0
    for row in recorded(family):
        body = row["response"].get("json")
        if row["status"] != 200 or row["stream"] or not isinstance(body, dict) or body.get("status") == "queued":
            continue
        answer = source.read_answer(200, "application/json", json.dumps(body).encode())
        assert isinstance(answer, Answer), row["name"]
        assert answer.usage is not None, row["name"]
        written = target.write_answer(answer, AnswerStamp(JOB, 1, answer.usage, "0.25"))
        again = target.read_answer(200, "application/json", written)
        assert isinstance(again, Answer)
        assert [told(choice) for choice in again.choices] == [told(choice) for choice in answer.choices[:1]], row[
            "name"
        ]
        assert again.usage == worded(answer.usage, target), row["name"]
        usage = json.loads(written)["usageMetadata" if target is gemini_codec else "usage"]
        assert usage["cost"] == "0.25"
        assert answer.id is None or len(answer.id) < 8 or answer.id not in written.decode()
        translated += 1
    assert translated > 50


@families
def test_streams_translate(family: str) -> None:
    """Every recorded stream says in the other dialect what it says in its own, whatever its chunks."""
    source, target = CODECS[family]
    for row in recorded(family):
        raw = row["response"].get("text", "").encode()
        if not row["stream"] or not raw.startswith((b"data:", b"event:", b":")):
            continue
        reader = source.stream_reader()
        events = reader.feed(raw) + reader.end_of_input()
        by_byte = source.stream_reader()
        assert [e for byte in raw for e in by_byte.feed(bytes([byte]))] + by_byte.end_of_input() == events
        stream = TranslatedStream(target, source, JOB, 1)
        out = stream.feed(raw) + stream.end_of_input()
        if isinstance(events[-1], Failed):
            assert stream.end is not None
            assert stream.end.kind == "error"
            continue
        assert isinstance(events[-1], Ended), row["name"]
        assert stream.usage is not None
        out += stream.finish(None, stream.usage)
        again = target.stream_reader()
        read = gather(again.feed(out) + again.end_of_input())
        mine = gather(events)
        assert [told(choice) for choice in read.choices] == [told(choice) for choice in mine.choices], row["name"]
        assert read.usage == stream.usage == mine.usage


@families
def test_requests_are_read_or_refused_by_name(family: str) -> None:
    """Every recorded request becomes a request of the other dialect, or is refused with the name of a field."""
    source, target = CODECS[family]
    carried = 0
    refused: list[tuple[str, Refusal]] = []
    for row in recorded(family):
        raw = json.dumps(row["request"]).encode()
        try:
            conversation = source.read_request(raw)
            body = Translation(source, target, conversation, Target("other")).body()
        except Refusal as caught:
            refused.append((row["name"], caught))
            continue
        again = target.read_request(body)
        assert [tool.name for tool in again.tools] == [tool.name for tool in conversation.tools]
        assert "".join(text.text for text in again.system) == "".join(text.text for text in conversation.system)
        carried += 1
    assert carried > 50
    for name, refusal in refused:
        assert refusal.status == 400, name
        assert refusal.param, name
        assert f"`{refusal.param}`" in refusal.message, name


@families
def test_errors_are_judged(family: str) -> None:
    """A recorded error is the same fault in the other dialect; its words reach the client only when it is theirs."""
    source, target = CODECS[family]
    for row in recorded(family):
        if row["status"] == 200:
            continue
        raw = json.dumps(row["response"]["json"]).encode()
        conversation = source.read_request(b'{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}]}')
        fault = Translation(target, source, conversation, Target("m")).judge_error(row["status"], (), raw)
        assert bool(fault.body) == (fault.fault == "request")
        if fault.body:
            assert json.loads(fault.body)["error"]["message"]
