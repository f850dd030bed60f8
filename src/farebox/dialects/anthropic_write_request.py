"""A Conversation written as a body for Anthropic's messages.

Writes only what Anthropic's provider must see: reasoning that another provider signed stays behind, since nobody there
could check it. Where Anthropic wants a bound and nobody gave one, the target's default serves.
"""

import re
from typing import Any

import msgspec

from farebox.dialects.anthropic_blocks import decoded_text
from farebox.dialects.codec import Target
from farebox.dialects.conversation import (
    Audio,
    CacheMarker,
    Conversation,
    Document,
    Effort,
    Image,
    Inline,
    JsonSchema,
    Opaque,
    Part,
    Reasoning,
    RefusalPart,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Untranslatable,
)

LEAST_BUDGET_TOKENS = 1_024
_BUDGET_BY_EFFORT: dict[Effort, int] = {
    "minimal": 1_024,
    "low": 2_048,
    "medium": 8_192,
    "high": 16_384,
    "xhigh": 24_576,
    "max": 32_000,
}
_EFFORT_BY_BUDGET = ((2_048, "low"), (8_192, "medium"), (1 << 62, "high"))

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_-]")
_JSON_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


def write_request(conversation: Conversation, target: Target) -> bytes:
    """The body of /v1/messages; raises Untranslatable."""
    bounds = [bound for bound in (conversation.most_output_tokens, target.most_output_tokens) if bound is not None]
    most_output_tokens = min(bounds, default=target.default_output_tokens)
    body = _prompt(conversation, target) | {"max_tokens": most_output_tokens}
    end_user = target.end_user or conversation.end_user
    if end_user is not None:
        body["metadata"] = {"user_id": end_user}
    if conversation.stop_sequences:
        body["stop_sequences"] = conversation.stop_sequences
    sampling = conversation.sampling
    if sampling.temperature is not None and sampling.temperature > 1:
        raise Untranslatable("temperature", "may be at most 1 for this model. Lower it")
    for name in ("temperature", "top_p", "top_k"):
        if (value := getattr(sampling, name)) is not None:
            body[name] = value
    if conversation.stream:
        body["stream"] = True
    _add_output(body, conversation, target, most_output_tokens)
    return msgspec.json.encode(body)


def write_count_request(conversation: Conversation, target: Target) -> bytes:
    """The body of /v1/messages/count_tokens: what of the request is input."""
    return msgspec.json.encode(_prompt(conversation, target))


def _prompt(conversation: Conversation, target: Target) -> dict[str, Any]:
    body: dict[str, Any] = {"model": target.model}
    if conversation.cache is not None:
        body["cache_control"] = _marker(conversation.cache)
    if conversation.system:
        body["system"] = [_block(text) for text in conversation.system]
    body["messages"] = _messages(conversation)
    tools = conversation.tools
    choice = conversation.tool_choice
    if choice is not None and len(choice.names) > (choice.mode == "required"):
        # There is no choice of several tools; the others are not shown to the model.
        tools = tuple(tool for tool in tools if tool.name in choice.names)
    if tools:
        body["tools"] = [_tool(tool) for tool in tools]
        if (written := _tool_choice(conversation)) is not None:
            body["tool_choice"] = written
    return body


def _tool(tool: Tool) -> dict[str, Any]:
    written: dict[str, Any] = {"name": tool.name}
    if tool.description is not None:
        written["description"] = tool.description
    written["input_schema"] = tool.schema
    if tool.strict is not None:
        written["strict"] = tool.strict
    return _marked(written, tool.cache)


def _tool_choice(conversation: Conversation) -> dict[str, Any] | None:
    choice, parallel = conversation.tool_choice, conversation.parallel_tools
    written: dict[str, Any]
    if choice is None:
        if parallel is None:
            return None
        written = {"type": "auto"}
    elif choice.mode == "required" and len(choice.names) == 1:
        written = {"type": "tool", "name": choice.names[0]}
    else:
        written = {"type": "any" if choice.mode == "required" else choice.mode}
    if parallel is not None and written["type"] != "none":
        written["disable_parallel_tool_use"] = not parallel
    return written


def _messages(conversation: Conversation) -> list[dict[str, Any]]:
    written = []
    for message in conversation.messages:
        blocks = [_block(part) for part in message.parts if not _stays_behind(part)]
        # A turn of which nothing is left would be refused.
        if blocks:
            written.append({"role": message.role, "content": blocks})
    return written


def _stays_behind(part: Part) -> bool:
    if not isinstance(part, Reasoning):
        return isinstance(part, Opaque) or (isinstance(part, Text) and not part.text)
    vouched = part.sealed or part.signature
    return vouched is None or vouched.by != "anthropic"


