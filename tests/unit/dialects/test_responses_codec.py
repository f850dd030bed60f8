"""OpenAI's responses both ways against the conversation model, on generated data and on what must be refused."""

import json
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from farebox.dialects import responses_codec as codec
from farebox.dialects.codec import AnswerStamp, Codec, Target
from farebox.dialects.conversation import (
    AssistantPart,
    Conversation,
    Document,
    Effort,
    Image,
    Inline,
    JsonObject,
    JsonSchema,
    Message,
    Reasoning,
    ReasoningWish,
    RefusalPart,
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
from farebox.dialects.reply import (
    Answer,
    Choice,
    Ended,
    Event,
    LogprobsDelta,
    PartEnded,
    ReasoningDelta,
    RefusalDelta,
    SignatureDelta,
    Started,
    Stop,
    Stopped,
    TextDelta,
    TokenLogprob,
    ToolArgumentsDelta,
    ToolCallStarted,
    UsageReported,
)
from farebox.domain.usage import Usage

JOB = JobStamp(UUID(int=0xABC), "public-model")
CODEC: Codec = codec

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)
texts = st.builds(Text, words)
names = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
schemas = st.sampled_from([b'{"type":"object","properties":{}}', b'{"type":"object","required":["a"]}']).map(
    msgspec.Raw
)
base64s = st.sampled_from(["QUJD", "", "aGk="])
images = st.builds(
    Image,
    st.builds(Inline, st.sampled_from(["image/png", "image/webp"]), base64s) | st.builds(Url, st.just("https://a.b/c")),
    st.none() | st.sampled_from(["low", "high", "auto"]),
)
documents = st.builds(
    Document, st.builds(Inline, st.sampled_from(["application/pdf", "text/plain"]), base64s), names
) | st.builds(Document, st.builds(Url, st.just("https://a.b/c.pdf")))
arguments = st.dictionaries(names, st.integers() | words, max_size=2).map(json.dumps)
calls = st.builds(ToolCall, names, names, arguments)
own = st.builds(Signature, words.filter(lambda text: not text.startswith("fb1.")), st.just("openai_responses"))
foreign = st.builds(Signature, words, st.sampled_from(["anthropic", "gemini", "openai_chat"]))
thoughts = st.builds(Reasoning, words | st.just(""), st.none(), own, names.map("rs_{}".format))
results = st.builds(ToolResult, names, st.lists(texts | images | documents, max_size=2).map(tuple))
user_turns = st.tuples(st.lists(results, max_size=2), st.lists(texts | images | documents, min_size=1, max_size=2)).map(
    lambda both: Message("user", (*both[0], *both[1]))
)
assistant_turns = st.lists(
    texts | calls | thoughts | st.builds(RefusalPart, words),
    min_size=1,
    max_size=4,
    unique_by=lambda part: getattr(part, "id", None) or id(part),
).map(lambda parts: Message("assistant", tuple(parts)))
system_turns = texts.map(lambda text: Message("system", (text,)))
messages = st.lists(st.tuples(user_turns, assistant_turns | system_turns), max_size=2).flatmap(
    lambda pairs: user_turns.map(lambda last: (*(turn for pair in pairs for turn in pair), last))
)
choices = st.builds(ToolChoice, st.sampled_from(["auto", "none", "required"])) | st.builds(
    ToolChoice, st.sampled_from(["auto", "required"]), st.lists(names, min_size=1, max_size=2).map(tuple)
)
efforts: st.SearchStrategy[Effort] = st.sampled_from(["none", "minimal", "low", "medium", "high", "xhigh"])
wishes = st.builds(ReasoningWish, efforts, show=st.sampled_from([None, "summary"]))
conversations = st.builds(
    Conversation,
    model=st.just("upstream"),
    messages=messages,
    system=st.lists(texts, max_size=3).map(tuple),
    tools=st.lists(st.builds(Tool, names, st.none() | words, schemas, st.sampled_from([None, True])), max_size=2).map(
        tuple
    ),
    tool_choice=st.none() | choices,
    parallel_tools=st.none() | st.booleans(),
    output_format=st.none()
    | st.just(JsonObject())
    | st.builds(JsonSchema, schemas, names, st.none() | words, st.none() | st.booleans()),
    most_output_tokens=st.none() | st.integers(1, 10_000),
    sampling=st.builds(
        Sampling, temperature=st.none() | st.floats(0, 2), top_p=st.none() | st.floats(0, 1), logprobs=st.just(False)
    )
    | st.builds(Sampling, logprobs=st.just(True), top_logprobs=st.none() | st.integers(0, 20)),
    reasoning=st.none() | wishes,
    verbosity=st.sampled_from([None, "low", "high"]),
    end_user=st.none() | words,
    cache_key=st.none() | words,
    stream=st.booleans(),
)


@given(conversations)
def test_a_request_written_and_read_is_the_same(conversation: Conversation) -> None:
    """Nothing of a conversation is lost or changed on its way through the dialect's request."""
    raw = codec.write_request(conversation, Target("upstream"))
    assert json.loads(raw)["store"] is False
    assert codec.read_request(raw) == conversation


@given(st.lists(calls | texts, min_size=1, max_size=3), foreign)
def test_foreign_signatures_travel_through_the_client(parts: list[Any], signature: Signature) -> None:
    """Signatures of texts, calls and thoughts of other providers come back as they went, each with its part."""
    given = (
        Reasoning("thought", signature),
        Reasoning(sealed=signature),
        *(msgspec.structs.replace(part, signature=signature) for part in parts),
    )
    answer = Answer((Choice(given, Stop("end")),))
    response = json.loads(codec.write_answer(answer, AnswerStamp(JOB, 0, Usage())))
    raw = json.dumps({"model": "m", "input": [{"role": "user", "content": "x"}, *response["output"]]}).encode()
    (_, turn) = codec.read_request(raw).messages
    kept = [msgspec.structs.replace(part, id=None) if isinstance(part, Reasoning) else part for part in turn.parts]
    assert kept == list(given)


