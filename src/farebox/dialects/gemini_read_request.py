"""Requests of Gemini's generateContent and countTokens, read into a Conversation. What has no place there is refused.

Source: the API reference of GenerateContentRequest (ai.google.dev), and recorded traffic.
"""

from typing import Any

import msgspec

from farebox.dialects.conversation import (
    Conversation,
    Effort,
    JsonObject,
    JsonSchema,
    ReasoningWish,
    Sampling,
    Tool,
    ToolChoice,
    Untranslatable,
)
from farebox.dialects.gemini_content import read_contents, read_system
from farebox.dialects.gemini_fields import ProtoFields
from farebox.dialects.gemini_schema import to_json_schema
from farebox.dialects.request_body import read_request_body
from farebox.dialects.request_fields import bad_value, json_text

MOST_TOKENS = 1_000_000_000
MOST_ANSWERS = 128

_KEPT = "refers to state kept at the provider, which a gateway cannot give"
_ONLY_TEXT = "asks for other output than text, which is not carried over"
_NO_FILTER = frozenset({"", "BLOCK_NONE", "OFF"})
_EFFORTS: dict[str, Effort] = {
    "MINIMAL": "minimal",
    "LOW": "low",
    "MEDIUM": "medium",
    "HIGH": "high",
    "XHIGH": "xhigh",
}


def read_request(raw: bytes, *, model: str | None = None, stream: bool | None = None) -> Conversation:
    """A body of generateContent or streamGenerateContent; the path tells `model` and `stream`. Raises Refusal."""
    return _read(ProtoFields(read_request_body(raw).tree), model or "", stream=bool(stream))


def read_count_request(raw: bytes, *, model: str | None = None) -> Conversation:
    """A body of countTokens: contents alone, or a whole request in `generateContentRequest`."""
    fields = ProtoFields(read_request_body(raw).tree)
    whole = fields.object("generateContentRequest")
    if whole is None:
        return _read(fields, model or "", stream=False)
    fields.done()
    return _read(whole, model or "", stream=False)


def _read(fields: ProtoFields, model: str, *, stream: bool) -> Conversation:
    named = (fields.text("model") or "").removeprefix("models/")
    if named and model and named != model:
        raise bad_value(fields.name("model"), "names another model than the path. Leave it out")
    config = fields.object("generationConfig") or ProtoFields({}, fields.name("generationConfig"))
    choice, is_validated = _tool_choice(fields.object("toolConfig"))
    fields.only("cachedContent", reason=_KEPT)
    fields.only("store", False, reason=_KEPT)
    fields.only("serviceTier", "standard", "STANDARD", reason="has a price of its own")
    _check_safety(fields)
    contents = fields.objects("contents")
    if not contents:
        raise bad_value(fields.name("contents"), "must be a list with at least one turn")
    conversation = Conversation(
        model=model or named,
        messages=read_contents(contents),
        system=read_system(fields.object("systemInstruction")),
        tools=tuple(
            _tool(declaration, is_validated=is_validated)
            for tool in fields.objects("tools")
            for declaration in _declarations(tool)
        ),
        tool_choice=choice,
        output_format=_output_format(config),
        most_output_tokens=config.whole("maxOutputTokens", 1, MOST_TOKENS),
        stop_sequences=config.texts("stopSequences"),
        sampling=_sampling(config),
        reasoning=_reasoning(config.object("thinkingConfig")),
        stream=stream,
    )
    if [str(kind).upper() for kind in config.entries("responseModalities")] not in ([], ["TEXT"]):
        raise Untranslatable(config.name("responseModalities"), f"{_ONLY_TEXT}. Ask for TEXT or choose another model")
    config.only("mediaResolution", "MEDIA_RESOLUTION_UNSPECIFIED")
    config.done()
    fields.done()
    return conversation


def _check_safety(fields: ProtoFields) -> None:
    """Filters that are switched off ask nothing of a provider without such filters; all others would be lost."""
    for setting in fields.objects("safetySettings"):
        setting.leave("category")
        if setting.word("threshold") not in _NO_FILTER:
            raise Untranslatable(
                setting.name("threshold"),
                "sets a filter that this model's provider does not have. Use BLOCK_NONE or choose another model",
            )


def _declarations(tool: ProtoFields) -> list[ProtoFields]:
    declarations = tool.objects("functionDeclarations")
    # Anything else is a tool that Google runs or alone defines.
    tool.done()
    return declarations


