"""A Conversation written as a body for Gemini's generateContent and countTokens.

Writes only what Google's provider must see: what another provider signed or sealed stays behind. Schemas go out as JSON
schema, which the API takes beside its own way of writing them.
"""

from typing import Any

import msgspec

from farebox.dialects.codec import Target
from farebox.dialects.conversation import (
    Audio,
    Conversation,
    Document,
    Effort,
    Image,
    Inline,
    JsonSchema,
    Message,
    Opaque,
    Part,
    Reasoning,
    RefusalPart,
    Signature,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Untranslatable,
    tool_names,
)
from farebox.dialects.gemini_content import MADE_ID, NO_SIGNATURE, media_type_of
from farebox.dialects.request_fields import json_text

_BUDGET_BY_EFFORT: dict[Effort, int] = {
    "none": 0,
    "minimal": 1_024,
    "low": 1_024,
    "medium": 8_192,
    "high": 24_576,
    "xhigh": 24_576,
    "max": 24_576,
}
_LEVEL_BY_EFFORT: dict[Effort, str] = {
    "minimal": "MINIMAL",
    "low": "LOW",
    "medium": "MEDIUM",
    "high": "HIGH",
    "xhigh": "HIGH",
    "max": "HIGH",
}
_NO_PARAMETERS = bytes(Tool("").schema)
_SEED = range(-(2**31), 2**31)
_JSON_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


def write_request(conversation: Conversation, target: Target) -> bytes:
    """The body of generateContent and streamGenerateContent; raises Untranslatable."""
    body = _prompt(conversation, target)
    config = _config(conversation, target)
    if config:
        body["generationConfig"] = config
    return msgspec.json.encode(body)


def write_count_request(conversation: Conversation, target: Target) -> bytes:
    """The body of countTokens: what of the request is input."""
    request = {"model": f"models/{target.model}"} | _prompt(conversation, target)
    return msgspec.json.encode({"generateContentRequest": request})


def _prompt(conversation: Conversation, target: Target) -> dict[str, Any]:
    names = tool_names(conversation)
    body: dict[str, Any] = {}
    if conversation.system:
        body["systemInstruction"] = {"parts": [{"text": text.text} for text in conversation.system]}
    contents = [_content(message, names, target) for message in conversation.messages]
    # A turn of which nothing is left would be refused.
    body["contents"] = [content for content in contents if content["parts"]]
    if conversation.tools:
        body["tools"] = [{"functionDeclarations": [_tool(tool) for tool in conversation.tools]}]
        calling = _calling(conversation)
        if calling:
            body["toolConfig"] = {"functionCallingConfig": calling}
    return body


def _content(message: Message, names: dict[str, str], target: Target) -> dict[str, Any]:
    parts = [written for part in message.parts if (written := _part(part, names)) is not None]
    if message.role == "assistant" and target.has_thinking_level:
        # Models that sign insist on a signature of the first call of a turn; other models' calls have none.
        first = next((part for part in parts if "functionCall" in part), None)
        if first is not None and "thoughtSignature" not in first:
            first["thoughtSignature"] = NO_SIGNATURE
    return {"role": "model" if message.role == "assistant" else "user", "parts": parts}


def _part(part: Part, names: dict[str, str]) -> dict[str, Any] | None:
    match part:
        case Text():
            return _signed({"text": part.text}, part.signature)
        case Image() | Document() | Audio():
            return media_part(part)
        case ToolCall():
            call: dict[str, Any] = {"name": part.name, "args": _arguments(part)}
            return _signed({"functionCall": _with_id(call, part.id)}, part.signature)
        case ToolResult():
            return {"functionResponse": _result(part, names)}
        case Reasoning(signature=signature) if part.sealed is None and (signature is None or signature.by == "gemini"):
            return _signed({"text": part.text, "thought": True}, signature)
        case RefusalPart():
            return {"text": part.text} if part.text else None
        case Reasoning() | Opaque():
            return None


def _signed(written: dict[str, Any], signature: Signature | None) -> dict[str, Any]:
    if signature is not None and signature.by == "gemini":
        written["thoughtSignature"] = signature.value
    return written


def _with_id(written: dict[str, Any], call_id: str) -> dict[str, Any]:
    # Ids that our reader made were none of the client's.
    return written if call_id.startswith(MADE_ID) else {"id": call_id, **written}


def _arguments(call: ToolCall) -> msgspec.Raw:
    arguments = call.arguments_json.strip() or "{}"
    try:
        _JSON_OBJECT.decode(arguments)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Untranslatable(
            "messages", f"holds a call of {call.name[:64]!r} whose arguments are no JSON object. Correct it"
        ) from error
    return msgspec.Raw(arguments.encode())


