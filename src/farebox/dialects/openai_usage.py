"""The usage object of the OpenAI dialect: every vendor's way of counting read into ours, and ours written into it.

Where vendors differ: DeepSeek, Mistral and Together give cached tokens beside the counts instead of in
`prompt_tokens_details`; Groq streams hide the object in `x_groq`; xAI and Google leave thinking out of
`completion_tokens` but not out of `total_tokens`; Perplexity gives `reasoning_tokens` at the top.
"""

import re
from typing import Any

import msgspec

from farebox.dialects.json_body import MalformedJson, edit, json_string, members, read_value
from farebox.dialects.openai_extras import USAGE_EXTRAS
from farebox.domain.job import Endpoint
from farebox.domain.usage import Usage

_EXTRA = re.compile(rb'"(?:%b)"' % b"|".join(sorted(name.encode() for name in USAGE_EXTRAS)))

# A usage object has counts at its top and in the details of its input and of its output.
_TOP, _INPUT_DETAILS, _OUTPUT_DETAILS = range(3)
_NO_DETAILS: dict[str, Any] = {}

# Class to the places where it may stand; the first place that holds a count wins.
_PLACES: tuple[tuple[str, tuple[tuple[int, str], ...]], ...] = (
    ("input_tokens", ((_TOP, "prompt_tokens"), (_TOP, "input_tokens"))),
    ("output_tokens", ((_TOP, "completion_tokens"), (_TOP, "output_tokens"))),
    (
        "cached_input_tokens",
        (
            (_INPUT_DETAILS, "cached_tokens"),
            (_TOP, "prompt_cache_hit_tokens"),
            (_TOP, "num_cached_tokens"),
            (_TOP, "cached_tokens"),
            (_TOP, "cache_read_input_tokens"),
        ),
    ),
    (
        "cache_write_tokens",
        (
            (_INPUT_DETAILS, "cache_write_tokens"),
            (_INPUT_DETAILS, "cache_creation_tokens"),
            (_TOP, "cache_creation_input_tokens"),
        ),
    ),
    ("image_input_tokens", ((_INPUT_DETAILS, "image_tokens"),)),
    ("audio_input_tokens", ((_INPUT_DETAILS, "audio_tokens"),)),
    ("reasoning_tokens", ((_OUTPUT_DETAILS, "reasoning_tokens"), (_TOP, "reasoning_tokens"))),
    ("image_output_tokens", ((_OUTPUT_DETAILS, "image_tokens"),)),
    ("audio_output_tokens", ((_OUTPUT_DETAILS, "audio_tokens"),)),
)
# The same from the other side: by holder, the member's name to its class and to its rank among the class's places.
_CLASS_OF: tuple[dict[str, tuple[str, int]], ...] = tuple(
    {key: (name, rank) for name, places in _PLACES for rank, (place, key) in enumerate(places) if place == holder}
    for holder in (_TOP, _INPUT_DETAILS, _OUTPUT_DETAILS)
)


def read_usage(reported: object, endpoint: Endpoint) -> Usage | None:
    """A provider's usage object in our inclusive counting; None when it reports nothing."""
    if not isinstance(reported, dict):
        return None
    counts = _read_counts(reported)
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


def _read_counts(reported: dict[str, Any]) -> dict[str, int]:
    holders = (
        reported,
        _details(reported, "prompt_tokens_details", "input_tokens_details"),
        _details(reported, "completion_tokens_details", "output_tokens_details"),
    )
    counts: dict[str, int] = {}
    ranks: dict[str, int] = {}
    for classes, holder in zip(_CLASS_OF, holders, strict=True):
        for key, value in holder.items():
            # Most members are zero, and few that are not have the same class.
            if value and key in classes and (count := _count(value)):
                name, rank = classes[key]
                if name not in counts or rank < ranks[name]:
                    counts[name], ranks[name] = count, rank
    return counts


def _details(reported: dict[str, Any], name: str, other_name: str) -> dict[str, Any]:
    found = reported.get(name) or reported.get(other_name)
    return found if isinstance(found, dict) else _NO_DETAILS


def _count(value: object) -> int:
    """A claimed count as a number that is not negative; some servers write whole numbers as floats."""
    if type(value) is int:
        return max(0, value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0
    if isinstance(value, float) and not value.is_integer():
        return 0
    return max(0, int(value))


def stamped_usage(reported: bytes, cost: str | None) -> bytes:
    """The provider's usage object with our cost in place of theirs and without vendors' extras; the rest as it came."""
    if cost is not None and not _EXTRA.search(reported):
        return b'%b,"cost":%b}' % (reported[:-1].rstrip(), json_string(cost))
    spans = members(reported)
    changes: dict[str, bytes | None] = {name: None for name in spans if name in USAGE_EXTRAS}
    if cost is not None:
        changes["cost"] = json_string(cost)
    return edit(reported, spans, changes)


def usage_object(usage: Usage, cost: str | None, endpoint: Endpoint) -> bytes:
    """Our usage in the dialect's shape, for an answer whose provider reported none."""
    shape: dict[str, Any] = {"prompt_tokens": usage.input_tokens}
    if endpoint != "embeddings":
        shape["completion_tokens"] = usage.output_tokens
    shape["total_tokens"] = usage.total_tokens
    if endpoint != "embeddings":
        shape["prompt_tokens_details"] = {
            "cached_tokens": usage.cached_input_tokens,
            "audio_tokens": usage.audio_input_tokens,
        }
        shape["completion_tokens_details"] = {
            "reasoning_tokens": usage.reasoning_tokens,
            "audio_tokens": usage.audio_output_tokens,
        }
    if cost is not None:
        shape["cost"] = cost
    return msgspec.json.encode(shape)
