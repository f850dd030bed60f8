"""Requests of Anthropic's messages, read into a Conversation. What it has no place for is refused by name.

Source: the API reference of messages and of count_tokens (docs.anthropic.com), and recorded traffic.
"""

from typing import Any, cast

from farebox.dialects.anthropic_blocks import read_assistant_parts, read_cache, read_text, read_user_part
from farebox.dialects.conversation import (
    Conversation,
    Effort,
    JsonSchema,
    Message,
    Part,
    ReasoningWish,
    Sampling,
    Text,
    Tool,
    ToolChoice,
    ToolResult,
    Untranslatable,
)
from farebox.dialects.request_fields import Fields, bad_value, read_body

MOST_TOKENS = 1_000_000_000

_EFFORTS = ("low", "medium", "high", "xhigh", "max")


def read_request(raw: bytes, *, model: str | None = None, stream: bool | None = None) -> Conversation:
    """A body of /v1/messages; raises Refusal."""
    del model, stream
    fields = read_body(raw)
    most_output_tokens = fields.whole("max_tokens", 1, MOST_TOKENS)
    if most_output_tokens is None:
        raise bad_value("max_tokens", "is missing. Say how many tokens the answer may have")
    return _read(fields, most_output_tokens)


def read_count_request(raw: bytes) -> Conversation:
    """A body of /v1/messages/count_tokens: a request without an output limit."""
    return _read(read_body(raw), None)


def _read(fields: Fields, most_output_tokens: int | None) -> Conversation:
    choice, parallel = _tool_choice(fields.object("tool_choice"))
    effort, schema = _output_config(fields)
    metadata = fields.object("metadata")
    end_user = metadata.text("user_id") if metadata is not None else None
    if metadata is not None:
        metadata.done()
    # Which capacity serves, at the same price for the client.
    fields.only("service_tier", "auto", "standard_only")
    conversation = Conversation(
        model=fields.needed_text("model"),
        system=_system(fields),
        messages=tuple(_message(entry) for entry in fields.objects("messages")),
        tools=tuple(_tool(tool) for tool in fields.objects("tools")),
        tool_choice=choice,
        parallel_tools=parallel,
        output_format=schema,
        most_output_tokens=most_output_tokens,
        stop_sequences=fields.texts("stop_sequences"),
        sampling=Sampling(
            temperature=fields.number("temperature", 0, 1),
            top_p=fields.number("top_p", 0, 1),
            top_k=fields.whole("top_k", 0, MOST_TOKENS),
        ),
        reasoning=_reasoning(fields.object("thinking"), effort),
        end_user=end_user,
        cache=read_cache(fields),
        stream=bool(fields.flag("stream")),
    )
    if not conversation.messages:
        raise bad_value("messages", "must be a list with at least one message")
    fields.done()
    return conversation


def _system(fields: Fields) -> tuple[Text, ...]:
    system = fields.take("system")
    if isinstance(system, str):
        return (Text(system),) if system else ()
    return tuple(read_text(block) for block in fields.objects("system"))


def _message(fields: Fields) -> Message:
    fields.needed("role")
    role = fields.choice("role", "user", "assistant", "system")
    content = fields.take("content")
    if isinstance(content, str):
        parts: list[Part] = [Text(content)]
    elif content is None:
        raise bad_value(fields.name("content"), "is missing")
    else:
        blocks = fields.objects("content")
        parts = read_assistant_parts(blocks) if role == "assistant" else [read_user_part(block) for block in blocks]
    fields.done()
    if role == "system" and not all(isinstance(part, Text) for part in parts):
        raise Untranslatable(fields.name("content"), "of a system turn may only be text")
    # Stable: results first, the rest in its order.
    parts.sort(key=lambda part: not isinstance(part, ToolResult))
    return Message(cast("Any", role), tuple(parts))


def _tool(tool: Fields) -> Tool:
    kind = tool.text("type")
    if kind not in (None, "custom"):
        raise Untranslatable(tool.name("type"), "is a tool that only its own provider knows. Define it as a function")
    tool.only("defer_loading", False)
    tool.leave("eager_input_streaming", "input_examples")
    found = Tool(
        name=tool.needed_text("name"),
        description=tool.text("description"),
        schema=tool.schema("input_schema") or Tool("").schema,
        strict=tool.flag("strict"),
        cache=read_cache(tool),
    )
    tool.done()
    return found


def _tool_choice(choice: Fields | None) -> tuple[ToolChoice | None, bool | None]:
    if choice is None:
        return None, None
    kind = choice.needed_text("type")
    disabled = choice.flag("disable_parallel_tool_use")
    found = {"auto": ToolChoice("auto"), "none": ToolChoice("none"), "any": ToolChoice("required")}.get(kind)
    if kind == "tool":
        found = ToolChoice("required", (choice.needed_text("name"),))
    if found is None:
        raise bad_value(choice.name("type"), "must be auto, any, tool or none")
    choice.done()
    return found, None if disabled is None else not disabled


def _output_config(fields: Fields) -> tuple[Effort | None, JsonSchema | None]:
    config = fields.object("output_config")
    wanted = fields.object("output_format")  # what it was called in its beta
    effort: Any = None
    if config is not None:
        effort = config.choice("effort", *_EFFORTS)
        wanted = config.object("format") or wanted
        config.done()
    if wanted is None:
        return effort, None
    wanted.choice("type", "json_schema")
    schema = wanted.schema("schema")
    if schema is None:
        raise bad_value(wanted.name("schema"), "is missing")
    wanted.done()
    return effort, JsonSchema(schema)


def _reasoning(thinking: Fields | None, effort: Effort | None) -> ReasoningWish | None:
    if thinking is None:
        return None if effort is None else ReasoningWish(effort=effort)
    kind = thinking.needed_text("type")
    if kind == "disabled":
        thinking.done()
        return ReasoningWish(effort="none")
    if kind not in ("enabled", "adaptive"):
        raise bad_value(thinking.name("type"), "must be enabled, adaptive or disabled")
    # Clients of this dialect see thoughts when they ask for none of the two; elsewhere that must be asked for.
    shown: dict[str | None, Any] = {None: "summary", "summarized": "summary", "omitted": "hidden"}
    wish = ReasoningWish(
        effort=effort,
        budget_tokens=thinking.whole("budget_tokens", 1, MOST_TOKENS) if kind == "enabled" else None,
        is_adaptive=kind == "adaptive",
        show=shown[thinking.choice("display", "summarized", "omitted")],
    )
    thinking.done()
    return wish
