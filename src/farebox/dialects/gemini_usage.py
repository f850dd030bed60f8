"""Gemini's `usageMetadata`: its counting read into our inclusive one, and back.

What its members mean is in the usage table. Source: the API reference of UsageMetadata, and recorded traffic, where the
total is always the sum of prompt, what hosted tools added, candidates and thoughts.
"""

from typing import Any

import msgspec

from farebox.dialects.identity import IDENTITY_IN_USAGE
from farebox.dialects.json_body import edit, json_string, members
from farebox.dialects.usage_reader import UsageReader
from farebox.domain.usage import Usage

# Who served (Vertex AI alone has it), and what gateways before Google add.
USAGE_EXTRAS = IDENTITY_IN_USAGE | {"pydantic_ai_gateway", "billablePromptUsage"}


def read_usage(reported: object) -> Usage | None:
    """A usage object in our counting; None when it reports nothing."""
    if not isinstance(reported, dict):
        return None
    counts = _READER.counts(reported)
    input_tokens, output_tokens = counts.get("input_tokens", 0), counts.get("output_tokens", 0)
    hidden = _count(reported.get("totalTokenCount")) - input_tokens - output_tokens
    if hidden > 0 and input_tokens:
        # Models whose thinking is counted in the total alone.
        counts["output_tokens"] = output_tokens + hidden
        counts["reasoning_tokens"] = counts.get("reasoning_tokens", 0) + hidden
    usage = Usage(**counts)
    return usage if usage.total_tokens else None


def write_usage(usage: Usage, cost: str | None) -> dict[str, Any]:
    """Our usage in the dialect's shape and counting. It has no word for what was written to a cache."""
    shape: dict[str, Any] = {
        "promptTokenCount": usage.input_tokens,
        "candidatesTokenCount": max(0, usage.output_tokens - usage.reasoning_tokens),
        "totalTokenCount": usage.total_tokens,
    }
    if usage.cached_input_tokens:
        shape["cachedContentTokenCount"] = usage.cached_input_tokens
    if usage.reasoning_tokens:
        shape["thoughtsTokenCount"] = usage.reasoning_tokens
    # What came from the cache is of unknown modality, and stands with the text.
    media = (usage.image_input_tokens, usage.audio_input_tokens)
    if any(media):
        shape["promptTokensDetails"] = _details(usage.input_tokens, *media)
    media = (usage.image_output_tokens, usage.audio_output_tokens)
    if any(media):
        shape["candidatesTokensDetails"] = _details(usage.output_tokens - usage.reasoning_tokens, *media)
    if cost is not None:
        shape["cost"] = cost
    return shape


def usage_object(usage: Usage, cost: str | None) -> bytes:
    """The same as bytes, for an answer whose provider reported none."""
    return msgspec.json.encode(write_usage(usage, cost))


def stamped_usage(reported: bytes, cost: str | None) -> bytes:
    """The provider's usage object with our cost and without extras; the rest as it came."""
    spans = members(reported)
    changes: dict[str, bytes | None] = {name: None for name in spans if name in USAGE_EXTRAS}
    if cost is not None:
        changes["cost"] = json_string(cost)
    return edit(reported, spans, changes) if changes else reported


def _details(total: int, image: int, audio: int) -> list[dict[str, Any]]:
    counts = {"TEXT": max(0, total - image - audio), "IMAGE": image, "AUDIO": audio}
    return [{"modality": kind, "tokenCount": count} for kind, count in counts.items() if count]


def _count(value: object) -> int:
    """A claimed count; protocol buffers may write large ones as strings."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else 0
    if isinstance(value, float) and value.is_integer() and 0 <= value < 1e15:
        return int(value)
    return max(0, value) if type(value) is int else 0


_READER = UsageReader("gemini", _count)
