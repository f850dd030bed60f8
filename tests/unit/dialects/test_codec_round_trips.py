"""What is read and written again in the same dialect is the same; what crosses dialects keeps its meaning."""

from itertools import permutations, product
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.gathering import gather
from tests.support.generated import anthropic
from tests.support.generated.by_dialect import ANSWERS, CONVERSATIONS
from tests.support.generated.streams import CREATED_S, JOB, events_in, events_of, streamed

from farebox.dialects import anthropic_codec, openai_chat_codec
from farebox.dialects.codec import AnswerStamp, Target
from farebox.dialects.conversation import DIALECTS, Dialect, Reasoning, RefusalPart, Signature, Text, ToolCall
from farebox.dialects.registry import CODECS
from farebox.dialects.reply import (
    Answer,
    Choice,
    Ended,
    OpaqueArrived,
    PartEnded,
    Started,
    Stop,
    Stopped,
    TextDelta,
)
from farebox.dialects.translation import TranslatedStream
from farebox.domain.usage import Usage

# Readable thoughts that nobody signed go back only where they are taken; newer models of Gemini insist on signatures.
TARGET = Target("upstream", takes_reasoning=True, has_thinking_level=False)
dialects = pytest.mark.parametrize("dialect", DIALECTS)
some = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
# There are twelve pairs.
fewer = settings(some, max_examples=40)


def stamp(answer: Answer) -> AnswerStamp:
    return AnswerStamp(JOB, CREATED_S, answer.usage or Usage(), "0.5")


def shown(answer: Answer) -> list[tuple[Any, ...]]:
    """What an answer says, whatever the order and the number of its parts.

    Items of reasoning are known by their ids in one dialect; in a stream of another they come after the item has begun.
    """
    return [
        (
            [msgspec.structs.replace(part, id=None) for part in choice.parts if isinstance(part, Reasoning)],
            "".join(part.text for part in choice.parts if isinstance(part, Text)),
            [part.signature for part in choice.parts if isinstance(part, Text) and part.signature],
            "".join(part.text for part in choice.parts if isinstance(part, RefusalPart)),
            [part for part in choice.parts if isinstance(part, ToolCall)],
            choice.stop,
            choice.logprobs,
        )
        for choice in answer.choices
    ]


@dialects
@some
@given(draw=st.data())
def test_requests_survive(dialect: Dialect, draw: Any) -> None:
    """A request read and written again says exactly the same."""
    codec = CODECS[dialect]
    conversation = draw.draw(CONVERSATIONS[dialect])
    raw = codec.write_request(conversation, msgspec.structs.replace(TARGET, model=conversation.model))
    assert codec.read_request(raw, model=conversation.model, stream=conversation.stream) == conversation


@dialects
@some
@given(draw=st.data())
def test_answers_survive(dialect: Dialect, draw: Any) -> None:
    """A plain answer written and read again in one dialect is the same, usage included."""
    codec = CODECS[dialect]
    answer = draw.draw(ANSWERS[dialect])
    read = codec.read_answer(200, "application/json", codec.write_answer(answer, stamp(answer)))
    assert isinstance(read, Answer)
    assert (read.choices, read.usage) == (answer.choices, answer.usage)


