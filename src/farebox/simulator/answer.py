"""What the simulated model says, before any wire format: choices made of parts made of tokens.

The token counts are exact by construction: an answer reports as many tokens as its parts have.
"""

from typing import Literal

import msgspec

from farebox.simulator.options import SimulatorOptions
from farebox.simulator.request import ChatRequest, CompletionRequest, text_tokens
from farebox.simulator.schema import sample
from farebox.simulator.turn import THOUGHT_TOKENS, ToolSpec, Turn
from farebox.simulator.words import echo_of, filler_tokens, seed_of, tokens_of

PartKind = Literal["content", "reasoning", "refusal", "tool"]
COMPLETION_LIMIT = 16  # what the completions endpoint allows when the client names no max_tokens
SPARE_TOOL = ToolSpec("lookup", {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]})


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
    """One of the answers; `stop_sequence` is the one that ended it, if one did."""

    parts: tuple[Part, ...]
    finish_reason: str
    stop_sequence: str = ""

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

    def chunks(self, options: SimulatorOptions) -> int:
        """How many content chunks a stream of one of the choices would have."""
        return -(-max(self.completion_tokens // len(self.choices), 1) // options.tokens_per_chunk)


def answer_chat(request: ChatRequest, options: SimulatorOptions) -> Answer:
    """The chat answer, with reasoning that is paid for but not shown."""
    limit = request.output_limit
    hidden = options.reasoning_tokens if limit is None else min(options.reasoning_tokens, limit)
    return answer_turn(turn_of_chat(request, None if limit is None else limit - hidden), options, hidden=hidden)


def turn_of_chat(request: ChatRequest, limit: int | None) -> Turn:
    """The chat request as a turn whose visible output may not exceed `limit`."""
    shape, chosen = request.response_format, request.tool_choice
    return Turn(
        prompt=request.prompt,
        last_user_text=request.last_user_text,
        prompt_tokens=request.prompt_tokens,
        tool_results=tuple(request.tool_results),
        tools=tuple(
            ToolSpec(tool.function.name, tool.function.parameters or {"type": "object"}) for tool in request.tools or ()
        ),
        choosing="none" if chosen == "none" else "required" if chosen == "required" else "auto",
        forced_tool=chosen.get("function", {}).get("name", "") if isinstance(chosen, dict) else None,
        parallel=request.parallel_tool_calls is not False,
        wants_json=shape is not None and shape.type != "text",
        schema=shape.json_schema.schema if shape is not None and shape.json_schema is not None else None,
        stop=(request.stop,) if isinstance(request.stop, str) else tuple(request.stop or ()),
        limit=limit,
        choices=request.n or 1,
    )


def answer_turn(turn: Turn, options: SimulatorOptions, *, hidden: int = 0) -> Answer:
    """A tool call, structured output, an echo, a fixed reply or filler words, after a thought where one is wanted.

    `hidden` tokens of reasoning are counted for each choice without being part of it.
    """
    choices = []
    for index in range(turn.choices):
        choice = _choice(turn, options, index)
        if turn.thinks and options.output != "reasoning":
            thought = filler_tokens(seed_of(turn.prompt, options.seed + 1), options.reasoning_tokens or THOUGHT_TOKENS)
            choice = msgspec.structs.replace(choice, parts=(Part("reasoning", thought), *choice.parts))
        choices.append(_limited(choice, turn.limit))
    return _counted(choices, options, turn.prompt_tokens, hidden)


def answer_completion(request: CompletionRequest, options: SimulatorOptions) -> Answer:
    """The answer of the older endpoint: `n` choices for each prompt; all `best_of` attempts cost tokens."""
    limit = COMPLETION_LIMIT if request.max_tokens is None else request.max_tokens
    stop = (request.stop,) if isinstance(request.stop, str) else tuple(request.stop or ())
    wanted = request.n or 1
    choices, unseen_tokens = [], 0
    for prompt in request.prompts:
        for index in range(max(wanted, request.best_of or 1)):
            choice = _limited(_said(_text(prompt, options, index), stop), limit)
            if index >= wanted:
                unseen_tokens += sum(part.cost for part in choice.parts)
                continue
            if request.echo:
                choice = Choice((Part("content", tokens_of(prompt)), *choice.parts), choice.finish_reason)
            choices.append(choice)
    answer = _counted(choices, options, sum(text_tokens(prompt) for prompt in request.prompts), 0)
    return msgspec.structs.replace(answer, completion_tokens=answer.completion_tokens + unseen_tokens)


def _choice(turn: Turn, options: SimulatorOptions, index: int) -> Choice:
    echo = echo_of(turn.last_user_text)
    if options.output == "refusal":
        return Choice((Part("refusal", tokens_of("I cannot help with that.")),), "stop")
    if options.output == "reasoning":
        return Choice((Part("reasoning", _text(turn.prompt, options, index)),), "stop")
    calls = _called_tools(turn, options)
    if calls:
        return Choice(tuple(_call(tool, echo or "amber") for tool in calls), "tool_calls")
    if options.output == "auto" and turn.tool_results:
        return _said(tokens_of(f"The tool returned: {'; '.join(turn.tool_results)}"), turn.stop)
    if options.output == "auto" and turn.wants_json:
        value = {"answer": echo or "amber"} if turn.schema is None else sample(turn.schema, text=echo or "amber")
        return Choice((Part("content", tokens_of(msgspec.json.encode(value).decode())),), "stop")
    prompt = turn.last_user_text if echo else turn.prompt
    return _said(_text(prompt, options, index), turn.stop)


def _called_tools(turn: Turn, options: SimulatorOptions) -> tuple[ToolSpec, ...]:
    if options.output == "tool_calls":
        return turn.tools or (SPARE_TOOL,)
    if options.output != "auto" or turn.choosing == "none" or turn.tool_results:
        return ()
    if turn.forced_tool is not None:
        return tuple(tool for tool in turn.tools if tool.name == turn.forced_tool)
    return turn.tools if turn.parallel else turn.tools[:1]


def _call(tool: ToolSpec, text: str) -> Part:
    arguments = sample(tool.schema, text=text)
    return Part("tool", tokens_of(msgspec.json.encode(arguments).decode()), tool.name)


def _text(prompt: str, options: SimulatorOptions, index: int) -> tuple[str, ...]:
    given = options.reply or echo_of(prompt)
    if given:
        return tokens_of(given)
    return filler_tokens(seed_of(prompt, options.seed) + index, options.chunks * options.tokens_per_chunk)


def _said(tokens: tuple[str, ...], stop: tuple[str, ...]) -> Choice:
    """Text up to the earliest stop sequence, which is itself left out."""
    text = "".join(tokens)
    found = [(text.find(mark), mark) for mark in stop if mark and mark in text]
    if not found:
        return Choice((Part("content", tokens),), "stop")
    place, mark = min(found)
    return Choice((Part("content", tokens_of(text[:place])),), "stop", mark)


def _limited(choice: Choice, limit: int | None) -> Choice:
    if limit is None or sum(part.cost for part in choice.parts) <= limit:
        return choice
    kept = []
    for part in choice.parts:
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
