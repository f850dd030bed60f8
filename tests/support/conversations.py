"""Generated conversations and answers: what hypothesis draws for the round trips of codecs.

Each strategy stays within what one dialect can say, in the form in which its reader gives it: a round trip is then the
identity.
"""

import base64
import json

import msgspec
from hypothesis import strategies as st

from farebox.dialects.conversation import (
    AssistantPart,
    Audio,
    CacheMarker,
    Conversation,
    Dialect,
    Document,
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

words = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=30)
names = st.text("abcXYZ_09", min_size=1, max_size=8).map("n{}".format)
ids = st.text("abcXYZ09", min_size=8, max_size=12).map("id_{}".format)
opaque = st.text("abcXYZ09+/", min_size=8, max_size=40)
data = st.binary(min_size=1, max_size=30).map(lambda raw: base64.b64encode(raw).decode())
urls = st.text("abcxyz", min_size=1, max_size=9).map("https://pictures.example/{}.png".format)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | words,
    lambda inner: st.lists(inner, max_size=3) | (st.dictionaries(names, inner, max_size=3)),
    max_leaves=6,
)
json_objects = st.dictionaries(names, json_values, max_size=4).map(
    lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))
)
schemas = st.dictionaries(names, st.sampled_from(["string", "integer", "boolean"]), max_size=3).map(
    lambda fields: msgspec.Raw(
        json.dumps(
            {"type": "object", "properties": {name: {"type": kind} for name, kind in fields.items()}},
            separators=(",", ":"),
        ).encode()
    )
)
markers = st.none() | st.sampled_from([CacheMarker(), CacheMarker("5m")])
flags = st.none() | st.booleans()


def signatures(by: Dialect) -> st.SearchStrategy[Signature]:
    return st.builds(Signature, opaque, st.just(by))


def _few(items: st.SearchStrategy, least: int = 0) -> st.SearchStrategy:
    return st.lists(items, min_size=least, max_size=3).map(tuple)


inline_images = st.builds(Inline, st.sampled_from(["image/png", "image/jpeg"]), data)
inline_pdfs = st.builds(Inline, st.just("application/pdf"), data)


def usages() -> st.SearchStrategy[Usage]:
    count = st.integers(0, 100_000)
    return st.builds(
        lambda plain, cached, written, output, reasoning: Usage(
            input_tokens=plain + cached + written,
            cached_input_tokens=cached,
            cache_write_tokens=written,
            output_tokens=output + reasoning,
            reasoning_tokens=reasoning,
        ),
        st.integers(1, 100_000),
        count,
        count,
        count,
        count,
    )


# Anthropic


def anthropic_conversations() -> st.SearchStrategy[Conversation]:
    text = st.builds(Text, words, cache=markers)
    image = st.builds(Image, inline_images | st.builds(Url, urls), cache=markers)
    document = st.builds(
        Document,
        inline_pdfs | st.builds(Url, urls, st.just("application/pdf")) | st.just(Inline("text/plain", "aGVsbG8=")),
        name=st.none() | words,
        cache=markers,
    )
    result = st.builds(ToolResult, ids, _few(text | image | document), st.booleans(), markers)
    call = st.builds(ToolCall, ids, names, json_objects, cache=markers)
    reasoning = st.builds(Reasoning, st.just("") | words, signatures("anthropic")) | st.builds(
        Reasoning, sealed=signatures("anthropic")
    )
    user = st.builds(
        lambda results, others: Message("user", results + others), _few(result), _few(text | image | document, 1)
    )
    assistant = st.builds(Message, st.just("assistant"), _few(text | reasoning | call, 1))
    return st.builds(
        Conversation,
        model=names,
        messages=_few(user | assistant | st.builds(Message, st.just("system"), _few(text, 1)), 1),
        system=_few(text),
        tools=_few(st.builds(Tool, names, st.none() | words, schemas, flags, markers), 1),
        tool_choice=st.sampled_from([ToolChoice("auto"), ToolChoice("required"), ToolChoice("required", ("tool",))]),
        parallel_tools=flags,
        output_format=st.none() | st.builds(JsonSchema, schemas),
        most_output_tokens=st.integers(1, 100_000),
        stop_sequences=_few(words),
        sampling=st.builds(
            Sampling,
            temperature=st.none() | st.floats(0, 1),
            top_p=st.none() | st.floats(0, 1),
            top_k=st.none() | st.integers(0, 500),
        ),
        reasoning=st.sampled_from(
            [
                None,
                ReasoningWish(effort="none"),
                ReasoningWish(budget_tokens=2048),
                ReasoningWish(budget_tokens=1024, effort="low", show="hidden"),
                ReasoningWish(effort="high", is_adaptive=True, show="summary"),
                ReasoningWish(is_adaptive=True),
            ]
        ),
        end_user=st.none() | ids,
        cache=markers,
        stream=st.booleans(),
    )