@dialects
@some
@given(draw=st.data())
def test_streams_survive_any_split(dialect: Dialect, draw: Any) -> None:
    """A stream gives the same events however its bytes are split, and they make up the answer that was streamed."""
    codec = CODECS[dialect]
    answer = draw.draw(ANSWERS[dialect])
    raw = streamed(codec, answer, draw.draw(st.none() | st.integers(1, 5)))
    events = events_in(codec, [raw])
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(raw)), max_size=12)))
    pieces = [raw[start:end] for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    assert events_in(codec, pieces) == events
    assert events_in(codec, [bytes([byte]) for byte in raw]) == events
    assert isinstance(events[-1], Ended)
    gathered = gather(events)
    assert shown(gathered) == shown(answer) or not any(choice.parts for choice in answer.choices)
    assert gathered.usage == answer.usage


@pytest.mark.parametrize(("provider", "client"), list(permutations(DIALECTS, 2)))
@fewer
@given(draw=st.data())
def test_a_translated_stream_is_the_translated_answer(provider: Dialect, client: Dialect, draw: Any) -> None:
    """A client sees the same answer whether it asked for a stream or not, in every pair of dialects."""
    source, target = CODECS[provider], CODECS[client]
    drawn = draw.draw(ANSWERS[provider])
    answer = msgspec.structs.replace(drawn, choices=drawn.choices[:1])
    raw = streamed(source, answer)
    stream = TranslatedStream(target, source, JOB, 1)
    out = stream.feed(raw) + stream.end_of_input()
    assert stream.end is not None
    assert stream.end.kind == "done"
    assert stream.usage == answer.usage
    out += stream.finish("0.5", answer.usage or Usage())
    told = gather(events_in(target, [out]))
    provided = source.read_answer(200, "", source.write_answer(answer, stamp(answer)))
    assert isinstance(provided, Answer)
    plain = target.read_answer(200, "", target.write_answer(provided, stamp(answer)))
    assert isinstance(plain, Answer)
    # A stream that says nothing at all has no choices yet, a plain answer an empty one.
    assert shown(told) == [entry for entry in shown(plain) if told.choices or any(entry[:-2])]
    assert told.usage == plain.usage


@pytest.mark.parametrize(("provider", "client"), list(product(DIALECTS, DIALECTS)))
def test_pieces_that_only_one_dialect_knows_stay_in_it(provider: Dialect, client: Dialect) -> None:
    """What a provider says beyond the common words reaches its own dialect's clients, and no others, in any stream."""
    raw = b'{"type":"web_search_call","id":"of_its_own"}'
    events = [Started(), OpaqueArrived(provider, raw, 0), PartEnded(0), TextDelta("so", 1), PartEnded(1)]
    writer = CODECS[client].stream_writer(JOB, CREATED_S)
    out = writer.write([*events, Stopped(Stop("end"))]) + writer.finish(None, Usage())
    is_told = provider == client and provider != "openai_chat"
    assert (b"of_its_own" in out) == is_told
    assert b"so" in out


@some
@given(anthropic.answers())
def test_signatures_come_back_through_foreign_clients(answer: Answer) -> None:
    """What Anthropic signed returns to it unchanged from a client of chat completions that sends the answer back."""
    body = msgspec.json.decode(openai_chat_codec.write_answer(answer, stamp(answer)))
    message = body["choices"][0]["message"]
    request = {"model": "m", "max_tokens": 10, "messages": [{"role": "user", "content": "go"}, message]}
    if message["content"] is None and not message.get("tool_calls"):
        return
    conversation = openai_chat_codec.read_request(msgspec.json.encode(request))
    returned = [part for part in conversation.messages[-1].parts if isinstance(part, Reasoning)]
    signed = [p for p in answer.choices[0].parts if isinstance(p, Reasoning) and (p.signature or p.sealed)]
    assert [part for part in returned if part.signature or part.sealed] == signed
    written = anthropic_codec.write_request(conversation, Target("m"))
    again = anthropic_codec.read_request(written)
    assert [part for part in again.messages[-1].parts if isinstance(part, Reasoning)] == signed


def test_signatures_of_calls_come_back_through_anthropic_clients() -> None:
    """Gemini signs tool calls; a client of Anthropic's messages returns the signature without knowing it."""
    call = ToolCall("call_1", "f", "{}", Signature("c2ln", "gemini"))
    text = Text("so", signature=Signature("dGV4dA==", "gemini"))
    sealed = Reasoning(sealed=Signature("gAAA", "openai_responses"), id="rs_1")
    answer = Answer((Choice((sealed, text, call)),), Usage(input_tokens=1, output_tokens=1))
    body = msgspec.json.decode(anthropic_codec.write_answer(answer, stamp(answer)))
    turn = {"role": "assistant", "content": body["content"]}
    request = {"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "go"}, turn]}
    conversation = anthropic_codec.read_request(msgspec.json.encode(request))
    assert conversation.messages[-1].parts == (sealed, text, call)
    writer = anthropic_codec.stream_writer(JOB, 1)
    written = writer.write(events_of(answer)) + writer.finish(None, Usage())
    assert written.count(b"fb1.gemini.last:") == 2
