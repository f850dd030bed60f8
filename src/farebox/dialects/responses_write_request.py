"""A Conversation written as a body for OpenAI's responses.

Nothing is kept at the provider (`store` is false), so its sealed reasoning is asked for and given back. Reasoning that
another provider signed stays behind: nobody there could read it.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from farebox.dialects.codec import Target
from farebox.dialects.conversation import (
    Audio,
    Conversation,
    Document,
    Image,
    Inline,
    JsonObject,
    Message,
    Opaque,
    Part,
    Reasoning,
    ReasoningWish,
    RefusalPart,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Untranslatable,
)
from farebox.dialects.responses_read_request import LOGPROBS, SEALED_REASONING
from farebox.dialects.responses_reasoning import reasoning_item

# The same steps as in the other dialects that know only efforts.
_EFFORT_BY_BUDGET = ((2_048, "low"), (8_192, "medium"), (1 << 62, "high"))


def write_request(conversation: Conversation, target: Target) -> bytes:
    """The body of /v1/responses; raises Untranslatable."""
    body: dict[str, Any] = {"model": target.model}
    leading = conversation.system
    if leading:
        body["instructions"] = leading[0].text
    items = [_message("developer", [_given(text) for text in leading[1:]])] if len(leading) > 1 else []
    for message in conversation.messages:
        items += _items(message)
    body["input"] = items
    body["store"] = False
    include = [SEALED_REASONING]
    sampling = conversation.sampling
    if sampling.logprobs or sampling.top_logprobs:
        include.append(LOGPROBS)
        if sampling.top_logprobs is not None:
            body["top_logprobs"] = sampling.top_logprobs
    body["include"] = include
    bounds = [bound for bound in (conversation.most_output_tokens, target.most_output_tokens) if bound is not None]
    optional = {
        "max_output_tokens": min(bounds, default=None),
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "parallel_tool_calls": conversation.parallel_tools,
        "reasoning": _reasoning(conversation.reasoning),
        "text": _text(conversation),
        "safety_identifier": target.end_user or conversation.end_user,
        "prompt_cache_key": conversation.cache_key,
        "stream": conversation.stream or None,
    }
    body |= {name: value for name, value in optional.items() if value is not None}
    if conversation.tools:
        body["tools"] = [_tool(tool) for tool in conversation.tools]
    if conversation.tool_choice is not None:
        body["tool_choice"] = _tool_choice(conversation.tool_choice)
    return msgspec.json.encode(body)


def _items(message: Message) -> Iterator[dict[str, Any]]:
    """The items of one turn, in its order."""
    role = "developer" if message.role == "system" else message.role
    words: list[dict[str, Any]] = []
    thoughts: list[Reasoning] = []
    for part in message.parts:
        if words and isinstance(part, ToolCall | ToolResult | Reasoning):
            yield _message(role, words)
            words = []
        if thoughts and not (isinstance(part, Reasoning) and part.id is not None and part.id == thoughts[-1].id):
            yield from _thought(thoughts)
            thoughts = []
        match part:
            case ToolCall():
                yield {
                    "type": "function_call",
                    "call_id": part.id,
                    "name": part.name,
                    "arguments": part.arguments_json or "{}",
                }
            case ToolResult():
                yield {"type": "function_call_output", "call_id": part.call_id, "output": _output(part)}
            case Reasoning():
                thoughts.append(part)
            case _:
                words.append(_said(part) if role == "assistant" else _given(part))
    if words:
        yield _message(role, words)
    if thoughts:
        yield from _thought(thoughts)


def _message(role: str, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "message", "role": role, "content": content}


def _thought(pieces: list[Reasoning]) -> Iterator[dict[str, Any]]:
    vouchers = [piece.sealed or piece.signature for piece in pieces]
    if any(voucher is not None and voucher.by == "openai_responses" for voucher in vouchers):
        # A client of another dialect gave sealed content back in its place for signatures.
        yield reasoning_item(pieces, None)


def _said(part: Part) -> dict[str, Any]:
    match part:
        case Text():
            return {"type": "output_text", "text": part.text}
        case RefusalPart():
            return {"type": "refusal", "refusal": part.text}
        case _:
            raise Untranslatable("messages", "holds content that this model's provider does not take. Remove it")


def _given(part: Part) -> dict[str, Any]:
    match part:
        case Text():
            return {"type": "input_text", "text": part.text}
        case Image():
            return _image(part)
        case Document():
            return _file(part)
        case Audio() | Opaque() | _:
            raise Untranslatable("messages", "holds content that this model's provider does not take. Remove it")


def _image(image: Image) -> dict[str, Any]:
    source = image.source
    written = {"type": "input_image", "image_url": _data_url(source) if isinstance(source, Inline) else source.url}
    if image.detail is not None:
        written["detail"] = image.detail
    return written


def _file(document: Document) -> dict[str, Any]:
    source = document.source
    if not isinstance(source, Inline):
        return {"type": "input_file", "file_url": source.url}
    ending = "txt" if source.media_type == "text/plain" else source.media_type.rpartition("/")[2]
    return {
        "type": "input_file",
        "filename": document.name or f"document.{ending}",
        "file_data": _data_url(source),
    }


def _data_url(source: Inline) -> str:
    return f"data:{source.media_type};base64,{source.data}"


def _output(result: ToolResult) -> Any:
    parts = [_given(part) for part in result.parts]
    if result.is_error:
        first = next((part for part in parts if part["type"] == "input_text"), None)
        if first is None:
            parts.insert(0, {"type": "input_text", "text": "Error"})
        else:
            first["text"] = f"Error: {first['text']}"
    if not parts:
        return ""
    return parts[0]["text"] if len(parts) == 1 and parts[0]["type"] == "input_text" else parts


def _tool(tool: Tool) -> dict[str, Any]:
    written: dict[str, Any] = {"type": "function", "name": tool.name}
    if tool.description is not None:
        written["description"] = tool.description
    written["parameters"] = tool.schema
    # Left out, it would be strict here, which rewrites the schema.
    written["strict"] = tool.strict or False
    return written


def _tool_choice(choice: ToolChoice) -> Any:
    if not choice.names or choice.mode == "none":
        return choice.mode
    if choice.mode == "required" and len(choice.names) == 1:
        return {"type": "function", "name": choice.names[0]}
    allowed = [{"type": "function", "name": name} for name in choice.names]
    return {"type": "allowed_tools", "mode": choice.mode, "tools": allowed}


def _text(conversation: Conversation) -> dict[str, Any] | None:
    text: dict[str, Any] = {}
    output = conversation.output_format
    if isinstance(output, JsonObject):
        text["format"] = {"type": "json_object"}
    elif output is not None:
        wanted: dict[str, Any] = {"type": "json_schema", "name": output.name, "schema": output.schema}
        if output.description is not None:
            wanted["description"] = output.description
        if output.strict is not None:
            wanted["strict"] = output.strict
        text["format"] = wanted
    if conversation.verbosity is not None:
        text["verbosity"] = conversation.verbosity
    return text or None


def _reasoning(wish: ReasoningWish | None) -> dict[str, Any] | None:
    if wish is None:
        return None
    reasoning: dict[str, Any] = {}
    if wish.effort is not None:
        reasoning["effort"] = "xhigh" if wish.effort == "max" else wish.effort
    elif wish.budget_tokens is not None and not wish.is_adaptive:
        reasoning["effort"] = next(name for most, name in _EFFORT_BY_BUDGET if wish.budget_tokens <= most)
    if wish.show in ("summary", "full"):
        reasoning["summary"] = "auto"
    return reasoning or None
