"""Conversations and answers of Anthropic's messages, drawn by hypothesis.

Each strategy stays within what the dialect can say, in the form in which its reader gives it: a round trip is then the
identity.
"""

from hypothesis import strategies as st
from tests.support.generated.values import (
    few,
    flags,
    ids,
    inline_images,
    inline_pdfs,
    json_objects,
    markers,
    names,
    schemas,
    signatures,
    urls,
    usages,
    words,
)

from farebox.dialects.conversation import (
    Conversation,
    Document,
    Image,
    Inline,
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
from farebox.dialects.reply import Answer, Choice, Stop


def conversations() -> st.SearchStrategy[Conversation]:
    text = st.builds(Text, words, cache=markers)
    image = st.builds(Image, inline_images | st.builds(Url, urls), cache=markers)
    document = st.builds(
        Document,
        inline_pdfs | st.builds(Url, urls, st.just("application/pdf")) | st.just(Inline("text/plain", "aGVsbG8=")),
        name=st.none() | words,
        cache=markers,
    )
    result = st.builds(ToolResult, ids, few(text | image | document), st.booleans(), markers)
    call = st.builds(ToolCall, ids, names, json_objects, cache=markers)
    reasoning = st.builds(Reasoning, st.just("") | words, signatures("anthropic")) | st.builds(
        Reasoning, sealed=signatures("anthropic")
    )
    user = st.builds(
        lambda results, others: Message("user", results + others), few(result), few(text | image | document, 1)
    )
    assistant = st.builds(Message, st.just("assistant"), few(text | reasoning | call, 1))
    return st.builds(
        Conversation,
        model=names,
        messages=few(user | assistant | st.builds(Message, st.just("system"), few(text, 1)), 1),
        system=few(text),
        tools=few(st.builds(Tool, names, st.none() | words, schemas, flags, markers), 1),
        tool_choice=st.sampled_from([ToolChoice("auto"), ToolChoice("required"), ToolChoice("required", ("tool",))]),
        parallel_tools=flags,
        output_format=st.none() | st.builds(JsonSchema, schemas),
        most_output_tokens=st.integers(1, 100_000),
        stop_sequences=few(words),
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
                ReasoningWish(budget_tokens=2048, show="summary"),
                ReasoningWish(budget_tokens=1024, effort="low", show="hidden"),
                ReasoningWish(effort="high", is_adaptive=True, show="summary"),
                ReasoningWish(is_adaptive=True, show="hidden"),
            ]
        ),
        end_user=st.none() | ids,
        cache=markers,
        stream=st.booleans(),
    )


def answers() -> st.SearchStrategy[Answer]:
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
    return st.builds(lambda parts, stop, usage: Answer((Choice(parts, stop),), usage), few(part), stop, usages())