def _tool(declaration: ProtoFields, *, is_validated: bool) -> Tool:
    name = declaration.needed_text("name")
    description = declaration.text("description")
    parameters = declaration.take("parameters")
    schema = declaration.schema("parametersJsonSchema")
    if parameters is not None:
        if not isinstance(parameters, dict) or schema is not None:
            reason = "must be a schema" if schema is None else "and parametersJsonSchema exclude each other. Give one"
            raise bad_value(declaration.name("parameters"), reason)
        schema = _raw_schema(parameters, declaration.name("parameters"))
    declaration.only("behavior", "BLOCKING", "UNSPECIFIED")
    # What the function gives back is told to Google's models only; it binds nobody.
    declaration.leave("response", "responseJsonSchema")
    declaration.done()
    strict = True if is_validated else None
    return Tool(name, description, Tool("").schema if schema is None else schema, strict)


def _raw_schema(schema: dict[str, Any], field: str) -> msgspec.Raw:
    return msgspec.Raw(json_text(to_json_schema(schema), field).encode())


def _tool_choice(config: ProtoFields | None) -> tuple[ToolChoice | None, bool]:
    """The choice, and whether arguments are to be held to their schemas."""
    if config is None:
        return None, False
    calling = config.object("functionCallingConfig")
    config.only("includeServerSideToolInvocations", False)
    config.done()
    if calling is None:
        return None, False
    mode = calling.word("mode")
    names = calling.texts("allowedFunctionNames")
    calling.only("streamFunctionCallArguments", False)
    if mode not in ("", "AUTO", "ANY", "NONE", "VALIDATED"):
        raise bad_value(calling.name("mode"), "must be AUTO, ANY, NONE or VALIDATED")
    if names and mode not in ("ANY", "VALIDATED"):
        raise bad_value(calling.name("allowedFunctionNames"), "is only for the modes ANY and VALIDATED")
    calling.done()
    if mode == "":
        return None, False
    if mode == "ANY":
        return ToolChoice("required", names), False
    return ToolChoice("none" if mode == "NONE" else "auto", names), mode == "VALIDATED" and not names


def _output_format(config: ProtoFields) -> JsonObject | JsonSchema | None:
    mime_type = config.text("responseMimeType")
    schema = config.schema("responseJsonSchema") or config.schema("_responseJsonSchema")
    own = config.take("responseSchema")
    if own is not None:
        if not isinstance(own, dict) or schema is not None:
            reason = "must be a schema" if schema is None else "and responseJsonSchema exclude each other. Give one"
            raise bad_value(config.name("responseSchema"), reason)
        schema = _raw_schema(own, config.name("responseSchema"))
    if mime_type in (None, "", "text/plain"):
        if schema is not None:
            raise bad_value(config.name("responseMimeType"), "must be application/json where there is a schema")
        return None
    if mime_type != "application/json":
        raise Untranslatable(
            config.name("responseMimeType"), "may only be text/plain or application/json for this model"
        )
    return JsonObject() if schema is None else JsonSchema(schema)


def _sampling(config: ProtoFields) -> Sampling:
    return Sampling(
        temperature=config.number("temperature", 0, 2),
        top_p=config.number("topP", 0, 1),
        top_k=config.whole("topK", 0, MOST_TOKENS),
        seed=config.whole("seed", -(2**31), 2**31 - 1),
        presence_penalty=config.number("presencePenalty", -2, 2),
        frequency_penalty=config.number("frequencyPenalty", -2, 2),
        answers=config.whole("candidateCount", 1, MOST_ANSWERS) or 1,
        logprobs=config.flag("responseLogprobs") or False,
        top_logprobs=config.whole("logprobs", 0, 20),
    )


def _reasoning(config: ProtoFields | None) -> ReasoningWish | None:
    if config is None:
        return None
    budget = config.whole("thinkingBudget", -1, MOST_TOKENS)
    level = config.word("thinkingLevel")
    thoughts = config.flag("includeThoughts")
    if level and level not in _EFFORTS:
        raise bad_value(config.name("thinkingLevel"), f"must be one of {', '.join(_EFFORTS)}")
    if level and budget is not None:
        raise bad_value(config.name("thinkingLevel"), "and thinkingBudget exclude each other. Give one")
    config.done()
    wish = ReasoningWish(
        effort="none" if budget == 0 else _EFFORTS.get(level),
        budget_tokens=budget if budget is not None and budget > 0 else None,
        is_adaptive=budget == -1,
        show=None if thoughts is None else ("summary" if thoughts else "hidden"),
    )
    return None if wish == ReasoningWish() else wish
