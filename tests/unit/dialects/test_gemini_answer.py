"""Answers of Gemini: what is one, why it stopped, and which ids its calls have."""

import json
from typing import Any
from uuid import UUID

import pytest

from farebox.dialects import gemini_codec
from farebox.dialects.exchange import JobStamp, PlainAnswer, ProviderFault
from farebox.dialects.gemini_answer import read_answer, stamp_answer
from farebox.dialects.reply import Answer, Failed
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


@pytest.mark.parametrize(
    ("method", "raw"),
    [
        ("generateContent", b"<html>"),
        ("generateContent", b"[]"),
        ("generateContent", b"{}"),
        ("generateContent", b'{"candidates":[]}'),
        ("generateContent", b'{"candidates":null}'),
        ("generateContent", b'{"error":{"code":500}}'),
        ("generateContent", b'{"candidates":[{}]}\xff'),
        ("embedContent", b"{}"),
    ],
)
def test_what_is_no_answer_is_a_fault_of_the_channel(method: Any, raw: bytes) -> None:
    """A success without an answer is neither passed nor charged."""
    fault = read_answer(method, 200, "text/html", raw)
    assert isinstance(fault, ProviderFault)
    assert (fault.fault, fault.body) == ("channel", b"")
    if method == "generateContent":
        assert isinstance(gemini_codec.read_answer(200, "text/html", raw), ProviderFault)


def test_blocked_prompts_are_answers() -> None:
    """A prompt that was blocked is Google's answer and counts its input."""
    raw = b'{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9}}'
    answer = read_answer("generateContent", 200, "", raw)
    assert isinstance(answer, PlainAnswer)
    assert answer.usage == Usage(input_tokens=9)
    assert json.loads(stamp_answer(answer, STAMP, "1", Usage()))["usageMetadata"]["cost"] == "1"
    read = gemini_codec.read_answer(200, "", raw)
    assert isinstance(read, Answer)
    assert read.choices[0].stop is not None
    assert read.choices[0].stop.reason == "filtered"


@pytest.mark.parametrize(
    ("finish", "expected"),
    [
        ("STOP", "end"),
        ("MAX_TOKENS", "length"),
        ("SAFETY", "filtered"),
        ("RECITATION", "filtered"),
        ("PROHIBITED_CONTENT", "filtered"),
        ("SOMETHING_NEW", "filtered"),
        ("MALFORMED_FUNCTION_CALL", None),
        ("UNEXPECTED_TOOL_CALL", None),
    ],
)
def test_stop_reasons(finish: str, expected: str | None) -> None:
    """A broken call is no end: it would stop an agent in silence. Streams and plain answers say the same."""
    body = chunk("a", finish=finish)
    answer = gemini_codec.read_answer(200, "", json.dumps(body).encode())
    reader = gemini_codec.stream_reader()
    events = reader.feed(wire(body)) + reader.end_of_input()
    if expected is None:
        assert isinstance(answer, ProviderFault)
        assert isinstance(events[-1], Failed)
        return
    assert isinstance(answer, Answer)
    stop = answer.choices[0].stop
    assert stop is not None
    assert stop.reason == expected
    assert [event.stop for event in events if hasattr(event, "stop")] == [stop]


def test_calls_without_ids_get_ids_of_their_own() -> None:
    """Unique over the answers of a conversation, and the same in a stream as in a plain answer."""
    call = {"functionCall": {"name": "f", "args": {}}}
    seen = []
    for response in ("r1", "r2"):
        body = chunk(call, call, finish="STOP", responseId=response)
        answer = gemini_codec.read_answer(200, "", json.dumps(body).encode())
        reader = gemini_codec.stream_reader()
        streamed = [e.id for e in reader.feed(wire(chunk(call, responseId=response), body)) if hasattr(e, "name")]
        assert isinstance(answer, Answer)
        plain = [part.id for part in answer.choices[0].parts]  # type: ignore[union-attr]
        assert streamed[:2] == plain
        seen += plain
    assert len(set(seen)) == 4


def test_an_error_in_an_answer_is_told_from_garbage() -> None:
    """The operator sees that the provider gave an error, not that its answer could not be read."""
    raw = b'{"error":{"code":500,"message":"broken","status":"INTERNAL"}}'
    answer = gemini_codec.read_answer(200, "application/json", raw)
    assert isinstance(answer, ProviderFault)
    assert answer.code == "error_in_answer"
    (event,) = gemini_codec.stream_reader().feed(b"data: " + raw + b"\n\n")
    assert isinstance(event, Failed)
    assert event.fault.code != "malformed_event"
    assert isinstance(gemini_codec.read_answer(200, "application/json", b'{"error":null,"candidates":[{}]}'), Answer)
