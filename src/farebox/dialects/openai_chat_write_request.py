"""A Conversation written as a body for a server of OpenAI's chat completions.

Writes fields only where the conversation asks for something, since compatible servers know different parts of the
dialect. Reasoning goes back only to whom it came from.
"""

from typing import Any

import msgspec

from farebox.dialects.call_ids import fitting_id
from farebox.dialects.codec import Target, nearest_effort
from farebox.dialects.conversation import (
    Conversation,
    Effort,
    JsonObject,
    JsonSchema,
    Message,
    Part,
    Reasoning,
    RefusalPart,
    Text,
    Tool,
    ToolCall,
    ToolChoice,
    ToolResult,
)
from farebox.dialects.openai_chat_parts import write_content
from farebox.dialects.openai_chat_reasoning import write_details, write_extra_content

_EFFORT_BY_BUDGET: tuple[tuple[int, Effort], ...] = ((0, "none"), (2_048, "low"), (8_192, "medium"), (1 << 62, "high"))


def write_request(conversation: Conversation, target: Target) -> bytes:
    """The body of /v1/chat/completions; raises Untranslatable."""
    body: dict[str, Any] = {"model": target.model, "messages": _messages(conversation, target)}
    if conversation.tools:
        body["tools"] = [_tool(tool) for tool in conversation.tools]
        if conversation.tool_choice is not None:
            body["tool_choice"] = _tool_choice(conversation.tool_choice)
        if conversation.parallel_tools is not None:
            body["parallel_tool_calls"] = conversation.parallel_tools
    bounds = [bound for bound in (conversation.most_output_tokens, target.most_output_tokens) if bound is not None]
    if bounds:
        body[target.bound_name] = min(bounds)
    if conversation.stop_sequences:
        body["stop"] = conversation.stop_sequences
    if conversation.output_format is not None:
        body["response_format"] = _response_format(conversation.output_format)
    _add_sampling(body, conversation)
    if (effort := _effort(conversation, target)) is not None:
        body["reasoning_effort"] = effort
    if conversation.verbosity is not None:
        body["verbosity"] = conversation.verbosity
    if conversation.cache_key is not None:
        body["prompt_cache_key"] = conversation.cache_key
    end_user = target.end_user or conversation.end_user
    if end_user is not None and target.end_user_name is not None:
        body[target.end_user_name] = end_user
    if conversation.stream:
        body["stream"] = True
        if conversation.wants_stream_usage or target.ask_stream_usage:
            body["stream_options"] = {"include_usage": True}
    for name in target.leaves_out:
        body.pop(name, None)
    for name, theirs in target.renames.items():
        if name in body:
            body[theirs] = body.pop(name)
    return msgspec.json.encode(body)


def _messages(conversation: Conversation, target: Target) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = []
    if conversation.system:
        written.append({"role": "system", "content": write_content(list(conversation.system))})
    for message in conversation.messages:
        if message.role == "assistant":
            written += _assistant(message, target)
        else:
            written += _user(message, target)
    return written


def _user(message: Message, target: Target) -> list[dict[str, Any]]:
    results = [part for part in message.parts if isinstance(part, ToolResult)]
    others: list[Part] = [part for part in message.parts if not isinstance(part, ToolResult)]
    written = [_tool_result(result, target) for result in results]
    for result in results:
        media = [part for part in result.parts if not isinstance(part, Text)]
        if media:
            # Results are text here: what else a tool gave follows as a user's turn that names the call.
            call_id = fitting_id(result.call_id, target.call_id_length)
            note = Text(f"The tool result of call {call_id} holds:")
            written.append({"role": "user", "content": write_content([note, *media])})
    if others:
        written.append(_named({"role": message.role, "content": write_content(others)}, message.name))
    return written


def _tool_result(result: ToolResult, target: Target) -> dict[str, Any]:
    texts: list[Part] = [part for part in result.parts if isinstance(part, Text)]
    if not texts:
        texts = [Text("" if len(texts) == len(result.parts) else "See the next message.")]
    content = write_content(texts)
    if result.is_error:
        content = "Error: " + "".join(part.text for part in texts if isinstance(part, Text))
    return {"role": "tool", "tool_call_id": fitting_id(result.call_id, target.call_id_length), "content": content}


