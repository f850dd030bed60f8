"""What of a conversation each dialect can carry: the one table behind refusals of translation and docs/dialects.md.

A feature is something a request can ask for. Each dialect tells for each feature under what name its clients know it,
and what becomes of it in a request to a provider of that dialect. So nothing can be lost in silence: `features_of` sees
what a conversation asks, and what the target does not carry is refused with the client's own name for it.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

import msgspec

from farebox.dialects.conversation import (
    Audio,
    Conversation,
    Document,
    Image,
    JsonObject,
    JsonSchema,
    Message,
    Part,
    Reasoning,
    RefusalPart,
    Text,
    ToolCall,
    ToolResult,
    Untranslatable,
    Url,
)

Feature = Literal[
    "system",
    "system_midway",
    "image_url",
    "image_inline",
    "image_detail",
    "document_url",
    "document_inline",
    "audio_inline",
    "participant_name",
    "assistant_last",
    "tools",
    "tool_strict",
    "tool_calls",
    "tool_results",
    "tool_result_error",
    "tool_result_media",
    "tool_choice_none",
    "tool_choice_required",
    "tool_choice_named",
    "tool_choice_subset",
    "parallel_tools",
    "json_object",
    "json_schema",
    "schema_description",
    "output_limit",
    "stop_sequences",
    "temperature",
    "top_p",
    "top_k",
    "seed",
    "presence_penalty",
    "frequency_penalty",
    "answers",
    "logprobs",
    "reasoning_effort",
    "reasoning_budget",
    "reasoning_off",
    "reasoning_adaptive",
    "reasoning_show",
    "past_reasoning",
    "past_refusals",
    "verbosity",
    "end_user",
    "cache_markers",
    "automatic_cache",
    "cache_key",
]
FEATURES: tuple[Feature, ...] = get_args(Feature)


class Carriage(msgspec.Struct, frozen=True):
    """How a dialect has one feature.

    `field` is what its clients call it (empty where they cannot ask for it). `how`, of a request to its provider: `yes`
    carried, `emulated` carried by other means that `note` tells, `hint` left out, which changes no answer's meaning,
    `no` refused.
    """

    field: str
    how: Literal["yes", "emulated", "hint", "no"] = "yes"
    note: str = ""


Facts = Mapping[Feature, Carriage]


def refuse_what_is_lost(conversation: Conversation, source: Facts, target: Facts) -> None:
    """Raise Untranslatable with the client's field for the first feature that the target does not carry."""
    for feature in features_of(conversation):
        carried = target[feature]
        if carried.how == "no":
            reason = carried.note or "cannot be carried over to the provider of this model"
            raise Untranslatable(source[feature].field or feature, f"{reason}. Remove it or choose another model")


def features_of(conversation: Conversation) -> Iterator[Feature]:
    """What this conversation asks for; a feature may come more than once."""
    if conversation.system:
        yield "system"
    for text in conversation.system:
        yield from _features_of_part(text)
    for message in conversation.messages:
        yield from _features_of_message(message)
    if conversation.messages and conversation.messages[-1].role == "assistant":
        yield "assistant_last"
    yield from _features_of_tools(conversation)
    yield from _features_of_output(conversation)
    yield from _features_of_sampling(conversation)
    yield from _features_of_reasoning(conversation)
    if conversation.cache is not None:
        yield "automatic_cache"
    if conversation.cache_key is not None:
        yield "cache_key"
    if conversation.end_user is not None:
        yield "end_user"


def _features_of_message(message: Message) -> Iterator[Feature]:
    if message.role == "system":
        yield "system_midway"
    if message.name is not None:
        yield "participant_name"
    for part in message.parts:
        yield from _features_of_part(part)


def _features_of_part(part: Part) -> Iterator[Feature]:
    match part:
        case Image():
            yield "image_url" if isinstance(part.source, Url) else "image_inline"
            if part.detail is not None:
                yield "image_detail"
        case Document():
            yield "document_url" if isinstance(part.source, Url) else "document_inline"
        case Audio():
            yield "audio_inline"
        case ToolCall():
            yield "tool_calls"
        case ToolResult():
            yield from _features_of_result(part)
        case Reasoning():
            yield "past_reasoning"
        case RefusalPart():
            yield "past_refusals"
        case _:
            pass
    if not isinstance(part, Reasoning | RefusalPart) and getattr(part, "cache", None) is not None:
        yield "cache_markers"


def _features_of_result(result: ToolResult) -> Iterator[Feature]:
    yield "tool_results"
    if result.is_error:
        yield "tool_result_error"
    for part in result.parts:
        if not isinstance(part, Text):
            yield "tool_result_media"
        yield from _features_of_part(part)


def _features_of_tools(conversation: Conversation) -> Iterator[Feature]:
    if conversation.tools:
        yield "tools"
    if any(tool.strict for tool in conversation.tools):
        yield "tool_strict"
    if any(tool.cache for tool in conversation.tools):
        yield "cache_markers"
    choice = conversation.tool_choice
    if choice is not None:
        if choice.mode == "none":
            yield "tool_choice_none"
        elif choice.mode == "required" and len(choice.names) == 1:
            yield "tool_choice_named"
        elif choice.names:
            yield "tool_choice_subset"
        elif choice.mode == "required":
            yield "tool_choice_required"
    if conversation.parallel_tools is not None:
        yield "parallel_tools"


def _features_of_output(conversation: Conversation) -> Iterator[Feature]:
    output = conversation.output_format
    if isinstance(output, JsonObject):
        yield "json_object"
    elif isinstance(output, JsonSchema):
        yield "json_schema"
        if output.description is not None:
            yield "schema_description"
    if conversation.most_output_tokens is not None:
        yield "output_limit"
    if conversation.stop_sequences:
        yield "stop_sequences"
    if conversation.verbosity is not None:
        yield "verbosity"


def _features_of_sampling(conversation: Conversation) -> Iterator[Feature]:
    sampling = conversation.sampling
    asked: tuple[tuple[Feature, bool], ...] = (
        ("temperature", sampling.temperature is not None),
        ("top_p", sampling.top_p is not None),
        ("top_k", sampling.top_k is not None),
        ("seed", sampling.seed is not None),
        # A penalty of zero is none.
        ("presence_penalty", bool(sampling.presence_penalty)),
        ("frequency_penalty", bool(sampling.frequency_penalty)),
        ("answers", sampling.answers > 1),
        ("logprobs", sampling.logprobs or bool(sampling.top_logprobs)),
    )
    for feature, is_asked in asked:
        if is_asked:
            yield feature


def _features_of_reasoning(conversation: Conversation) -> Iterator[Feature]:
    wish = conversation.reasoning
    if wish is None:
        return
    if wish.effort == "none":
        yield "reasoning_off"
    elif wish.effort is not None:
        yield "reasoning_effort"
    if wish.budget_tokens is not None:
        yield "reasoning_budget"
    if wish.is_adaptive:
        yield "reasoning_adaptive"
    if wish.show is not None:
        yield "reasoning_show"