def anthropic_answers() -> st.SearchStrategy[Answer]:
    part = (
        st.builds(Text, words)
        | st.builds(ToolCall, ids, names, json_objects)
        | st.builds(Reasoning, st.just("") | words, st.none() | signatures("anthropic")).filter(
            lambda reasoning: bool(reasoning.text or reasoning.signature)
        )
        | st.builds(Reasoning, sealed=signatures("anthropic"))
    )
    reasons = st.sampled_from(["end", "length", "tool_calls", "paused", "refusal", "context_full"])
    stop = st.builds(Stop, reasons) | st.builds(Stop, st.just("stop_sequence"), words)
    return st.builds(lambda parts, stop, usage: Answer((Choice(parts, stop),), usage), _few(part), stop, usages())


# OpenAI chat completions


def openai_chat_conversations() -> st.SearchStrategy[Conversation]:
    text = st.builds(Text, words)
    image = st.builds(Image, inline_images | st.builds(Url, urls), st.none() | st.sampled_from(["low", "high", "auto"]))
    document = st.builds(Document, inline_pdfs, words)
    audio = st.builds(Audio, st.builds(Inline, st.sampled_from(["audio/wav", "audio/mpeg"]), data))
    result = st.builds(ToolResult, ids, _few(text))
    call = st.builds(ToolCall, ids, names, json_objects, signature=st.none() | signatures("openai_chat"))
    reasoning = (
        st.lists(st.builds(Reasoning, words, signatures("openai_chat")), max_size=2)
        | st.lists(st.builds(Reasoning, sealed=signatures("openai_chat"), id=st.none() | ids), max_size=2)
        | st.lists(st.builds(Reasoning, words), max_size=1)
    )
    name = st.none() | names
    user = st.builds(Message, st.just("user"), _few(text | image | document | audio, 1), name)
    results = st.builds(Message, st.just("user"), _few(result, 1))
    assistant = st.builds(
        lambda reasoning, texts, refusals, calls, name: Message(
            "assistant", (*reasoning, *texts, *refusals, *calls), name
        ),
        reasoning,
        _few(text, 1),
        st.lists(st.builds(RefusalPart, words), max_size=1),
        _few(call),
        name,
    )
    turns = st.lists(user | assistant | st.tuples(assistant, results, user), min_size=1, max_size=3).map(
        lambda found: tuple(turn for entry in found for turn in (entry if isinstance(entry, tuple) else (entry,)))
    )
    return st.builds(
        Conversation,
        model=names,
        messages=turns,
        system=_few(text),
        tools=_few(st.builds(Tool, names, st.none() | words, schemas, flags), 1),
        tool_choice=st.sampled_from(
            [
                None,
                ToolChoice("auto"),
                ToolChoice("none"),
                ToolChoice("required"),
                ToolChoice("required", ("tool",)),
                ToolChoice("auto", ("tool", "other")),
            ]
        ),
        parallel_tools=flags,
        output_format=st.none()
        | st.just(JsonObject())
        | st.builds(JsonSchema, schemas, names, st.none() | words, flags),
        most_output_tokens=st.none() | st.integers(1, 100_000),
        stop_sequences=_few(words),
        sampling=st.builds(
            Sampling,
            temperature=st.none() | st.floats(0, 2),
            top_p=st.none() | st.floats(0, 1),
            seed=st.none() | st.integers(0, 2**40),
            presence_penalty=st.none() | st.floats(-2, 2),
            frequency_penalty=st.none() | st.floats(-2, 2),
            answers=st.integers(1, 4),
        )
        | st.just(Sampling(logprobs=True, top_logprobs=3)),
        reasoning=st.none()
        | st.builds(ReasoningWish, st.sampled_from(["none", "minimal", "low", "medium", "high", "xhigh"])),
        verbosity=st.none() | st.sampled_from(["low", "medium", "high"]),
        end_user=st.none() | ids,
        cache_key=st.none() | ids,
        stream=st.just(True),
        wants_stream_usage=st.just(True),
    )


