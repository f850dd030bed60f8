"""The usage object of Anthropic's messages: its exclusive counting of input read into our inclusive one, and back.

Anthropic's `input_tokens` are only those that were neither read from nor written to its cache; `output_tokens` include
thinking. In streams the first event tells the input, later ones repeat or correct it and count the output up to then.
Source: the API reference's "Usage" and the guide on prompt caching.
"""

from typing import Any

from farebox.domain.usage import Usage


def read_usage(reported: object) -> Usage | None:
    """A usage object in our counting; None when it reports nothing."""
    if not isinstance(reported, dict):
        return None
    cached = _count(reported.get("cache_read_input_tokens"))
    written = _count(reported.get("cache_creation_input_tokens"))
    if not written and isinstance(reported.get("cache_creation"), dict):
        written = sum(map(_count, reported["cache_creation"].values()))
    details = reported.get("output_tokens_details")
    usage = Usage(
        input_tokens=_count(reported.get("input_tokens")) + cached + written,
        cached_input_tokens=cached,
        cache_write_tokens=written,
        output_tokens=_count(reported.get("output_tokens")),
        reasoning_tokens=_count(details.get("thinking_tokens")) if isinstance(details, dict) else 0,
    )
    return usage if usage.total_tokens else None


def write_usage(usage: Usage, cost: str | None) -> dict[str, Any]:
    """Our usage in the dialect's shape and counting."""
    shape: dict[str, Any] = {
        "input_tokens": max(0, usage.input_tokens - usage.cached_input_tokens - usage.cache_write_tokens),
        "cache_creation_input_tokens": usage.cache_write_tokens,
        "cache_read_input_tokens": usage.cached_input_tokens,
        "output_tokens": usage.output_tokens,
    }
    if usage.reasoning_tokens:
        shape["output_tokens_details"] = {"thinking_tokens": usage.reasoning_tokens}
    if cost is not None:
        shape["cost"] = cost
    return shape


def _count(value: object) -> int:
    return max(0, value) if type(value) is int else 0
