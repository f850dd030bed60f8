"""A client's body of OpenAI's responses, read into a Conversation.

Only what stands in the request itself can be read: whatever refers to earlier responses, files or prompts that the
provider keeps is refused with advice.
"""

from typing import get_args

import msgspec

from farebox.dialects.conversation import (
    Conversation,
    Effort,
    JsonObject,
    JsonSchema,
    ReasoningWish,
    Sampling,
    Text,
    Tool,
    ToolChoice,
    Untranslatable,
)
from farebox.dialects.request_fields import Fields, bad_value, read_body
from farebox.dialects.responses_read_items import KEPT_AT_PROVIDER, read_input

MOST_TOKENS = 1_000_000_000
MOST_TOP_LOGPROBS = 20
SEALED_REASONING = "reasoning.encrypted_content"
LOGPROBS = "message.output_text.logprobs"

_EFFORTS: tuple[Effort, ...] = get_args(Effort)
ANY_ARGUMENTS = msgspec.Raw(b'{"type":"object","properties":{}}')
_HOSTED = "Tools of the provider are not carried over: give functions of your own"


def read_request(raw: bytes, *, model: str | None = None, stream: bool | None = None) -> Conversation:
    """A body of /v1/responses; raises Refusal."""
    del model, stream
    fields = read_body(raw)
    _refuse_state(fields)
    instructions = fields.text("instructions")
    leading, messages = read_input(fields)
    output_format, verbosity = _text(fields.object("text"))
    conversation = Conversation(
        model=fields.needed_text("model"),
        messages=messages,
        system=(*(() if instructions is None else (Text(instructions),)), *leading),
        tools=tuple(_tool(tool) for tool in fields.objects("tools")),
        tool_choice=_tool_choice(fields),
        parallel_tools=fields.flag("parallel_tool_calls"),
        output_format=output_format,
        most_output_tokens=fields.whole("max_output_tokens", 1, MOST_TOKENS),
        sampling=_sampling(fields),
        reasoning=_reasoning(fields.object("reasoning")),
        verbosity=verbosity,
        end_user=_end_user(fields),
        cache_key=fields.text("prompt_cache_key"),
        stream=fields.flag("stream") or False,
    )
    # Hints, bookkeeping of stored responses, bounds of hosted tools, and our own field for fallbacks.
    fields.leave("metadata", "prompt_cache_retention", "prompt_cache_options", "stream_options", "max_tool_calls")
    fields.leave("models", "client_metadata")
    fields.done()
    return conversation


def _refuse_state(fields: Fields) -> None:
    for name in ("previous_response_id", "conversation"):
        if fields.take(name) is not None:
            raise Untranslatable(
                name, "refers to state kept at the provider. Send all earlier items in `input` and set `store` to false"
            )
    if fields.take("prompt") is not None:
        raise Untranslatable("prompt", KEPT_AT_PROVIDER)
    fields.only("store", False, reason="may only be false: nothing is stored at the provider")
    fields.only("background", False, reason="may only be false: nothing is stored at the provider")
    fields.only("truncation", "disabled")
    fields.only("service_tier", "auto", "default", reason="may only be auto or default: other tiers have other prices")


def _end_user(fields: Fields) -> str | None:
    user, safety_identifier = fields.text("user"), fields.text("safety_identifier")
    return safety_identifier if safety_identifier is not None else user


def _tool(tool: Fields) -> Tool:
    kind = tool.needed_text("type")
    if kind != "function":
        raise Untranslatable(tool.name("type"), f"is {kind[:60]!r}. {_HOSTED}")
    tool.only("defer_loading", False)
    read = Tool(
        name=tool.needed_text("name"),
        description=tool.text("description"),
        schema=tool.schema("parameters") or ANY_ARGUMENTS,
        # Not strict is what the others do without being told.
        strict=tool.flag("strict") or None,
    )
    tool.done()
    return read


def _tool_choice(fields: Fields) -> ToolChoice | None:
    value = fields.take("tool_choice")
    if value is None or isinstance(value, str):
        match fields.choice("tool_choice", "auto", "none", "required"):
            case "auto":
                return ToolChoice("auto")
            case "none":
                return ToolChoice("none")
            case "required":
                return ToolChoice("required")
            case _:
                return None
    choice = fields.needed_object("tool_choice")
    match choice.needed_text("type"):
        case "function":
            read = ToolChoice("required", (choice.needed_text("name"),))
        case "allowed_tools":
            mode = choice.choice("mode", "auto", "required") or "auto"
            names = tuple(_allowed(tool) for tool in choice.objects("tools"))
            if not names:
                raise bad_value(choice.name("tools"), "must name at least one tool")
            read = ToolChoice("required" if mode == "required" else "auto", names)
        case kind:
            raise Untranslatable(choice.name("type"), f"is {kind[:60]!r}. {_HOSTED}")
    choice.done()
    return read


def _allowed(tool: Fields) -> str:
    kind = tool.needed_text("type")
    if kind != "function":
        raise Untranslatable(tool.name("type"), f"is {kind[:60]!r}. {_HOSTED}")
    name = tool.needed_text("name")
    tool.done()
    return name


def _text(text: Fields | None) -> tuple[JsonObject | JsonSchema | None, str | None]:
    """The output format and the verbosity."""
    if text is None:
        return None, None
    verbosity = text.choice("verbosity", "low", "medium", "high")
    if verbosity == "medium":
        # What models do without being told; Codex says it always.
        verbosity = None
    output: JsonObject | JsonSchema | None = None
    wanted = text.object("format")
    text.done()
    if wanted is not None:
        match wanted.needed_text("type"):
            case "text":
                pass
            case "json_object":
                output = JsonObject()
            case "json_schema":
                output = _schema(wanted)
            case _:
                raise bad_value(wanted.name("type"), "must be text, json_object or json_schema")
        wanted.done()
    return output, verbosity


def _schema(wanted: Fields) -> JsonSchema:
    name, schema = wanted.needed_text("name"), wanted.schema("schema")
    if schema is None:
        raise bad_value(wanted.name("schema"), "is missing")
    return JsonSchema(schema, name, wanted.text("description"), wanted.flag("strict"))


def _sampling(fields: Fields) -> Sampling:
    includes = fields.texts("include")
    for entry in includes:
        if entry not in (SEALED_REASONING, LOGPROBS):
            raise Untranslatable("include", f"may not hold {entry[:60]!r}. Remove it")
    top_logprobs = fields.whole("top_logprobs", 0, MOST_TOP_LOGPROBS)
    has_logprobs = LOGPROBS in includes
    return Sampling(
        temperature=fields.number("temperature", 0, 2),
        top_p=fields.number("top_p", 0, 1),
        logprobs=has_logprobs,
        # Without its entry in `include` nothing comes of it.
        top_logprobs=top_logprobs if has_logprobs else None,
    )


def _reasoning(reasoning: Fields | None) -> ReasoningWish | None:
    if reasoning is None:
        return None
    # `context`, `mode`: how OpenAI's own models use their earlier thoughts.
    reasoning.leave("context", "mode")
    effort = reasoning.choice("effort", *_EFFORTS)
    summary = reasoning.choice("summary", "auto", "concise", "detailed")
    older_summary = reasoning.choice("generate_summary", "auto", "concise", "detailed")
    reasoning.done()
    if effort is None and summary is None and older_summary is None:
        return None
    return ReasoningWish(
        effort=None if effort is None else msgspec.convert(effort, Effort),
        show="summary" if summary or older_summary else None,
    )
