"""Conversations and answers of OpenAI's chat completions, drawn by hypothesis.

Each strategy stays within what the dialect can say, in the form in which its reader gives it: a round trip is then the
identity.
"""

from hypothesis import strategies as st
from tests.support.generated.values import (
    data,
    few,
    flags,
    ids,
    inline_images,
    inline_pdfs,
    json_objects,
    names,
    schemas,
    signatures,
    urls,
    usages,
    words,
)

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
    RefusalPart,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Url,
)
from farebox.dialects.reply import Answer, Choice, Stop, TokenLogprob


def conversations() -> st.SearchStrategy[Conversation]:
    text = st.builds(Text, words)
    image = st.builds(Image, inline_images | st.builds(Url, urls), st.none() | st.sampled_from(["low", "high", "auto"]))
    document = st.builds(Document, inline_pdfs, words)
    audio = st.builds(Audio, st.builds(Inline, st.sampled_from(["audio/wav", "audio/mpeg"]), data))
    result = st.builds(ToolResult, ids, few(text))
    call = st.builds(ToolCall, ids, names, json_objects, signature=st.none() | signatures("openai_chat"))
    reasoning = (
        st.lists(st.builds(Reasoning, words, signatures("openai_chat")), max_size=2)
        | st.lists(st.builds(Reasoning, sealed=signatures("openai_chat"), id=st.none() | ids), max_size=2)
        | st.lists(st.builds(Reasoning, words), max_size=1)
    )
    name = st.none() | names
    user = st.builds(Message, st.just("user"), few(text | image | document | audio, 1), name)
    results = st.builds(Message, st.just("user"), few(result, 1))
    assistant = st.builds(
        lambda reasoning, texts, refusals, calls, name: Message(
            "assistant", (*reasoning, *texts, *refusals, *calls), name
        ),
        reasoning,
        few(text, 1),
        st.lists(st.builds(RefusalPart, words), max_size=1),
        few(call),
        name,
    )
    turns = st.lists(user | assistant | st.tuples(assistant, results, user), min_size=1, max_size=3).map(
        lambda found: tuple(turn for entry in found for turn in (entry if isinstance(entry, tuple) else (entry,)))
    )
    return st.builds(
        Conversation,
        model=names,
        messages=turns,
        system=few(text),
        tools=few(st.builds(Tool, names, st.none() | words, schemas, flags), 1),
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
        stop_sequences=few(words),
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


def answers() -> st.SearchStrategy[Answer]:
    logprob = st.floats(-20, 0)
    token = st.builds(TokenLogprob, words, logprob, st.none() | few(st.integers(0, 255)))
    tokens = st.builds(TokenLogprob, words, logprob, st.none(), few(token))
    return st.builds(
        Answer,
        st.lists(_choices(tokens), min_size=1, max_size=2).map(tuple),
        usages(),
    )


def _choices(tokens: st.SearchStrategy[TokenLogprob]) -> st.SearchStrategy[Choice]:
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
    return st.builds(choice, said, calls, stops, st.none() | few(tokens, 1))
