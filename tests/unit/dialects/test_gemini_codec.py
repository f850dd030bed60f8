"""Gemini's dialect against the model of conversations: what is read and written again is the same."""

from typing import Any
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.conversations import (
    data,
    events_of,
    ids,
    json_objects,
    names,
    opaque,
    schemas,
    signatures,
    urls,
    usages,
    words,
)

from farebox.dialects import anthropic_codec, gemini_codec
from farebox.dialects.codec import AnswerStamp, Codec, Target
from farebox.dialects.conversation import (
    Audio,
    Conversation,
    Document,
    Image,
    Inline,
    JsonObject,
    JsonSchema,
    Message,
    Reasoning,
    ReasoningWish,
    Sampling,
    Signature,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Url,
)
from farebox.dialects.exchange import JobStamp
from farebox.dialects.gathering import gather
from farebox.dialects.gemini_parts import append_part
from farebox.dialects.reply import Answer, Choice, Ended, Stop, TokenLogprob
from farebox.dialects.translation import TranslatedStream
from farebox.domain.usage import Usage

JOB = JobStamp(UUID(int=7), "public-model")
CODEC: Codec = gemini_codec
TARGET = Target("m", has_thinking_level=False)
some = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))

images = st.builds(Inline, st.sampled_from(["image/png", "image/webp"]), data) | st.builds(
    Url, urls, st.just("image/png")
)
documents = st.builds(Inline, st.sampled_from(["application/pdf", "text/plain"]), data) | st.builds(
    Url, urls, st.just("application/pdf")
)
media = st.one_of(
    st.builds(Image, images),
    st.builds(Document, documents),
    st.builds(Audio, st.builds(Inline, st.just("audio/wav"), data)),
)
signed = st.none() | signatures("gemini")
results = st.one_of(words, json_objects, st.sampled_from(['{"output":"x"}', '{"error":1}', "{}", "", '{ "a":1}', "{"]))


def merged(parts: list[Any]) -> tuple[Any, ...]:
    """The form that a reader gives: neighbours of one kind are one part."""
    found: list[Any] = []
    for part in parts:
        append_part(found, part)
    return tuple(found)


@st.composite
def conversations(draw: Any) -> Conversation:
    messages = [Message("user", tuple(draw(st.lists(st.builds(Text, words) | media, min_size=1, max_size=3))))]
    for number in range(draw(st.integers(0, 2))):
        calls = [
            ToolCall(f"call_{number}_{index}", draw(names), draw(json_objects), draw(signed))
            for index in range(draw(st.integers(0, 2)))
        ]
        said = st.builds(Text, words, signature=signed) | st.builds(Reasoning, words, signed)
        messages.append(Message("assistant", merged([*draw(st.lists(said, min_size=1, max_size=3)), *calls])))
        given_back = [
            ToolResult(call.id, (Text(draw(results)), *draw(st.lists(media, max_size=1))), draw(st.booleans()))
            for call in calls
        ]
        messages.append(Message("user", (*given_back, Text(draw(words)))))
    is_strict = draw(st.sampled_from([None, True]))
    tools = tuple(draw(st.lists(st.builds(Tool, names, st.none() | words, schemas, st.just(is_strict)), max_size=2)))
    choices = [None, ToolChoice("none"), ToolChoice("required"), ToolChoice("required", ("tool",))]
    choices += [ToolChoice("auto", ("tool", "other"))] if not is_strict else []
    choice = draw(st.sampled_from(choices)) if tools and not is_strict else None
    if tools and is_strict:
        choice = ToolChoice("auto")
    return Conversation(
        model="m",
        messages=tuple(messages),
        system=tuple(draw(st.lists(st.builds(Text, words), max_size=2))),
        tools=tools,
        tool_choice=choice,
        output_format=draw(st.none() | st.just(JsonObject()) | st.builds(JsonSchema, schemas)),
        most_output_tokens=draw(st.none() | st.integers(1, 100_000)),
        stop_sequences=tuple(draw(st.lists(words, max_size=2))),
        sampling=draw(
            st.builds(
                Sampling,
                temperature=st.none() | st.floats(0, 2),
                top_p=st.none() | st.floats(0, 1),
                top_k=st.none() | st.integers(0, 100),
                seed=st.none() | st.integers(-(2**31), 2**31 - 1),
                presence_penalty=st.none() | st.floats(-2, 2),
                frequency_penalty=st.none() | st.floats(-2, 2),
                answers=st.integers(1, 4),
                logprobs=st.booleans(),
                top_logprobs=st.none() | st.integers(0, 20),
            )
        ),
        reasoning=draw(
            st.sampled_from(
                [
                    None,
                    ReasoningWish(effort="none"),
                    ReasoningWish(budget_tokens=2048, show="summary"),
                    ReasoningWish(is_adaptive=True, show="hidden"),
                    ReasoningWish(show="summary"),
                ]
            )
        ),
        stream=draw(st.booleans()),
    )


