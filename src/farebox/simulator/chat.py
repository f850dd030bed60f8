"""Chat completions on the wire: the plain answer and the chunks of a stream."""

from collections.abc import Iterator
from typing import Any

from farebox.simulator.answer import Answer, Choice, Part
from farebox.simulator.identity import call_id, envelope
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.request import ChatRequest
from farebox.simulator.stream import Chunk

DELTA_FIELDS = {"content": "content", "reasoning": "reasoning_content", "refusal": "refusal"}


def chat_answer(request: ChatRequest, model: str, answer: Answer, options: SimulatorOptions) -> dict[str, Any]:
    """The plain answer without its usage."""
    return {
        **envelope("chat.completion", "chatcmpl", model, options),
        "choices": [
            {
                "index": index,
                "message": _message(index, choice),
                "logprobs": _logprobs(request, choice.parts),
                "finish_reason": choice.finish_reason,
            }
            for index, choice in enumerate(answer.choices)
        ],
    }


def chat_chunks(request: ChatRequest, answer: Answer, options: SimulatorOptions) -> Iterator[Chunk]:
    """The chunks of the stream without envelope and usage; the choices take turns, as they do upstream."""
    for index, choice in enumerate(answer.choices):
        yield Chunk([_delta(index, {"role": "assistant", **_opening(choice)})], 0)
    turns = [list(_choice_chunks(request, index, choice, options)) for index, choice in enumerate(answer.choices)]
    for turn in range(max(len(chunks) for chunks in turns)):
        for chunks in turns:
            yield from chunks[turn : turn + 1]
    for index, choice in enumerate(answer.choices):
        yield Chunk([_delta(index, {}, finish_reason=choice.finish_reason)], 0)


def _message(index: int, choice: Choice) -> dict[str, Any]:
    message: dict[str, Any] = {
        "role": "assistant",
        "content": choice.text("content"),
        "refusal": choice.text("refusal"),
        "annotations": [],
    }
    if not choice.parts:
        message["content"] = ""
    reasoning = choice.text("reasoning")
    if reasoning is not None:
        message["reasoning_content"] = reasoning
    if choice.tool_calls:
        message["tool_calls"] = [
            {"id": call_id(index, at), "type": "function", "function": {"name": part.name, "arguments": part.text}}
            for at, part in enumerate(choice.tool_calls)
        ]
    return message


def _opening(choice: Choice) -> dict[str, Any]:
    return {"content": None if choice.tool_calls else "", "refusal": None}


def _choice_chunks(request: ChatRequest, index: int, choice: Choice, options: SimulatorOptions) -> Iterator[Chunk]:
    position = 0
    for part in choice.parts:
        if part.kind == "tool":
            function: dict[str, Any] = {"name": part.name, "arguments": ""}
            opened = {"index": position, "id": call_id(index, position), "type": "function", "function": function}
            yield Chunk([_delta(index, {"tool_calls": [opened]})], 1)
        for tokens in _groups(part.tokens, options.tokens_per_chunk):
            text = "".join(tokens)
            if part.kind == "tool":
                delta: dict[str, Any] = {"tool_calls": [{"index": position, "function": {"arguments": text}}]}
            else:
                delta = {DELTA_FIELDS[part.kind]: text}
            group = Part(part.kind, tokens)
            yield Chunk([_delta(index, delta, logprobs=_logprobs(request, (group,)))], len(tokens))
        position += part.kind == "tool"


def _groups(tokens: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(tokens), size):
        yield tokens[start : start + size]


def _delta(index: int, delta: dict[str, Any], *, logprobs: Any = None, finish_reason: str | None = None) -> Any:
    return {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish_reason}


def _logprobs(request: ChatRequest, parts: tuple[Part, ...]) -> dict[str, Any] | None:
    if not request.logprobs:
        return None
    tokens = [token for part in parts if part.kind == "content" for token in part.tokens]
    return {"content": [_logprob(token, request.top_logprobs or 0) for token in tokens], "refusal": None}


def _logprob(token: str, alternatives: int) -> dict[str, Any]:
    scored = {"token": token, "logprob": -0.25, "bytes": list(token.encode("utf-8", "surrogatepass"))}
    return {**scored, "top_logprobs": [{**scored, "logprob": -0.25 - rank} for rank in range(alternatives)]}