def _named(message: dict[str, Any], name: str | None) -> dict[str, Any]:
    if name is not None:
        message["name"] = name
    return message


def _assistant(message: Message, target: Target) -> list[dict[str, Any]]:
    texts: list[Part] = [part for part in message.parts if isinstance(part, Text)]
    calls = [part for part in message.parts if isinstance(part, ToolCall)]
    refusal = "".join(part.text for part in message.parts if isinstance(part, RefusalPart))
    if not texts and not calls and not refusal:
        return []
    written: dict[str, Any] = {"role": "assistant", "content": write_content(texts) if texts else None}
    _add_reasoning(written, message, target)
    if refusal:
        written["refusal"] = refusal
    signed = texts[-1] if texts else None
    if isinstance(signed, Text) and signed.signature is not None and signed.signature.by == "openai_chat":
        written["extra_content"] = write_extra_content(signed.signature)
    if calls:
        written["tool_calls"] = [_tool_call(call, target) for call in calls]
    return [_named(written, message.name)]


def _add_reasoning(written: dict[str, Any], message: Message, target: Target) -> None:
    reasoning = [part for part in message.parts if isinstance(part, Reasoning)]
    returned = [
        part for part in reasoning if (vouched := part.signature or part.sealed) and vouched.by == "openai_chat"
    ]
    if returned:
        written["reasoning_details"] = write_details(returned)
    elif target.takes_reasoning:
        text = "".join(part.text for part in reasoning if part.signature is None)
        if text or any(isinstance(part, ToolCall) for part in message.parts):
            # Servers that want it back want it of every turn with calls, empty or not.
            written["reasoning_content"] = text


def _tool_call(call: ToolCall, target: Target) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments_json or "{}"}
    call_id = fitting_id(call.id, target.call_id_length)
    written: dict[str, Any] = {"id": call_id, "type": "function", "function": function}
    if call.signature is not None and call.signature.by == "openai_chat":
        written["extra_content"] = write_extra_content(call.signature)
    return written


def _tool(tool: Tool) -> dict[str, Any]:
    function: dict[str, Any] = {"name": tool.name}
    if tool.description is not None:
        function["description"] = tool.description
    function["parameters"] = tool.schema
    if tool.strict is not None:
        function["strict"] = tool.strict
    return {"type": "function", "function": function}


def _tool_choice(choice: ToolChoice) -> Any:
    if not choice.names:
        return choice.mode
    functions = [{"type": "function", "function": {"name": name}} for name in choice.names]
    if choice.mode == "required" and len(functions) == 1:
        return functions[0]
    return {"type": "allowed_tools", "allowed_tools": {"mode": choice.mode, "tools": functions}}


def _response_format(output: JsonObject | JsonSchema) -> dict[str, Any]:
    if isinstance(output, JsonObject):
        return {"type": "json_object"}
    schema: dict[str, Any] = {"name": output.name, "schema": output.schema}
    if output.description is not None:
        schema["description"] = output.description
    if output.strict is not None:
        schema["strict"] = output.strict
    return {"type": "json_schema", "json_schema": schema}


def _add_sampling(body: dict[str, Any], conversation: Conversation) -> None:
    sampling = conversation.sampling
    for name in ("temperature", "top_p", "seed", "presence_penalty", "frequency_penalty", "top_logprobs"):
        if (value := getattr(sampling, name)) is not None:
            body[name] = value
    if sampling.answers > 1:
        body["n"] = sampling.answers
    if sampling.logprobs or sampling.top_logprobs:
        body["logprobs"] = True


def _effort(conversation: Conversation, target: Target) -> Effort | None:
    wish = conversation.reasoning
    if wish is None:
        return None
    effort = wish.effort
    if effort is None and wish.budget_tokens is not None:
        effort = next(name for most, name in _EFFORT_BY_BUDGET if wish.budget_tokens <= most)
    return None if effort is None else nearest_effort(effort, target.efforts)