def _block(part: Part) -> dict[str, Any]:
    match part:
        case Text():
            return _marked({"type": "text", "text": part.text}, part.cache)
        case Image() | Document():
            return _media(part)
        case ToolCall():
            return _marked(
                {"type": "tool_use", "id": _id(part.id), "name": part.name, "input": _input(part)},
                part.cache,
            )
        case ToolResult():
            return _tool_result(part)
        case Reasoning(sealed=sealed) if sealed is not None:
            return {"type": "redacted_thinking", "data": sealed.value}
        case Reasoning():
            assert part.signature is not None
            return {"type": "thinking", "thinking": part.text, "signature": part.signature.value}
        case RefusalPart():
            return {"type": "text", "text": part.text}
        case Audio() | Opaque():
            raise Untranslatable("messages", "holds content that this model's provider does not take. Remove it")


def _id(call_id: str) -> str:
    """Other vendors' ids hold characters that Anthropic refuses; a call and its result change alike."""
    return _NOT_IN_IDS.sub("_", call_id) or "_"


def _input(call: ToolCall) -> msgspec.Raw:
    arguments = call.arguments_json.strip() or "{}"
    try:
        _JSON_OBJECT.decode(arguments)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Untranslatable(
            "messages[].tool_calls[].function.arguments", "must be a JSON object for this model. Correct it"
        ) from error
    return msgspec.Raw(arguments.encode())


def _tool_result(result: ToolResult) -> dict[str, Any]:
    written: dict[str, Any] = {"type": "tool_result", "tool_use_id": _id(result.call_id)}
    if result.parts:
        written["content"] = [_block(part) for part in result.parts]
    if result.is_error:
        written["is_error"] = True
    return _marked(written, result.cache)


def _media(part: Image | Document) -> dict[str, Any]:
    source = part.source
    if not isinstance(source, Inline):
        written: dict[str, Any] = {"type": "url", "url": source.url}
    elif source.media_type == "text/plain" and isinstance(part, Document):
        written = {
            "type": "text",
            "media_type": "text/plain",
            "data": decoded_text(source, "messages[].content[].file"),
        }
    else:
        written = {"type": "base64", "media_type": source.media_type, "data": source.data}
    block: dict[str, Any] = {"type": "image" if isinstance(part, Image) else "document", "source": written}
    if isinstance(part, Document) and part.name is not None:
        block["title"] = part.name
    return _marked(block, part.cache)


def _marked(block: dict[str, Any], cache: CacheMarker | None) -> dict[str, Any]:
    if cache is not None:
        block["cache_control"] = _marker(cache)
    return block


def _marker(cache: CacheMarker) -> dict[str, Any]:
    if cache.ttl not in (None, "5m"):
        # As in passing through: a longer life costs more to write, and rate cards have one price.
        raise Untranslatable("cache_control.ttl", 'may only be "5m": longer lifetimes have no price here. Change it')
    return {"type": "ephemeral"} if cache.ttl is None else {"type": "ephemeral", "ttl": cache.ttl}


def _add_output(body: dict[str, Any], conversation: Conversation, target: Target, most_output_tokens: int) -> None:
    config: dict[str, Any] = {}
    output = conversation.output_format
    if isinstance(output, JsonSchema):
        config["format"] = {"type": "json_schema", "schema": output.schema}
    wish = conversation.reasoning
    if wish is not None:
        thinking, effort = _thinking(conversation, target, most_output_tokens)
        if thinking is not None:
            if wish.show in ("summary", "hidden") and thinking["type"] != "disabled":
                thinking["display"] = "summarized" if wish.show == "summary" else "omitted"
            body["thinking"] = thinking
        if effort is not None:
            config["effort"] = effort
    if config:
        body["output_config"] = config


def _thinking(
    conversation: Conversation, target: Target, most_output_tokens: int
) -> tuple[dict[str, Any] | None, str | None]:
    """The values of `thinking` and of the effort. A wish by effort yields where thinking cannot be: it is no order."""
    wish = conversation.reasoning
    assert wish is not None
    if wish.effort == "none":
        return {"type": "disabled"}, None
    effort = "low" if wish.effort == "minimal" else wish.effort
    if wish.is_adaptive:
        return {"type": "adaptive"}, effort
    if wish.budget_tokens is not None:
        if target.has_adaptive_thinking:
            by_budget = next(name for most, name in _EFFORT_BY_BUDGET if wish.budget_tokens <= most)
            return {"type": "adaptive"}, effort or by_budget
        return {"type": "enabled", "budget_tokens": wish.budget_tokens}, effort
    if wish.effort is None:
        return None, None
    choice = conversation.tool_choice
    is_forced = choice is not None and choice.mode == "required"
    if target.has_adaptive_thinking:
        return (None if is_forced else {"type": "adaptive"}), effort
    budget = min(_BUDGET_BY_EFFORT[wish.effort], most_output_tokens - LEAST_BUDGET_TOKENS)
    sampled = conversation.sampling
    if is_forced or budget < LEAST_BUDGET_TOKENS or sampled.temperature not in (None, 1) or sampled.top_k is not None:
        return None, None
    return {"type": "enabled", "budget_tokens": budget}, None
