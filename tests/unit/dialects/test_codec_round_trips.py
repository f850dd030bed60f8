"""What is read and written again in the same dialect is the same; what crosses dialects keeps its meaning."""

from typing import Any
from uuid import UUID

import msgspec
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
from farebox.dialects.conversation import Reasoning, RefusalPart, Signature, Text, ToolCall
from farebox.dialects.exchange import JobStamp
from farebox.dialects.gathering import gather
from farebox.dialects.reply import Answer, Choice, Ended
from farebox.dialects.translation import TranslatedStream
from farebox.domain.usage import Usage

JOB = JobStamp(UUID(int=7), "public-model")
ANSWERS = {"anthropic": anthropic_answers(), "openai_chat": openai_chat_answers()}
CODECS: dict[str, Codec] = {"anthropic": anthropic_codec, "openai_chat": openai_chat_codec}
dialects = pytest.mark.parametrize("dialect", ["anthropic", "openai_chat"])
some = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def stamp(answer: Answer) -> AnswerStamp:
    return AnswerStamp(JOB, 1_700_000_000, answer.usage or Usage())


def shown(answer: Answer) -> list[tuple[Any, ...]]:
    """What an answer says, whatever the order and the number of its parts."""
    return [
        (
            [part for part in choice.parts if isinstance(part, Reasoning)],
            "".join(part.text for part in choice.parts if isinstance(part, Text)),
            [part.signature for part in choice.parts if isinstance(part, Text) and part.signature],
            [part for part in choice.parts if isinstance(part, RefusalPart)],
            [part for part in choice.parts if isinstance(part, ToolCall)],
            choice.stop,
            choice.logprobs,
        )
        for choice in answer.choices
    ]


@some
@given(anthropic_conversations())
def test_anthropic_requests_survive(conversation: Any) -> None:
    """An Anthropic request read and written again says exactly the same."""
    raw = anthropic_codec.write_request(conversation, Target(conversation.model))
    assert anthropic_codec.read_request(raw) == conversation


@some
@given(openai_chat_conversations())
def test_openai_chat_requests_survive(conversation: Any) -> None:
    """A chat completions request read and written again says exactly the same."""
    raw = openai_chat_codec.write_request(conversation, Target(conversation.model, takes_reasoning=True))
    read = openai_chat_codec.read_request(raw)
    expected = conversation
    if any(isinstance(p, Reasoning) and (p.signature or p.sealed) for m in conversation.messages for p in m.parts):
        assert [m.role for m in read.messages] == [m.role for m in expected.messages]
    assert read == expected


@dialects
@some
@given(draw=st.data())
def test_answers_survive(dialect: str, draw: Any) -> None:
    """A plain answer written and read again in one dialect is the same, usage included."""
    codec = CODECS[dialect]
    answer = draw.draw(ANSWERS[dialect])
    read = codec.read_answer(200, "application/json", codec.write_answer(answer, stamp(answer)))
    assert isinstance(read, Answer)
    assert (read.choices, read.usage) == (answer.choices, answer.usage)


@dialects
@some
@given(draw=st.data())
def test_streams_survive_any_split(dialect: str, draw: Any) -> None:
    """A stream gives the same events however its bytes are split, and they make up the answer that was streamed."""
    codec = CODECS[dialect]
    answer = draw.draw(ANSWERS[dialect])
    writer = codec.stream_writer(JOB, 1_700_000_000)
    raw = writer.write(events_of(answer)) + writer.finish(None, answer.usage or Usage())
    whole = codec.stream_reader()
    events = whole.feed(raw) + whole.end_of_input()
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(raw)), max_size=12)))
    reader = codec.stream_reader()
    pieces = [raw[start:end] for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    split = [event for piece in pieces for event in reader.feed(piece)] + reader.end_of_input()
    assert split == events
    assert isinstance(events[-1], Ended)
    gathered = gather(events, codec.DIALECT)
    assert shown(gathered) == shown(answer) or not any(choice.parts for choice in answer.choices)
    assert gathered.usage == answer.usage


@pytest.mark.parametrize(("provider", "client"), [("anthropic", "openai_chat"), ("openai_chat", "anthropic")])
@some
@given(draw=st.data())
def test_a_translated_stream_is_the_translated_answer(provider: str, client: str, draw: Any) -> None:
    """A client sees the same answer whether it asked for a stream or not."""
    source, target = CODECS[provider], CODECS[client]
    drawn = draw.draw(ANSWERS[provider])
    answer = msgspec.structs.replace(drawn, choices=drawn.choices[:1])
    writer = source.stream_writer(JOB, 1)
    raw = writer.write(events_of(answer)) + writer.finish(None, answer.usage or Usage())
    stream = TranslatedStream(target, source, JOB, 1)
    out = stream.feed(raw) + stream.end_of_input()
    assert stream.end is not None
    assert stream.end.kind == "done"
    assert stream.usage == answer.usage
    out += stream.finish("0.5", answer.usage or Usage())
    reader = target.stream_reader()
    streamed = gather(reader.feed(out) + reader.end_of_input(), target.DIALECT)
    provided = source.read_answer(200, "", source.write_answer(answer, stamp(answer)))
    assert isinstance(provided, Answer)
    plain = target.read_answer(200, "", target.write_answer(provided, stamp(answer)))
    assert isinstance(plain, Answer)
    # A stream that says nothing at all has no choices yet, a plain answer an empty one.
    assert shown(streamed) == [entry for entry in shown(plain) if streamed.choices or any(entry[:-2])]
    assert streamed.usage == plain.usage


@some
@given(anthropic_answers())
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
    streamed = writer.write(events_of(answer)) + writer.finish(None, Usage())
    assert streamed.count(b"fb1.gemini.last:") == 2
