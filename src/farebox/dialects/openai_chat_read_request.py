"""Requests of OpenAI's chat completions, read into a Conversation. What it has no place for is refused by name."""

from typing import Any, cast

import msgspec

from farebox.dialects.conversation import (
    Conversation,
    JsonObject,
    JsonSchema,
    Message,
    Part,
    ReasoningWish,
    RefusalPart,
    Sampling,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
    Untranslatable,
)
from farebox.dialects.openai_chat_parts import read_cache, read_content
from farebox.dialects.openai_chat_reasoning import Detail, read_details, read_extra_content
from farebox.dialects.openai_fields import MOST_ANSWERS, MOST_TOKENS
from farebox.dialects.request_fields import Fields, bad_value, read_body

_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


def read_request(raw: bytes, *, model: str | None = None, stream: bool | None = None) -> Conversation:
    """A body of /v1/chat/completions; raises Refusal."""
    del model, stream
    fields = read_body(raw)
    system, messages = _turns(fields.objects("messages"))
    tool_choice = _tool_choice(fields)
    options = fields.object("stream_options")
    bounds = [fields.whole(name, 1, MOST_TOKENS) for name in ("max_completion_tokens", "max_tokens")]
    safety_identifier = fields.text("safety_identifier")
    conversation = Conversation(
        model=fields.needed_text("model"),
        system=system,
        messages=messages,
        tools=tuple(_tool(tool) for tool in fields.objects("tools")),
        tool_choice=tool_choice,
        parallel_tools=fields.flag("parallel_tool_calls"),
        output_format=_output_format(fields.object("response_format")),
        most_output_tokens=max(filter(None, bounds), default=None),
        stop_sequences=_stop(fields),
        sampling=_sampling(fields),
        reasoning=_reasoning(fields),
        verbosity=fields.choice("verbosity", "low", "medium", "high"),
        end_user=fields.text("user") or safety_identifier,
        cache_key=fields.text("prompt_cache_key"),
        stream=bool(fields.flag("stream")),
        wants_stream_usage=options is not None and bool(options.flag("include_usage")),
    )
    if options is not None:
        options.leave("include_obfuscation")
        options.done()
    _leave_what_changes_nothing(fields)
    fields.done()
    if not conversation.messages:
        raise bad_value("messages", "must hold at least one message that is not a system message")
    return conversation


def _leave_what_changes_nothing(fields: Fields) -> None:
    fields.leave("models", "metadata", "prompt_cache_retention", "prompt_cache_options")
    fields.only("store", False)
    fields.only("service_tier", "auto", "default")
    fields.only("modalities", ["text"])
    fields.only("logit_bias", {})


def _turns(messages: list[Fields]) -> tuple[tuple[Text, ...], tuple[Message, ...]]:
    system: list[Text] = []
    turns: list[Message] = []
    after_tool = False
    for message in messages:
        role = message.needed_text("role")
        if role in ("system", "developer"):
            texts = tuple(_texts(message))
            if turns:
                turns.append(Message("system", texts, message.text("name")))
            else:
                message.only("name")
                system += texts
        elif role == "tool":
            result = _tool_result(message)
            if after_tool:
                turns[-1] = Message("user", (*turns[-1].parts, result))
            else:
                turns.append(Message("user", (result,)))
        elif role == "user":
            turns.append(Message("user", tuple(read_content(message)), message.text("name")))
        elif role == "assistant":
            turns.append(_assistant(message))
        else:
            raise Untranslatable(message.name("role"), "must be system, developer, user, assistant or tool")
        after_tool = role == "tool"
        message.done()
    return tuple(system), tuple(turns)


def _texts(message: Fields) -> list[Text]:
    texts = []
    for part in read_content(message):
        if not isinstance(part, Text):
            raise Untranslatable(message.name("content"), "of a system message may only be text")
        texts.append(part)
    return texts


def _tool_result(message: Fields) -> ToolResult:
    message.leave("name")
    parts = tuple(part for part in read_content(message) if not isinstance(part, Text) or part.text)
    return ToolResult(message.needed_text("tool_call_id"), cast("Any", parts))


