"""The usage of an answer, honest or absurd as the options ask, and OpenAI's object for it.

Counts are inclusive: cached and written tokens are part of the input, reasoning is part of the output. A dialect that
counts otherwise subtracts.
"""

from typing import Any

import msgspec

from farebox.simulator.answer import Answer
from farebox.simulator.options import SimulatorOptions

HUGE = 9_000_000_000_000_000_000


class Counts(msgspec.Struct, frozen=True):
    """What is reported for one answer."""

    prompt: int
    cached: int
    cache_write: int
    output: int
    reasoning: int


def counts_of(answer: Answer, options: SimulatorOptions) -> Counts:
    """Counts as the options ask; cached and written tokens fit into the prompt unless that is the fault."""
    prompt, output = answer.prompt_tokens, answer.completion_tokens
    cached = min(options.cached_tokens, prompt)
    written = min(options.cache_write_tokens, prompt - cached)
    match options.usage:
        case "negative":
            return Counts(-prompt, cached, written, -output, answer.reasoning_tokens)
        case "huge":
            return Counts(HUGE, cached, written, HUGE, answer.reasoning_tokens)
        case "cached_over_prompt":
            return Counts(prompt, 10 * prompt + 1000, written, output, answer.reasoning_tokens)
        case _:
            return Counts(prompt, cached, written, output, answer.reasoning_tokens)


def mistyped(usage: dict[str, Any], options: SimulatorOptions) -> dict[str, Any]:
    """`usage` with its numbers as texts when that is the fault."""
    if options.usage != "wrong_types":
        return usage
    return {name: str(value) if isinstance(value, int) else value for name, value in usage.items()}


def usage_of(answer: Answer, options: SimulatorOptions) -> dict[str, Any]:
    """What the provider reports for `answer`; cached tokens never exceed the prompt unless that is the fault."""
    prompt, completion = answer.prompt_tokens, answer.completion_tokens
    cached = min(options.cached_tokens, prompt)
    match options.usage:
        case "negative":
            prompt, completion = -prompt, -completion
        case "huge":
            prompt = completion = HUGE
        case "cached_over_prompt":
            cached = 10 * prompt + 1000
        case _:
            pass
    usage: dict[str, Any] = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
        "prompt_tokens_details": {"cached_tokens": cached, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": answer.reasoning_tokens,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }
    if options.cache_write_tokens:
        usage["prompt_tokens_details"]["cache_write_tokens"] = options.cache_write_tokens
    if options.usage == "wrong_types":
        usage |= {"prompt_tokens": str(prompt), "completion_tokens": completion + 0.5, "total_tokens": None}
    return usage


def usage_so_far(usage: dict[str, Any], tokens: int) -> dict[str, Any]:
    """`usage` as a provider reports it in the middle of a stream, after `tokens` of output."""
    prompt = usage["prompt_tokens"]
    return {**usage, "completion_tokens": tokens, "total_tokens": prompt + tokens}
