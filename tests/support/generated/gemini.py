"""Conversations and answers of Gemini's generateContent, drawn by hypothesis.

Each strategy stays within what the dialect can say, in the form in which its reader gives it: a round trip is then the
identity.
"""

from typing import Any

import msgspec
from hypothesis import strategies as st
from tests.support.generated.values import data, ids, json_objects, names, schemas, signatures, urls, usages, words

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
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Url,
)
from farebox.dialects.gemini_parts import append_part
from farebox.dialects.reply import Answer, Choice, Stop, TokenLogprob
from farebox.domain.usage import Usage

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
    one_of_each_id = st.lists(said, max_size=4, unique_by=lambda part: getattr(part, "id", None) or id(part))
    choices = st.builds(choice, one_of_each_id, stops, tokens)
    return st.builds(Answer, st.lists(choices, min_size=1, max_size=2).map(tuple), usages().map(without_writes))


def without_writes(usage: Usage) -> Usage:
    return msgspec.structs.replace(usage, cache_write_tokens=0)