def openai_chat_answers() -> st.SearchStrategy[Answer]:
    logprob = st.floats(-20, 0)
    token = st.builds(TokenLogprob, words, logprob, st.none() | _few(st.integers(0, 255)))
    tokens = st.builds(TokenLogprob, words, logprob, st.none(), _few(token))
    return st.builds(
        Answer,
        st.lists(_openai_chat_choices(tokens), min_size=1, max_size=2).map(tuple),
        usages(),
    )


def _openai_chat_choices(tokens: st.SearchStrategy[TokenLogprob]) -> st.SearchStrategy[Choice]:
    reasoning = st.lists(
        st.builds(Reasoning, words, st.none() | signatures("openai_chat") | signatures("anthropic"))
        | st.builds(Reasoning, sealed=signatures("openai_chat") | signatures("gemini")),
        max_size=2,
    )
    text = st.lists(st.builds(Text, words, signature=st.none() | signatures("gemini")), max_size=1)
    calls = st.lists(st.builds(ToolCall, ids, names, json_objects, st.none() | signatures("gemini")), max_size=3)
    said = st.builds(lambda *lists: tuple(part for parts in lists for part in parts), reasoning, text)

    def choice(parts: tuple, calls: list[ToolCall], stop: str, tokens: tuple | None) -> Choice:
        reason = "tool_calls" if calls and stop == "end" else stop
        return Choice((*parts, *calls), Stop(reason), tokens)  # type: ignore[arg-type]

    stops = st.sampled_from(["end", "length", "filtered"])
    return st.builds(choice, said, calls, stops, st.none() | _few(tokens, 1))


def events_of(answer: Answer) -> list[Event]:
    """The stream that this answer could have come as: two pieces of everything that comes in pieces."""
    events: list[Event] = [Started("provider-id", "provider-model", None)]
    for index, choice in enumerate(answer.choices):
        for number, part in enumerate(choice.parts):
            events += _events_of_part(part, number, index)
            events.append(PartEnded(number, index))
        if choice.logprobs is not None:
            events.append(LogprobsDelta(choice.logprobs, index))
        if choice.stop is not None:
            events.append(Stopped(choice.stop, index))
    if answer.usage is not None:
        events.append(UsageReported(answer.usage))
    events.append(Ended())
    return events


def _events_of_part(part: AssistantPart, number: int, index: int) -> list[Event]:
    match part:
        case Text():
            events: list[Event] = [TextDelta(piece, number, index) for piece in _halves(part.text)]
        case RefusalPart():
            return [RefusalDelta(piece, number, index) for piece in _halves(part.text)]
        case ToolCall():
            events = [ToolCallStarted(part.id, part.name, number, index)]
            events += [ToolArgumentsDelta(piece, number, index) for piece in _halves(part.arguments_json)]
        case Reasoning():
            events = [ReasoningDelta(piece, number, index, part.id) for piece in _halves(part.text)]
            if part.sealed is not None:
                events.append(SignatureDelta(part.sealed, number, index, True, part.id))
        case _:
            raise AssertionError(part)
    if part.signature is not None:
        halves = [Signature(piece, part.signature.by) for piece in _halves(part.signature.value)]
        # Only OpenAI's dialect and ours give a signature in pieces, and always with its mark in the first.
        events += [SignatureDelta(piece, number, index) for piece in halves]
    return events


def _halves(text: str) -> list[str]:
    middle = len(text) // 2
    return [piece for piece in (text[:middle], text[middle:]) if piece]
