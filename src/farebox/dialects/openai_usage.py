"""The usage object of the OpenAI dialect: every vendor's way of counting read into ours, and ours written into it.

Where its members stand and what they mean is in the usage table. xAI and Google leave thinking out of
`completion_tokens` but not out of `total_tokens`, so that the total decides.
"""

from typing import Any

import msgspec

from farebox.dialects.json_body import MalformedJson, edit, json_string, members, read_value
from farebox.dialects.openai_extras import EVERY, Strip
from farebox.dialects.usage_reader import UsageReader, lifetimes
from farebox.domain.job import Endpoint
from farebox.domain.usage import Usage


def read_usage(reported: object, endpoint: Endpoint) -> Usage | None:
    """A provider's usage object in our inclusive counting; None when it reports nothing."""
    if not isinstance(reported, dict):
        return None
    counts = _READER.counts(reported)
    total = _count(reported.get("total_tokens"))
    if endpoint == "embeddings":
        # All tokens are input, and some vendors give only the total.
        counts = {"input_tokens": counts.get("input_tokens") or total}
    elif "input_tokens" in counts:
        hidden = total - counts["input_tokens"] - counts.get("output_tokens", 0)
        if hidden > 0:
            counts["output_tokens"] = counts.get("output_tokens", 0) + hidden
            counts["reasoning_tokens"] = max(counts.get("reasoning_tokens", 0), hidden)
    usage = Usage(**counts)
    return usage if usage.total_tokens else None


def read_usage_bytes(raw: bytes, endpoint: Endpoint) -> Usage | None:
    """The same from the object's bytes; bytes that could not be stamped afterwards report nothing."""
    try:
        return read_usage(read_value(raw), endpoint)
    except MalformedJson:
        return None


def _count(value: object) -> int:
    """A claimed count as a number that is not negative; some servers write whole numbers as floats."""
    if type(value) is int:
        return max(0, value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0
    if isinstance(value, float) and not value.is_integer():
        return 0
    return max(0, int(value))


_READER = UsageReader("openai", _count)


def stamped_usage(reported: bytes, cost: str | None, strip: Strip = EVERY) -> bytes:
    """The provider's usage object with our cost in place of theirs and without vendors' extras; the rest as it came."""
    if cost is not None and not strip.concerns_usage(reported):
        return b'%b,"cost":%b}' % (reported[:-1].rstrip(), json_string(cost))
    spans = members(reported)
    changes: dict[str, bytes | None] = {name: None for name in spans if name in strip.usage}
    if cost is not None:
        changes["cost"] = json_string(cost)
    return edit(reported, spans, changes)


def write_usage(usage: Usage, cost: str | None, endpoint: Endpoint) -> dict[str, Any]:
    """Our usage in the dialect's shape; classes that few models have stand there only when they count something."""
    shape: dict[str, Any] = {"prompt_tokens": usage.input_tokens}
    if endpoint != "embeddings":
        shape["completion_tokens"] = usage.output_tokens
    shape["total_tokens"] = usage.total_tokens
    if endpoint != "embeddings":
        shape["prompt_tokens_details"] = {
            "cached_tokens": usage.cached_input_tokens,
            "audio_tokens": usage.audio_input_tokens,
            **rare_input_details(usage),
        }
        shape["completion_tokens_details"] = {
            "reasoning_tokens": usage.reasoning_tokens,
            "audio_tokens": usage.audio_output_tokens,
        }
        if usage.image_output_tokens:
            shape["completion_tokens_details"]["image_tokens"] = usage.image_output_tokens
    if cost is not None:
        shape["cost"] = cost
    return shape


def rare_input_details(usage: Usage) -> dict[str, Any]:
    """What the details of input hold of images and of what was written to a cache, where there is any."""
    details: dict[str, Any] = {}
    if usage.image_input_tokens:
        details["image_tokens"] = usage.image_input_tokens
    if usage.cache_write_tokens:
        details["cache_write_tokens"] = usage.cache_write_tokens
    if usage.cache_write_1h_tokens:
        details["cache_creation"] = lifetimes(usage)
    return details


def usage_object(usage: Usage, cost: str | None, endpoint: Endpoint) -> bytes:
    """The same as bytes, for an answer whose provider reported none."""
    return msgspec.json.encode(write_usage(usage, cost, endpoint))
