"""The usage object of Anthropic's messages: its exclusive counting of input read into our inclusive one, and back.

Anthropic's `input_tokens` are only those that were neither read from nor written to its cache; `output_tokens` include
thinking. In streams the first event tells the input, later ones repeat or correct it and count the output up to then.
Source: the API reference's "Usage" and the guide on prompt caching.
"""

from typing import Any

from farebox.dialects.usage_reader import UsageReader, lifetimes
from farebox.domain.usage import Usage


def read_usage(reported: object) -> Usage | None:
    """A usage object in our counting; None when it reports nothing."""
    if not isinstance(reported, dict):
        return None
    usage = Usage(**_READER.counts(reported))
    return usage if usage.total_tokens else None


def write_usage(usage: Usage, cost: str | None) -> dict[str, Any]:
    """Our usage in the dialect's shape and counting."""
    shape: dict[str, Any] = {
        "input_tokens": max(0, usage.input_tokens - usage.cached_input_tokens - usage.cache_write_tokens),
        "cache_creation_input_tokens": usage.cache_write_tokens,
        "cache_read_input_tokens": usage.cached_input_tokens,
        "output_tokens": usage.output_tokens,
    }
    if usage.cache_write_1h_tokens:
        shape["cache_creation"] = lifetimes(usage)
    if usage.reasoning_tokens:
        shape["output_tokens_details"] = {"thinking_tokens": usage.reasoning_tokens}
    if cost is not None:
        shape["cost"] = cost
    return shape


def _count(value: object) -> int:
    return max(0, value) if type(value) is int else 0


_READER = UsageReader("anthropic", _count)
