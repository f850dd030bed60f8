"""Whatever a client or a provider sends, Gemini's readers refuse or judge it: no crash, no hang."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farebox.dialects import gemini_codec
from farebox.dialects.codec import Target
from farebox.dialects.exchange import JobStamp
from farebox.dialects.gemini_answer import read_answer
from farebox.dialects.gemini_embeddings import read_embed_answer, read_embed_request
from farebox.dialects.gemini_errors import judge_error, judge_stream_error
from farebox.dialects.gemini_request import Path, parse_request, upstream_body
from farebox.dialects.gemini_stream import StreamRelay
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

STAMP = JobStamp(UUID(int=1), "m")
METHODS: tuple[Any, ...] = (
    "generateContent",
    "streamGenerateContent",
    "countTokens",
    "embedContent",
    "batchEmbedContents",
)
REQUEST = {
    "systemInstruction": {"parts": [{"text": "be"}]},
    "contents": [
        {"role": "user", "parts": [{"text": "a"}, {"inlineData": {"mimeType": "image/png", "data": "aGk="}}]},
        {
            "role": "model",
            "parts": [{"functionCall": {"id": "1", "name": "f", "args": {}}, "thoughtSignature": "c2ln"}],
        },
        {"parts": [{"functionResponse": {"id": "1", "name": "f", "response": {"output": 1}}}]},
        {"parts": [{"fileData": {"mimeType": "image/png", "fileUri": "https://a.b/c"}}]},
    ],
    "tools": [{"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT", "properties": {}}}]}],
    "toolConfig": {"functionCallingConfig": {"mode": "ANY", "allowedFunctionNames": ["f"]}},
    "generationConfig": {
        "maxOutputTokens": 5,
        "candidateCount": 1,
        "stopSequences": ["x"],
        "temperature": 1.0,
        "responseMimeType": "application/json",
        "responseSchema": {"type": "OBJECT"},
        "thinkingConfig": {"thinkingBudget": 5},
    },
    "content": {"parts": [{"text": "a"}]},
    "requests": [{"model": "models/m", "content": {"parts": [{"text": "a"}]}}],
    "generateContentRequest": {"model": "models/m", "contents": [{"parts": [{"text": "a"}]}]},
}
ANSWER = {
    "candidates": [
        {
            "content": {
                "parts": [
                    {"text": "a", "thought": True},
                    {"text": "b", "thoughtSignature": "c2ln"},
                    {"functionCall": {"name": "f", "args": {"a": [1]}}},
                    {"executableCode": {"code": "1"}},
                ],
                "role": "model",
            },
            "finishReason": "STOP",
            "index": 0,
            "logprobsResult": {"chosenCandidates": [{"token": "a", "logProbability": -1}], "topCandidates": [{}]},
        }
    ],
    "promptFeedback": {"blockReason": ""},
    "usageMetadata": {"promptTokenCount": 1, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 1}]},
    "modelVersion": "v",
    "responseId": "r",
    "error": None,
    "totalTokens": 3,
    "embedding": {"values": [0.5]},
}
ERROR = {"error": {"code": 400, "message": "m", "status": "S", "details": [{"reason": "R", "retryDelay": "3s"}]}}
NUMBERS: tuple[Any, ...] = (0, -1, 2**70, 1e300)
WORDS = ("", "x", "\0", "ZmIxOnsi", "ZmIxOnt9", "9" * 400)
JUNK: tuple[Any, ...] = (None, True, *NUMBERS, *WORDS, [], [None], [[]], {}, {"a": None}, [{}])


def read_everything_of_requests(raw: bytes) -> None:
    for method in METHODS:
        try:
            parsed = parse_request(Path("m", method), raw)
        except Refusal as refusal:
            assert 400 <= refusal.status < 500  # noqa: PT017
        else:
            json.loads(upstream_body(parsed, upstream_model="u", most_output_tokens=3))
    for read in (gemini_codec.read_request, gemini_codec.read_count_request):
        try:
            gemini_codec.write_request(read(raw, model="m"), Target("m"))
        except Refusal as refusal:
            assert 400 <= refusal.status < 500  # noqa: PT017
    for is_batch in (False, True):
        try:
            read_embed_request(raw, model="m", is_batch=is_batch)
        except Refusal as refusal:
            assert 400 <= refusal.status < 500  # noqa: PT017


def read_everything_of_answers(raw: bytes) -> None:
    for method in METHODS:
        read_answer(method, 200, "", raw)
    gemini_codec.read_answer(200, "", raw)
    gemini_codec.read_count_answer(200, raw)
    read_embed_answer(200, raw)
    judge_error(400, [], raw)
    judge_stream_error(raw)
    for stream in (b"data: " + raw + b"\r\n\r\n", raw, b"[" + raw + b"," + raw + b"]", b"data: " + raw):
        relay = StreamRelay(STAMP)
        relay.feed(stream)
        relay.end_of_input()
        assert relay.end is not None
        assert relay.output_tokens_estimated >= 0
        if relay.end.kind == "done":
            relay.finish("1", relay.usage or Usage())
        reader = gemini_codec.stream_reader()
        events = reader.feed(stream) + reader.end_of_input()
        writer = gemini_codec.stream_writer(STAMP, 0)
        try:
            writer.write(events)
        except Refusal as refusal:
            assert refusal.code == "provider_error"  # noqa: PT017


def places(tree: Any, found: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield found
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from places(value, (*found, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from places(value, (*found, index))


def replaced(tree: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[place[0]] = replaced(tree[place[0]], place[1:], value)
    return copy


CASES = [
    pytest.param(REQUEST, read_everything_of_requests, id="requests"),
    pytest.param(ANSWER, read_everything_of_answers, id="answers"),
    pytest.param(ERROR, read_everything_of_answers, id="errors"),
]


@pytest.mark.parametrize(("tree", "read"), CASES)
def test_junk_in_every_place(tree: Any, read: Callable[[bytes], None]) -> None:
    """A wrong type or an absurd value in any single place is refused or judged."""
    for place in places(tree):
        for junk in JUNK:
            read(json.dumps(replaced(tree, place, junk)).encode())


@pytest.mark.parametrize(("tree", "read"), CASES)
def test_broken_bytes(tree: Any, read: Callable[[bytes], None]) -> None:
    """Bytes cut, changed and repeated at random, from a fixed seed."""
    chance = random.Random(20261120)
    whole = json.dumps(tree).encode()
    for _ in range(400):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(raw))
            match chance.randrange(3):
                case 0:
                    del raw[at : at + chance.randint(1, 30)]
                case 1:
                    raw[at] = chance.randrange(256)
                case _:
                    raw[at:at] = raw[at : at + chance.randint(1, 30)]
        read(bytes(raw))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(raw: bytes) -> None:
    """Nothing at all is assumed of what arrives."""
    read_everything_of_requests(raw)
    read_everything_of_answers(raw)


def test_deep_nesting() -> None:
    """Nesting is bounded before anything recurses."""
    for opener, closer in ((b"[", b"]"), (b'{"a":', b"}")):
        deep = opener * 100_000 + b"1" + closer * 100_000
        for raw in (deep, b'{"contents":' + deep + b"}", b'{"candidates":[{"content":{"parts":[' + deep + b"]}}]}"):
            read_everything_of_requests(raw)
            read_everything_of_answers(raw)
