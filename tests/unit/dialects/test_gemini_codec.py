"""Gemini's dialect against the model of conversations: what is read and written again is the same."""

from typing import Any
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.gathering import gather
from tests.support.generated.gemini import answers, conversations
from tests.support.generated.streams import events_in, events_of
from tests.support.generated.values import opaque

from farebox.dialects import anthropic_codec, gemini_codec
from farebox.dialects.codec import AnswerStamp, Codec, Target
from farebox.dialects.conversation import (
    Conversation,
    Message,
    Reasoning,
    Signature,
    Text,
    ToolCall,
)
from farebox.dialects.exchange import JobStamp
from farebox.dialects.reply import Answer, Ended
from farebox.domain.usage import Usage

JOB = JobStamp(UUID(int=7), "public-model")
CODEC: Codec = gemini_codec
TARGET = Target("m", has_thinking_level=False)
some = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@some
@given(conversations())
def test_counted_requests_are_the_input(conversation: Conversation) -> None:
    """What countTokens asks about is the request without what concerns its output."""
    raw = gemini_codec.write_count_request(conversation, TARGET)
    read = gemini_codec.read_count_request(raw, model="m")
    assert (read.messages, read.system, read.tools) == (conversation.messages, conversation.system, conversation.tools)


def stamp(answer: Answer) -> AnswerStamp:
    return AnswerStamp(JOB, 1, answer.usage or Usage(), "0.5")


@some
@given(answers(), st.data())
def test_growing_arrays_survive_any_split(answer: Answer, draw: Any) -> None:
    """As one JSON array, too, a stream gives the same events however it is split: those of the answer."""
    writer = gemini_codec.stream_writer(JOB, 1, form="array")
    raw = writer.write(events_of(answer)) + writer.finish("0.5", answer.usage or Usage())
    assert isinstance(msgspec.json.decode(raw), list)
    events = events_in(gemini_codec, [raw])
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(raw)), max_size=12)))
    pieces = [raw[start:end] for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    assert events_in(gemini_codec, pieces) == events
    assert events_in(gemini_codec, [bytes([byte]) for byte in raw]) == events
    assert isinstance(events[-1], Ended)
    gathered = gather(events)
    assert (gathered.choices, gathered.usage) == (answer.choices, answer.usage)


@some
@given(answers(), st.booleans())
def test_signatures_come_back_through_gemini_clients(answer: Answer, urlsafe: bool) -> None:
    """A client that sends an answer back returns every provider's signature, though its SDK encodes base64 anew."""
    content = msgspec.json.decode(gemini_codec.write_answer(answer, stamp(answer)))["candidates"][0]["content"]
    for part in content["parts"]:
        # Gemini's own stay as they are; an SDK would decode and encode them as it does the others.
        if urlsafe and part.get("thoughtSignature", "").startswith("ZmIxOn"):
            part["thoughtSignature"] = part["thoughtSignature"].replace("+", "-").replace("/", "_")
    if not content["parts"]:
        return
    raw = msgspec.json.encode({"contents": [{"parts": [{"text": "go"}]}, content]})
    assert gemini_codec.read_request(raw, model="m").messages[1].parts == answer.choices[0].parts


@given(opaque)
def test_only_the_owner_gets_a_signature(value: str) -> None:
    """Another provider's signature or sealed thought never reaches Google; Google's own reaches it unchanged."""
    for by in ("gemini", "anthropic"):
        signature = Signature(value, by)  # type: ignore[arg-type]
        call = ToolCall("c", "f", "{}", signature)
        parts = (Reasoning("thought", signature), Reasoning(sealed=signature), Text("so", signature=signature), call)
        conversation = Conversation("m", (Message("assistant", parts),))
        written = msgspec.json.decode(gemini_codec.write_request(conversation, TARGET))["contents"][0]["parts"]
        found = [part.get("thoughtSignature") for part in written]
        assert found == ([value] * 3 if by == "gemini" else [None, None])
        strict = msgspec.json.decode(gemini_codec.write_request(conversation, Target("m")))["contents"][0]["parts"]
        expected = value if by == "gemini" else "skip_thought_signature_validator"
        assert strict[-1]["thoughtSignature"] == expected


def test_facts_name_every_feature() -> None:
    """The module has all that a codec must have."""
    assert CODEC.DIALECT == "gemini"
    assert set(CODEC.FACTS) == set(anthropic_codec.FACTS)
