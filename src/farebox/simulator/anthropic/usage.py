"""Anthropic's way to count: what came from the cache or went into it is not part of the input."""

from typing import Any

from farebox.simulator.answer import Answer
from farebox.simulator.anthropic.request import MessagesRequest
from farebox.simulator.options import SimulatorOptions
from farebox.simulator.usage import counts_of, mistyped


def usage_of(request: MessagesRequest, answer: Answer, options: SimulatorOptions) -> dict[str, Any]:
    """The usage of a whole message."""
    counts = counts_of(answer, options)
    kept = 0 if options.usage == "cached_over_prompt" else counts.cached
    hour = request.caches_for_an_hour
    usage: dict[str, Any] = {
        "input_tokens": counts.prompt - kept - counts.cache_write,
        "cache_creation_input_tokens": counts.cache_write,
        "cache_read_input_tokens": counts.cached,
        "cache_creation": {
            "ephemeral_5m_input_tokens": 0 if hour else counts.cache_write,
            "ephemeral_1h_input_tokens": counts.cache_write if hour else 0,
        },
        "output_tokens": counts.output,
        "service_tier": "standard",
        "inference_geo": "not_available",
    }
    if request.thinks:
        usage["output_tokens_details"] = {"thinking_tokens": counts.reasoning}
    return mistyped(usage, options)


def usage_at_start(usage: dict[str, Any]) -> dict[str, Any]:
    """What the first event of a stream knows: the input, and as yet hardly any output."""
    first = {name: value for name, value in usage.items() if name != "output_tokens_details"}
    return {**first, "output_tokens": 1}


def usage_at_end(usage: dict[str, Any]) -> dict[str, Any]:
    """The cumulative counts of the last event but one."""
    wanted = (
        "input_tokens",
        "cache_creation_input_tokens",
        "cache_read_input_tokens",
        "output_tokens",
        "output_tokens_details",
    )
    return {name: usage[name] for name in wanted if name in usage}
