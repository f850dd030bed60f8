"""Nothing that anybody sends makes a codec crash: clients get a refusal, providers a fault."""

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.generated.by_dialect import ANSWERS, CONVERSATIONS
from tests.support.generated.streams import JOB, events_in, streamed

from farebox.dialects.codec import AnswerStamp, Target
from farebox.dialects.conversation import DIALECTS, Dialect
from farebox.dialects.exchange import ProviderFault
from farebox.dialects.registry import CODECS
from farebox.dialects.reply import Answer, Ended, Failed
from farebox.dialects.translation import TranslatedStream
from farebox.domain.errors import Refusal
from farebox.domain.usage import Usage, sanitize

WRONG: tuple[Any, ...] = (None, True, 0, -1, 1.5, 10**30, "", "x", [], [None], [[]], ["x"], {}, {"type": "x"}, [{}])
dialects = pytest.mark.parametrize("dialect", DIALECTS)
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
def test_damaged_requests_are_refused(dialect: Dialect, draw: Any, seed: int, odds: float) -> None:
    """A damaged request is understood or refused with a 400, by the reader and by the writer of every dialect."""
    good = CODECS[dialect].write_request(
        draw.draw(CONVERSATIONS[dialect]), Target("m", takes_reasoning=True, has_thinking_level=False)
    )
    bad = json.dumps(damaged(json.loads(good), random.Random(seed), odds)).encode()
    try:
        conversation = CODECS[dialect].read_request(bad, model="m", stream=False)
    except Refusal as refusal:
        assert refusal.status == 400  # noqa: PT017
        return
    for codec in CODECS.values():
        try:
            json.loads(codec.write_request(conversation, Target("m")))
        except Refusal as refusal:
            assert refusal.status == 400  # noqa: PT017


@dialects
@some
@given(draw=st.data(), seed=st.integers(0, 2**32), odds=st.sampled_from([0.02, 0.1, 0.3]))
def test_damaged_answers_are_faults(dialect: Dialect, draw: Any, seed: int, odds: float) -> None:
    """A damaged answer is an answer or a channel's fault; one that cannot be written is an error of the provider."""
    codec = CODECS[dialect]
    answer = draw.draw(ANSWERS[dialect])
    stamp = AnswerStamp(JOB, 1, answer.usage or Usage())
    bad = json.dumps(damaged(json.loads(codec.write_answer(answer, stamp)), random.Random(seed), odds)).encode()
    read = codec.read_answer(200, "application/json", bad)
    if isinstance(read, ProviderFault):
        assert read.fault == "channel"
        return
    assert isinstance(read, Answer)
    for writer in CODECS.values():
        try:
            json.loads(writer.write_answer(read, stamp))
        except Refusal as refusal:
            assert refusal.code == "provider_error"  # noqa: PT017


@dialects
@some
@given(draw=st.data(), seed=st.integers(0, 2**32), odds=st.sampled_from([0.02, 0.1]))
def test_damaged_streams_end(dialect: Dialect, draw: Any, seed: int, odds: float) -> None:
    """A damaged stream ends cleanly, as an error or as cut, its translation with it, and nothing follows the end."""
    codec = CODECS[dialect]
    raw = streamed(codec, draw.draw(ANSWERS[dialect]))
    chance = random.Random(seed)
    lines = []
    for line in raw.split(b"\n"):
        if line.startswith(b"data: {"):
            lines.append(b"data: " + json.dumps(damaged(json.loads(line[6:]), chance, odds)).encode())
        elif chance.random() > odds or not line:
            lines.append(line)
    bad = b"\n".join(lines)
    events = events_in(codec, [bad])
    ends = [number for number, event in enumerate(events) if isinstance(event, Ended | Failed)]
    assert ends in ([], [len(events) - 1])
    for client in CODECS.values():
        stream = TranslatedStream(client, codec, JOB, 1)
        try:
            stream.feed(bad)
            stream.end_of_input()
        except Refusal as refusal:
            assert refusal.code == "provider_error"  # noqa: PT017
            continue
        assert stream.end is not None
        assert stream.feed(bad) == b""


@dialects
@some
@given(raw=st.binary(max_size=300))
def test_noise_is_no_stream(dialect: Dialect, raw: bytes) -> None:
    """Bytes of any kind are no clean end."""
    events = events_in(CODECS[dialect], [b"data: " + raw + b"\n\n"])
    assert not events or not isinstance(events[-1], Ended)


@dialects
def test_endless_events_are_bounded(dialect: Dialect) -> None:
    """An event without an end is a fault of the channel long before it fills the memory."""
    reader = CODECS[dialect].stream_reader()
    events = [event for _ in range(80) for event in reader.feed(b"data: " + b"x" * 100_000)]
    assert [type(event) for event in events] == [Failed]
    assert reader.feed(b"\n\ndata: {}\n\n") == []


ERRORS: dict[str, Any] = {
    "error": {"code": 429, "type": "t", "message": "m", "param": "p", "status": "S", "details": [{"reason": "R"}]},
    "type": "error",
    "message": "m",
    "detail": [{"loc": ["body"], "msg": "m"}],
}


@dialects
@some
@given(seed=st.integers(0, 2**32), odds=st.sampled_from([0.05, 0.2, 0.5]), status=st.integers(300, 599))
def test_damaged_errors_are_judged(dialect: Dialect, seed: int, odds: float, status: int) -> None:
    """Whatever stands in a provider's error it is somebody's fault, and its words fit every client's dialect."""
    raw = json.dumps(damaged(ERRORS, random.Random(seed), odds)).encode()
    for body in (raw, raw[: len(raw) // 2], b"", b"<html>", b"\xff"):
        failed = CODECS[dialect].read_error(status, [(b"retry-after", raw[:9])], body)
        assert failed.fault.fault in ("channel", "request")
        for codec in CODECS.values():
            json.loads(codec.write_error(Refusal("provider_error", failed.message or "x", status=400), None))


@dialects
@some
@given(draw=st.data(), seed=st.integers(0, 2**32), odds=st.sampled_from([0.1, 0.4]))
def test_damaged_usage_is_none_or_sound(dialect: Dialect, draw: Any, seed: int, odds: float) -> None:
    """A usage object of whatever numbers and types counts nothing, or what can be made sound and charged."""
    codec = CODECS[dialect]
    usage = draw.draw(ANSWERS[dialect]).usage
    read = codec.read_usage(damaged(codec.write_usage(usage, "0.5"), random.Random(seed), odds))
    if read is not None:
        sound = sanitize(read)
        assert 0 <= sound.cached_input_tokens + sound.cache_write_tokens <= sound.input_tokens
        assert 0 <= sound.reasoning_tokens <= sound.output_tokens