def _assistant(message: Fields) -> Message:
    # What the provider cited; audio is a reference to state there.
    message.leave("annotations")
    message.only("prefix", False)
    plain_text = message.text("reasoning_content") or message.text("reasoning")
    message.leave("reasoning")
    try:
        details = msgspec.convert(message.entries("reasoning_details"), list[Detail])
    except msgspec.ValidationError as error:
        raise bad_value(message.name("reasoning_details"), "must be as the answer had them") from error
    parts: list[Part] = [*read_details(details, plain_text)]
    content = read_content(message, is_needed=False)
    signature = read_extra_content(message.take("extra_content"))
    message.leave("thought_signature")
    if signature is not None and content and isinstance(content[-1], Text):
        content[-1] = msgspec.structs.replace(content[-1], signature=signature)
    parts += (part for part in content if not isinstance(part, Text) or part.text)
    refusal = message.text("refusal")
    if refusal:
        parts.append(RefusalPart(refusal))
    parts += [_tool_call(call) for call in message.objects("tool_calls")]
    return Message("assistant", tuple(parts), message.text("name"))


def _tool_call(call: Fields) -> ToolCall:
    call.choice("type", "function")
    call.leave("index")
    function = call.needed_object("function")
    found = ToolCall(
        id=call.needed_text("id"),
        name=function.needed_text("name"),
        arguments_json=function.text("arguments") or "",
        signature=read_extra_content(call.take("extra_content")),
    )
    function.done()
    call.done()
    return found


def _tool(tool: Fields) -> Tool:
    tool.choice("type", "function")
    cache = read_cache(tool)
    function = tool.needed_object("function")
    found = Tool(
        name=function.needed_text("name"),
        description=function.text("description"),
        schema=function.schema("parameters") or Tool("").schema,
        strict=function.flag("strict"),
        cache=cache,
    )
    tool.leave("eager_input_streaming")
    function.done()
    tool.done()
    return found


def _tool_choice(fields: Fields) -> ToolChoice | None:
    choice = fields.take("tool_choice")
    if choice is None:
        return None
    if isinstance(choice, str):
        found = {"none": "none", "auto": "auto", "required": "required", "any": "required"}.get(choice)
        if found is None:
            raise bad_value("tool_choice", "must be none, auto, required or an object that names a function")
        return ToolChoice(cast("Any", found))
    named = fields.needed_object("tool_choice")
    if named.choice("type", "function", "allowed_tools") == "allowed_tools":
        allowed = named.object("allowed_tools") or named
        mode = allowed.choice("mode", "auto", "required") or "auto"
        names = tuple(_function_name(tool) for tool in allowed.objects("tools"))
        found_choice = ToolChoice(cast("Any", mode), names)
        allowed.done()
    else:
        found_choice = ToolChoice("required", (named.needed_object("function").needed_text("name"),))
    named.done()
    return found_choice


def _function_name(tool: Fields) -> str:
    tool.choice("type", "function")
    return (tool.object("function") or tool).needed_text("name")


def _output_format(wanted: Fields | None) -> JsonObject | JsonSchema | None:
    if wanted is None:
        return None
    kind = wanted.choice("type", "text", "json_object", "json_schema")
    if kind != "json_schema":
        wanted.done()
        return JsonObject() if kind == "json_object" else None
    inner = wanted.needed_object("json_schema")
    schema = inner.schema("schema")
    if schema is None:
        raise bad_value(inner.name("schema"), "is missing")
    found = JsonSchema(schema, inner.needed_text("name"), inner.text("description"), inner.flag("strict"))
    inner.done()
    wanted.done()
    return found


def _stop(fields: Fields) -> tuple[str, ...]:
    stop = fields.take("stop")
    return (stop,) if isinstance(stop, str) else fields.texts("stop")


def _sampling(fields: Fields) -> Sampling:
    return Sampling(
        temperature=fields.number("temperature", 0, 2),
        top_p=fields.number("top_p", 0, 1),
        top_k=fields.whole("top_k", 0, MOST_TOKENS),
        seed=fields.whole("seed", -(1 << 63), (1 << 63) - 1),
        presence_penalty=fields.number("presence_penalty", -2, 2),
        frequency_penalty=fields.number("frequency_penalty", -2, 2),
        answers=fields.whole("n", 1, MOST_ANSWERS) or 1,
        logprobs=bool(fields.flag("logprobs")),
        top_logprobs=fields.whole("top_logprobs", 0, 20),
    )


def _reasoning(fields: Fields) -> ReasoningWish | None:
    effort: Any = fields.choice("reasoning_effort", *_EFFORTS)
    wish = fields.object("reasoning")
    if wish is None:
        return None if effort is None else ReasoningWish(effort=effort)
    effort = effort or wish.choice("effort", *_EFFORTS)
    budget_tokens = wish.whole("max_tokens", 0, MOST_TOKENS)
    is_enabled = wish.flag("enabled")
    is_hidden = wish.flag("exclude")
    wish.done()
    if effort is None and budget_tokens is None and is_enabled is not None:
        effort = "medium" if is_enabled else "none"
    return ReasoningWish(effort, budget_tokens, show="hidden" if is_hidden else None)