answered: st.SearchStrategy[AssistantPart] = texts | calls | thoughts | st.builds(RefusalPart, words)
logprobs = st.lists(
    st.builds(TokenLogprob, words, st.floats(-9, 0), st.just((65,)), st.just(())), min_size=1, max_size=2
).map(tuple)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Answers as this dialect can tell them: the stop follows from the parts."""
    parts = draw(
        st.lists(answered, min_size=1, max_size=5, unique_by=lambda part: getattr(part, "id", None) or id(part))
    )
    kinds = {type(part) for part in parts}
    usual = "tool_calls" if ToolCall in kinds else "refusal" if RefusalPart in kinds else "end"
    stop = Stop(draw(st.sampled_from([usual, "length", "filtered"])))
    tokens = draw(st.none() | logprobs) if Text in kinds else None
    counts = st.integers(0, 50)
    usage = Usage(100, draw(counts), draw(counts), output_tokens=60, reasoning_tokens=draw(counts))
    return Answer((Choice(tuple(parts), stop, tokens),), usage, f"resp_{JOB.job_id.hex}", "public-model")


def as_events(answer: Answer, size: int) -> list[Event]:
    """The answer as a provider's stream would tell it, in pieces of `size` characters."""
    (choice,) = answer.choices
    events: list[Event] = [Started(answer.id, answer.model)]
    tokens = choice.logprobs
    for number, part in enumerate(choice.parts):
        match part:
            case Text():
                events += [TextDelta(piece, number) for piece in pieces(part.text, size)]
                if tokens:
                    events.append(LogprobsDelta(tokens))
                    tokens = None
            case RefusalPart():
                events += [RefusalDelta(piece, number) for piece in pieces(part.text, size)]
            case ToolCall():
                events.append(ToolCallStarted(part.id, part.name, number))
                events += [ToolArgumentsDelta(piece, number) for piece in pieces(part.arguments_json, size)]
            case Reasoning():
                events += [ReasoningDelta(piece, number, 0, part.id) for piece in pieces(part.text, size)]
                assert part.sealed is not None
                events.append(SignatureDelta(part.sealed, number, 0, True, part.id))
            case _:
                raise AssertionError(part)
        signature = getattr(part, "signature", None)
        if signature is not None:
            events.append(SignatureDelta(signature, number))
        events.append(PartEnded(number))
    assert choice.stop is not None
    assert answer.usage is not None
    return [*events, UsageReported(answer.usage), Stopped(choice.stop), Ended()]


def pieces(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def streamed(answer: Answer, size: int) -> bytes:
    assert answer.usage is not None
    writer = codec.stream_writer(JOB, 7)
    out = b"".join(writer.write([event]) for event in as_events(answer, size))
    return out + writer.finish("0.5", answer.usage)


def decoded(stream: bytes) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in stream.decode().split("\n") if line.startswith("data: ")]


@given(answers())
def test_an_answer_written_and_read_is_the_same(answer: Answer) -> None:
    """Nothing of an answer is lost or changed on its way through the dialect's response."""
    assert answer.usage is not None
    raw = codec.write_answer(answer, AnswerStamp(JOB, 7, answer.usage, "0.5"))
    assert json.loads(raw)["usage"]["cost"] == "0.5"
    assert codec.read_answer(200, "application/json", raw) == answer


@given(answers(), st.integers(1, 5), st.integers(1, 90))
def test_a_stream_written_and_read_is_the_same(answer: Answer, size: int, split: int) -> None:
    """A stream says what the plain answer says, however it was cut into deltas and its bytes into chunks."""
    assert answer.usage is not None
    stream = streamed(answer, size)
    reader = codec.stream_reader()
    events: list[Event] = []
    for at in range(0, len(stream), split):
        events += reader.feed(stream[at : at + split])
    events += reader.end_of_input()
    assert gather(events, "openai_responses") == answer
    assert isinstance(events[-1], Ended)
    plain = json.loads(codec.write_answer(answer, AnswerStamp(JOB, 7, answer.usage, "0.5")))
    assert decoded(stream)[-1]["response"] == plain


@given(answers(), st.integers(1, 5))
def test_a_stream_is_one_that_clients_can_follow(answer: Answer, size: int) -> None:
    """Events are numbered without a gap, each item and part is opened before and closed after it is said."""
    events = decoded(streamed(answer, size))
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert [event["type"] for event in events[:2]] == ["response.created", "response.in_progress"]
    items: list[Any] = []
    said: dict[tuple[str, int, int], str] = {}
    for event in events:
        kind = event["type"].removeprefix("response.")
        index: int = event.get("output_index", -1)
        if kind == "output_item.added":
            assert index == len(items)
            items.append(None)
        elif kind == "output_item.done":
            assert index == len(items) - 1
            assert items[index] is None
            items[index] = event["item"]
        elif kind.endswith(".delta"):
            assert items[index] is None
            key = (event["item_id"], index, event.get("content_index", event.get("summary_index", 0)))
            said[key] = said.get(key, "") + event["delta"]
        elif kind.endswith(("text.done", "arguments.done")) or kind == "refusal.done":
            key = (event["item_id"], index, event.get("content_index", event.get("summary_index", 0)))
            whole = event.get("text", event.get("arguments", event.get("refusal")))
            assert said.get(key, "") == whole
    last = events[-1]["response"]
    assert [item["id"] for item in last["output"]] == [item["id"] for item in items]
    assert events[-1]["type"] == f"response.{last['status']}"
