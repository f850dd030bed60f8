"""The older text completions on the wire: the plain answer and the chunks of a stream."""

from collections.abc import Iterator
from typing import Any

from farebox.simulator.answer import Answer, Choice
from farebox.simulator.identity import envelope
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.request import CompletionRequest
from farebox.simulator.stream import Chunk


def completion_answer(
    request: CompletionRequest, model: str, answer: Answer, options: SimulatorOptions
) -> dict[str, Any]:
    """The plain answer without its usage."""
    choices = [
        _choice(index, choice.text("content") or "", _logprobs(request, choice), choice.finish_reason)
        for index, choice in enumerate(answer.choices)
    ]
    return {**completion_envelope(model, options), "choices": choices}


def completion_chunks(answer: Answer, options: SimulatorOptions) -> Iterator[Chunk]:
    """The chunks of the stream without envelope and usage, one choice after the other."""
    size = options.tokens_per_chunk
    for index, choice in enumerate(answer.choices):
        tokens = [token for part in choice.parts for token in part.tokens]
        for start in range(0, len(tokens), size):
            group = tokens[start : start + size]
            yield Chunk([_choice(index, "".join(group), None, None)], len(group))
        yield Chunk([_choice(index, "", None, choice.finish_reason)], 0)


def completion_envelope(model: str, options: SimulatorOptions) -> dict[str, Any]:
    return envelope("text_completion", "cmpl", model, options)


def _choice(index: int, text: str, logprobs: Any, finish_reason: str | None) -> dict[str, Any]:
    return {"text": text, "index": index, "logprobs": logprobs, "finish_reason": finish_reason}


def _logprobs(request: CompletionRequest, choice: Choice) -> dict[str, Any] | None:
    if request.logprobs is None:
        return None
    tokens = [token for part in choice.parts for token in part.tokens]
    offsets, offset = [], 0
    for token in tokens:
        offsets.append(offset)
        offset += len(token)
    return {
        "tokens": tokens,
        "token_logprobs": [-0.25] * len(tokens),
        "top_logprobs": [{token: -0.25} for token in tokens],
        "text_offset": offsets,
    }
