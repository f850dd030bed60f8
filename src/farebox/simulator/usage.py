"""The usage object of an answer, honest or absurd as the options ask."""

from typing import Any

from farebox.simulator.answer import Answer
from farebox.simulator.options import SimulatorOptions

HUGE = 9_000_000_000_000_000_000


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