@some
@given(conversations())
def test_requests_survive(conversation: Conversation) -> None:
    """A conversation written as a Gemini request and read again says exactly the same; and so does the request."""
    raw = gemini_codec.write_request(conversation, TARGET)
    read = gemini_codec.read_request(raw, model="m", stream=conversation.stream)
    assert read == conversation
    assert gemini_codec.write_request(read, TARGET) == raw


@some
@given(conversations())
def test_counted_requests_are_the_input(conversation: Conversation) -> None:
    """What countTokens asks about is the request without what concerns its output."""
    raw = gemini_codec.write_count_request(conversation, TARGET)
    read = gemini_codec.read_count_request(raw, model="m")
    assert (read.messages, read.system, read.tools) == (conversation.messages, conversation.system, conversation.tools)


def answers() -> st.SearchStrategy[Answer]:
    """Answers of any dialect: their signatures too must come back through a client of Gemini."""
    anyone = st.none() | signatures("gemini") | signatures("anthropic") | signatures("openai_chat")
    sealed = st.builds(Reasoning, st.just("") | words, sealed=signatures("openai_responses"), id=st.none() | ids)
    said = st.one_of(
        st.builds(Text, words, signature=anyone),
        st.builds(Reasoning, words, anyone),
        sealed,
        st.builds(ToolCall, ids, names, json_objects, anyone),
    )
    logprob = st.builds(TokenLogprob, words, st.floats(-20, 0))
    token = st.builds(TokenLogprob, words, st.floats(-20, 0), st.none(), st.lists(logprob, max_size=2).map(tuple))

    def choice(parts: list[Any], reason: str, tokens: list[TokenLogprob] | None) -> Choice:
        has_calls = any(isinstance(part, ToolCall) for part in parts)
        stop = Stop("tool_calls" if has_calls and reason == "end" else reason)  # type: ignore[arg-type]
        return Choice(merged(parts), stop, None if tokens is None else tuple(tokens))

    stops = st.sampled_from(["end", "length", "filtered"])
    tokens = st.none() | st.lists(token, min_size=1, max_size=2)
    choices = st.builds(choice, st.lists(said, max_size=4), stops, tokens)
    return st.builds(Answer, st.lists(choices, min_size=1, max_size=2).map(tuple), usages().map(without_writes))


def without_writes(usage: Usage) -> Usage:
    return msgspec.structs.replace(usage, cache_write_tokens=0)


def stamp(answer: Answer) -> AnswerStamp:
    return AnswerStamp(JOB, 1, answer.usage or Usage(), "0.5")


@some
@given(answers())
def test_answers_survive(answer: Answer) -> None:
    """A plain answer written and read again is the same, signatures, log probabilities and usage included."""
    read = gemini_codec.read_answer(200, "", gemini_codec.write_answer(answer, stamp(answer)))
    assert isinstance(read, Answer)
    assert (read.choices, read.usage) == (answer.choices, answer.usage)


@some
@given(answers(), st.sampled_from(["sse", "array"]), st.data())
def test_streams_survive_any_split(answer: Answer, form: Any, draw: Any) -> None:
    """In both forms a stream gives the same events however it is split, and they make up the same answer."""
    writer = gemini_codec.stream_writer(JOB, 1, form=form)
    raw = writer.write(events_of(answer)) + writer.finish("0.5", answer.usage or Usage())
    if form == "array":
        assert isinstance(msgspec.json.decode(raw), list)
    whole = gemini_codec.stream_reader()
    events = whole.feed(raw) + whole.end_of_input()
    cuts = sorted(draw.draw(st.lists(st.integers(0, len(raw)), max_size=12)))
    pieces = [raw[start:end] for start, end in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    for split in (pieces, [bytes([byte]) for byte in raw]):
        reader = gemini_codec.stream_reader()
        assert [event for piece in split for event in reader.feed(piece)] + reader.end_of_input() == events
    assert isinstance(events[-1], Ended)
    gathered = gather(events, "gemini")
    assert (gathered.choices, gathered.usage) == (answer.choices, answer.usage)


@some
@given(answers())
def test_a_translated_stream_is_the_translated_answer(answer: Answer) -> None:
    """A client of Anthropic's dialect sees the same of a Gemini provider whether it asked for a stream or not."""
    answer = msgspec.structs.replace(answer, choices=answer.choices[:1])
    writer = gemini_codec.stream_writer(JOB, 1)
    raw = writer.write(events_of(answer)) + writer.finish(None, answer.usage or Usage())
    stream = TranslatedStream(anthropic_codec, gemini_codec, JOB, 1)
    out = stream.feed(raw) + stream.end_of_input() + stream.finish("0.5", answer.usage or Usage())
    assert stream.usage == answer.usage
    reader = anthropic_codec.stream_reader()
    streamed = gather(reader.feed(out) + reader.end_of_input(), "anthropic")
    provided = gemini_codec.read_answer(200, "", gemini_codec.write_answer(answer, stamp(answer)))
    assert isinstance(provided, Answer)
    plain = anthropic_codec.read_answer(200, "", anthropic_codec.write_answer(provided, stamp(answer)))
    assert isinstance(plain, Answer)
    if streamed.choices and streamed.choices[0].parts:
        assert [c.parts for c in streamed.choices] == [c.parts for c in plain.choices]


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