def _result(result: ToolResult, names: dict[str, str]) -> dict[str, Any]:
    name = names.get(result.call_id)
    if name is None:
        raise Untranslatable("messages", f"holds a result of {result.call_id[:64]!r}, a call that is not among them")
    texts = [part.text for part in result.parts if isinstance(part, Text)]
    media = [media_part(part) for part in result.parts if not isinstance(part, Text)]
    response = _response("\n".join(texts) if texts else None, is_error=result.is_error)
    written = _with_id({"name": name, "response": response}, result.call_id)
    if media:
        written["parts"] = media
    return written


def _response(text: str | None, *, is_error: bool) -> Any:
    """Google's words for results: an object as it is, else `output` or `error`.

    Only text that is exactly what reading it back gives is taken for an object.
    """
    if is_error:
        return {"error": text or ""}
    if text is None:
        return {}
    if text.startswith("{"):
        try:
            tree = msgspec.json.decode(text, type=dict)
            is_kept = json_text(tree, "") == text and tree and (len(tree) > 1 or tree.keys().isdisjoint(_RESULT_KEYS))
        except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
            is_kept = False
        if is_kept:
            return msgspec.Raw(text.encode())
    return {"output": text}


_RESULT_KEYS = frozenset({"output", "error"})


def media_part(part: Image | Document | Audio) -> dict[str, Any]:
    source = part.source
    if isinstance(source, Inline):
        return {"inlineData": {"mimeType": source.media_type, "data": source.data}}
    media_type = source.media_type or media_type_of(source.url)
    told = {} if media_type is None else {"mimeType": media_type}
    return {"fileData": {**told, "fileUri": source.url}}


def _tool(tool: Tool) -> dict[str, Any]:
    written: dict[str, Any] = {"name": tool.name}
    if tool.description is not None:
        written["description"] = tool.description
    if bytes(tool.schema) != _NO_PARAMETERS:
        written["parametersJsonSchema"] = tool.schema
    return written


def _calling(conversation: Conversation) -> dict[str, Any]:
    """The mode of calling. VALIDATED is AUTO that holds arguments to their schemas, or calls to some names."""
    if conversation.parallel_tools is False:
        raise Untranslatable(
            "parallel_tool_calls", "cannot be switched off for this model. Remove it or choose another model"
        )
    choice = conversation.tool_choice
    is_strict = any(tool.strict for tool in conversation.tools)
    mode = "auto" if choice is None else choice.mode
    names = () if choice is None or mode == "none" else choice.names
    if mode == "auto" and (is_strict or names):
        written: dict[str, Any] = {"mode": "VALIDATED"}
    elif choice is None:
        return {}
    else:
        written = {"mode": {"auto": "AUTO", "none": "NONE", "required": "ANY"}[mode]}
    if names:
        written["allowedFunctionNames"] = names
    return written


def _config(conversation: Conversation, target: Target) -> dict[str, Any]:
    sampling = conversation.sampling
    bounds = [bound for bound in (conversation.most_output_tokens, target.most_output_tokens) if bound is not None]
    if sampling.seed is not None and sampling.seed not in _SEED:
        raise Untranslatable("seed", "must fit into 32 bits for this model. Choose a smaller one")
    output = conversation.output_format
    config: dict[str, Any] = {
        "temperature": sampling.temperature,
        "topP": sampling.top_p,
        "topK": sampling.top_k,
        "seed": sampling.seed,
        "presencePenalty": sampling.presence_penalty,
        "frequencyPenalty": sampling.frequency_penalty,
        "candidateCount": sampling.answers if sampling.answers > 1 else None,
        "responseLogprobs": sampling.logprobs or None,
        "logprobs": sampling.top_logprobs,
        "maxOutputTokens": min(bounds, default=None),
        "stopSequences": conversation.stop_sequences or None,
        "responseMimeType": None if output is None else "application/json",
        "responseJsonSchema": output.schema if isinstance(output, JsonSchema) else None,
        "thinkingConfig": _thinking(conversation, target),
    }
    return {name: value for name, value in config.items() if value is not None}


def _thinking(conversation: Conversation, target: Target) -> dict[str, Any] | None:
    """Budget or level, of which the API takes one; the client's own number counts more than a word."""
    wish = conversation.reasoning
    if wish is None:
        return None
    written: dict[str, Any] = {}
    if wish.budget_tokens is not None:
        written["thinkingBudget"] = wish.budget_tokens
    elif wish.effort is not None:
        if target.has_thinking_level and wish.effort in _LEVEL_BY_EFFORT:
            written["thinkingLevel"] = _LEVEL_BY_EFFORT[wish.effort]
        else:
            written["thinkingBudget"] = _BUDGET_BY_EFFORT[wish.effort]
    elif wish.is_adaptive:
        written["thinkingBudget"] = -1
    if wish.show is not None:
        written["includeThoughts"] = wish.show != "hidden"
    return written or None
