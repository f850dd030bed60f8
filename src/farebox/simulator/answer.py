"""What the simulated model says, before any wire format: choices made of parts made of tokens.

The token counts are exact by construction: an answer reports as many tokens as its parts have.
"""

from typing import Any, Literal

import msgspec

from farebox.simulator.options import SimulatorOptions
from farebox.simulator.request import ChatRequest, CompletionRequest, Tool, ToolFunction, text_tokens
from farebox.simulator.schema import sample
from farebox.simulator.words import echo_of, filler_tokens, seed_of, tokens_of

PartKind = Literal["content", "reasoning", "refusal", "tool"]
COMPLETION_LIMIT = 16  # what the completions endpoint allows when the client names no max_tokens
SPARE_TOOL = Tool(
    ToolFunction("lookup", {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]})
)


class Part(msgspec.Struct, frozen=True):
    """A run of tokens of one kind; a tool call spends one more token on its `name`."""

    kind: PartKind
    tokens: tuple[str, ...]
    name: str = ""

    @property
    def text(self) -> str:
        return "".join(self.tokens)

    @property
    def cost(self) -> int:
        return len(self.tokens) + (self.kind == "tool")


class Choice(msgspec.Struct, frozen=True):
    parts: tuple[Part, ...]
    finish_reason: str

    def text(self, kind: PartKind) -> str | None:
        """All text of one kind, or None when the choice has none of it."""
        found = [part.text for part in self.parts if part.kind == kind]
        return "".join(found) if found else None

    @property
    def tool_calls(self) -> list[Part]:
        return [part for part in self.parts if part.kind == "tool"]


class Answer(msgspec.Struct, frozen=True):
    """Choices and the tokens they cost; `reasoning_tokens` are part of `completion_tokens`."""

    choices: tuple[Choice, ...]
    prompt_tokens: int
    completion_tokens: int
    reasoning_tokens: int


def answer_chat(request: ChatRequest, options: SimulatorOptions) -> Answer:
    """The chat answer: a tool call, structured output, an echo, a fixed reply or filler words."""
    limit = request.output_limit
    hidden = options.reasoning_tokens if limit is None else min(options.reasoning_tokens, limit)
    choices = []
    for index in range(request.n or 1):
        parts, reason = _chat_parts(request, options, index)
        choices.append(_limited(parts, reason, None if limit is None else limit - hidden))
    return _counted(choices, options, request.prompt_tokens, hidden)


def answer_completion(request: CompletionRequest, options: SimulatorOptions) -> Answer:
    """The answer of the older endpoint: `n` choices for each prompt; all `best_of` attempts cost tokens."""
    limit = COMPLETION_LIMIT if request.max_tokens is None else request.max_tokens
    wanted = request.n or 1
    choices, unseen_tokens = [], 0
    for prompt in request.prompts:
        for index in range(max(wanted, request.best_of or 1)):
            tokens, reason = _stopped(_text(prompt, options, index), request.stop)
            choice = _limited([Part("content", tokens)], reason, limit)
            if index >= wanted:
                unseen_tokens += sum(part.cost for part in choice.parts)
                continue
            if request.echo:
                choice = Choice((Part("content", tokens_of(prompt)), *choice.parts), choice.finish_reason)
            choices.append(choice)
    answer = _counted(choices, options, sum(text_tokens(prompt) for prompt in request.prompts), 0)
    return msgspec.structs.replace(answer, completion_tokens=answer.completion_tokens + unseen_tokens)


def _chat_parts(request: ChatRequest, options: SimulatorOptions, index: int) -> tuple[list[Part], str]:
    echo = echo_of(request.last_user_text)
    if options.output == "refusal":
        return [Part("refusal", tokens_of("I cannot help with that."))], "stop"
    if options.output == "reasoning":
        return [Part("reasoning", _text(request.prompt, options, index))], "stop"
    calls = _called_tools(request, options)
    if calls:
        return [_call(tool, echo or "amber") for tool in calls], "tool_calls"
    if options.output == "auto" and request.tool_results:
        tokens, reason = _stopped(tokens_of(f"The tool returned: {'; '.join(request.tool_results)}"), request.stop)
        return [Part("content", tokens)], reason
    shape = request.response_format
    if options.output == "auto" and shape is not None and shape.type != "text":
        schema: Any = shape.json_schema.schema if shape.json_schema is not None else None
        value = {"answer": echo or "amber"} if schema is None else sample(schema, text=echo or "amber")
        return [Part("content", tokens_of(msgspec.json.encode(value).decode()))], "stop"
    prompt = request.last_user_text if echo else request.prompt
    tokens, reason = _stopped(_text(prompt, options, index), request.stop)
    return [Part("content", tokens)], reason


def _called_tools(request: ChatRequest, options: SimulatorOptions) -> list[Tool]:
    tools = request.tools or []
    if options.output == "tool_calls":
        return tools or [SPARE_TOOL]
    if options.output != "auto" or not tools or request.tool_choice == "none" or request.tool_results:
        return []
    if isinstance(request.tool_choice, dict):
        wanted = request.tool_choice.get("function", {}).get("name")
        return [tool for tool in tools if tool.function.name == wanted]
    return tools[:1] if request.parallel_tool_calls is False else tools


def _call(tool: Tool, text: str) -> Part:
    arguments = sample(tool.function.parameters or {"type": "object"}, text=text)
    return Part("tool", tokens_of(msgspec.json.encode(arguments).decode()), tool.function.name)


def _text(prompt: str, options: SimulatorOptions, index: int) -> tuple[str, ...]:
    given = options.reply or echo_of(prompt)
    if given:
        return tokens_of(given)
    return filler_tokens(seed_of(prompt, options.seed) + index, options.chunks * options.tokens_per_chunk)


def _stopped(tokens: tuple[str, ...], stop: str | list[str] | None) -> tuple[tuple[str, ...], str]:
    """The tokens up to the earliest stop sequence, which is itself left out."""
    text = "".join(tokens)
    places = [text.find(mark) for mark in ([stop] if isinstance(stop, str) else stop or []) if mark and mark in text]
    return (tokens_of(text[: min(places)]), "stop") if places else (tokens, "stop")


def _limited(parts: list[Part], reason: str, limit: int | None) -> Choice:
    if limit is None or sum(part.cost for part in parts) <= limit:
        return Choice(tuple(parts), reason)
    kept = []
    for part in parts:
        if limit <= 0:
            break
        kept.append(msgspec.structs.replace(part, tokens=part.tokens[: limit - (part.kind == "tool")]))
        limit -= kept[-1].cost
    return Choice(tuple(kept), "length")


def _counted(choices: list[Choice], options: SimulatorOptions, prompt_tokens: int, hidden: int) -> Answer:
    parts = [part for choice in choices for part in choice.parts]
    return Answer(
        choices=tuple(choices),
        prompt_tokens=prompt_tokens if options.prompt_tokens is None else options.prompt_tokens,
        completion_tokens=sum(part.cost for part in parts) + hidden * len(choices),
        reasoning_tokens=sum(part.cost for part in parts if part.kind == "reasoning") + hidden * len(choices),
    )
