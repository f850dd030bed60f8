"""Conversations and answers of OpenAI's responses, drawn by hypothesis.

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
    names,
    schemas,
    signatures,
    urls,
    usages,
    words,
)

from farebox.dialects.conversation import (
    AssistantPart,
    Conversation,
    Document,
    Image,
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

logprobs = st.lists(
    st.builds(TokenLogprob, words, st.floats(-9, 0), st.just((65,)), st.just(())), min_size=1, max_size=2
).map(tuple)
calls = st.builds(ToolCall, ids, names, json_objects)
thoughts = st.builds(
    Reasoning, words | st.just(""), st.none(), signatures("openai_responses"), ids.map("rs_{}".format)
) | st.builds(Reasoning, words, st.none(), st.none(), ids.map("rs_{}".format))


def _said(most: int) -> st.SearchStrategy[list[AssistantPart]]:
    """Parts of an answer; no two have one id."""
    part: st.SearchStrategy[AssistantPart] = st.builds(Text, words) | calls | thoughts | st.builds(RefusalPart, words)
    return st.lists(part, min_size=1, max_size=most, unique_by=lambda part: getattr(part, "id", None) or id(part))


def conversations() -> st.SearchStrategy[Conversation]:
    text = st.builds(Text, words)
    image = st.builds(Image, inline_images | st.builds(Url, urls), st.none() | st.sampled_from(["low", "high", "auto"]))
    document = st.builds(Document, inline_pdfs, words) | st.builds(Document, st.builds(Url, urls))
    given = text | image | document
    result = st.builds(ToolResult, ids, few(given))
    user = st.builds(lambda results, others: Message("user", results + others), few(result), few(given, 1))
    # Thoughts that nobody sealed stay with whom they came from.
    assistant = _said(4).map(
        lambda parts: Message(
            "assistant", tuple(part for part in parts if not isinstance(part, Reasoning) or part.sealed) or (Text("x"),)
        )
    )
    system = text.map(lambda part: Message("system", (part,)))
    turns = st.lists(st.tuples(user, assistant | system), max_size=2)
    messages = st.builds(lambda pairs, last: (*(turn for pair in pairs for turn in pair), last), turns, user)
    return st.builds(
        Conversation,
        model=names,
        messages=messages,
        system=few(text),
        tools=few(st.builds(Tool, names, st.none() | words, schemas, st.sampled_from([None, True]))),
        tool_choice=st.none()
        | st.builds(ToolChoice, st.sampled_from(["auto", "none", "required"]))
        | st.builds(ToolChoice, st.sampled_from(["auto", "required"]), few(names, 1)),
        parallel_tools=flags,
        output_format=st.none()
        | st.just(JsonObject())
        | st.builds(JsonSchema, schemas, names, st.none() | words, flags),
        most_output_tokens=st.none() | st.integers(1, 10_000),
        sampling=st.builds(
            Sampling,
            temperature=st.none() | st.floats(0, 2),
            top_p=st.none() | st.floats(0, 1),
            logprobs=st.just(False),
        )
        | st.builds(Sampling, logprobs=st.just(True), top_logprobs=st.none() | st.integers(0, 20)),
        reasoning=st.none()
        | st.builds(
            ReasoningWish,
            st.sampled_from(["none", "minimal", "low", "medium", "high", "xhigh"]),
            show=st.sampled_from([None, "summary"]),
        ),
        verbosity=st.sampled_from([None, "low", "high"]),
        end_user=st.none() | words,
        cache_key=st.none() | words,
        stream=st.booleans(),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Answers as this dialect can tell them: the stop follows from the parts."""
    parts = draw(_said(5))
    kinds = {type(part) for part in parts}
    usual = "tool_calls" if ToolCall in kinds else "refusal" if RefusalPart in kinds else "end"
    stop = Stop(draw(st.sampled_from([usual, "length", "filtered"])))
    tokens = draw(st.none() | logprobs) if Text in kinds else None
    return Answer((Choice(tuple(parts), stop, tokens),), draw(usages()))
