"""Nothing that anybody sends makes a codec crash: clients get a refusal, providers a fault."""

import json
import random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.conversations import (
    anthropic_answers,
    anthropic_conversations,
    events_of,
    openai_chat_answers,
    openai_chat_conversations,
)

from farebox.dialects import anthropic_codec, openai_chat_codec
from farebox.dialects.codec import AnswerStamp, Codec, Target
from farebox.dialects.exchange import JobStamp, ProviderFault
from farebox.dialects.reply import Answer, Ended, Failed
from farebox.dialects.translation import TranslatedStream
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage

JOB = JobStamp(UUID(int=5), "public-model")
CODECS: dict[str, tuple[Codec, Codec, Any, Any]] = {
    "anthropic": (anthropic_codec, openai_chat_codec, anthropic_conversations(), anthropic_answers()),
    "openai_chat": (openai_chat_codec, anthropic_codec, openai_chat_conversations(), openai_chat_answers()),
}
WRONG: tuple[Any, ...] = (None, True, 0, -1, 1.5, 10**30, "", "x", [], [None], [[]], ["x"], {}, {"type": "x"}, [{}])
dialects = pytest.mark.parametrize("dialect", list(CODECS))
some = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


def damaged(value: Any, chance: random.Random, odds: float) -> Any:
    """The value with some of its nodes replaced, left out or renamed."""
    if chance.random() < odds:
        return chance.choice(WRONG)
    if isinstance(value, list):
        return [damaged(entry, chance, odds) for entry in value if chance.random() > odds]
    if isinstance(value, dict):
        return {
            (name if chance.random() > odds else chance.choice(("type", "text", "content", "zz"))): damaged(
                entry, chance, odds
            )
            for name, entry in value.items()
            if chance.random() > odds
        }
    return value


@dialects
@some
@given(draw=st.data(), seed=st.integers(0, 2**32), odds=st.sampled_from([0.02, 0.1, 0.3]))
def test_damaged_requests_are_refused(dialect: str, draw: Any, seed: int, odds: float) -> None:
    """A damaged request is understood or refused with a 400, by the reader and by the writer of either dialect."""
    codec, other, conversations, _ = CODECS[dialect]
    good = codec.write_request(draw.draw(conversations), Target("m", takes_reasoning=True))
    bad = json.dumps(damaged(json.loads(good), random.Random(seed), odds)).encode()
    try:
        conversation = codec.read_request(bad)
        codec.write_request(conversation, Target("m"))
        other.write_request(conversation, Target("m"))
    except Refusal as refusal:
        status = refusal.status
    else:
        status = 400
    assert status == 400


@dialects
@some
@given(draw=st.data(), seed=st.integers(0, 2**32), odds=st.sampled_from([0.02, 0.1, 0.3]))
def test_damaged_answers_are_faults(dialect: str, draw: Any, seed: int, odds: float) -> None:
    """A damaged answer is an answer or a channel's fault; one that cannot be written is an error of the provider."""
    codec, other, _, answers = CODECS[dialect]
    answer = draw.draw(answers)
    stamp = AnswerStamp(JOB, 1, answer.usage or Usage())
    bad = json.dumps(damaged(json.loads(codec.write_answer(answer, stamp)), random.Random(seed), odds)).encode()
    read = codec.read_answer(200, "application/json", bad)
    if isinstance(read, ProviderFault):
        assert read.fault == "channel"
        return
    assert isinstance(read, Answer)
    try:
        for writer in (codec, other):
            json.loads(writer.write_answer(read, stamp))
    except Refusal as refusal:
        code = refusal.code
    else:
        code = "provider_error"
    assert code == "provider_error"


@dialects
@some
@given(draw=st.data(), seed=st.integers(0, 2**32), odds=st.sampled_from([0.02, 0.1]))
def test_damaged_streams_end(dialect: str, draw: Any, seed: int, odds: float) -> None:
    """A damaged stream ends cleanly, as an error or as cut, its translation with it, and nothing follows the end."""
    codec, other, _, answers = CODECS[dialect]
    answer = draw.draw(answers)
    writer = codec.stream_writer(JOB, 1)
    raw = writer.write(events_of(answer)) + writer.finish(None, answer.usage or Usage())
    chance = random.Random(seed)
    lines = []
    for line in raw.split(b"\n"):
        if line.startswith(b"data: {"):
            lines.append(b"data: " + json.dumps(damaged(json.loads(line[6:]), chance, odds)).encode())
        elif chance.random() > odds or not line:
            lines.append(line)
    bad = b"\n".join(lines)
    reader = codec.stream_reader()
    events = [*reader.feed(bad), *reader.end_of_input()]
    ends = [number for number, event in enumerate(events) if isinstance(event, Ended | Failed)]
    assert ends in ([], [len(events) - 1])
    for client in (codec, other):
        stream = TranslatedStream(client, codec, JOB, 1)
        stream.feed(bad)
        stream.end_of_input()
        assert stream.end is not None
        assert stream.feed(bad) == b""


@dialects
@some
@given(raw=st.binary(max_size=300))
def test_noise_is_no_stream(dialect: str, raw: bytes) -> None:
    """Bytes of any kind are no clean end."""
    codec = CODECS[dialect][0]
    reader = codec.stream_reader()
    events = reader.feed(b"data: " + raw + b"\n\n") + reader.end_of_input()
    assert not events or not isinstance(events[-1], Ended)


@dialects
def test_endless_events_are_bounded(dialect: str) -> None:
    """An event without an end is a fault of the channel long before it fills the memory."""
    reader = CODECS[dialect][0].stream_reader()
    events = [event for _ in range(80) for event in reader.feed(b"data: " + b"x" * 100_000)]
    assert [type(event) for event in events] == [Failed]
    assert reader.feed(b"\n\ndata: {}\n\n") == []
