"""Gemini's `usageMetadata`: its counting read into our inclusive one, and back.

`promptTokenCount` includes what came from a cache, but not what hosted tools added (`toolUsePromptTokenCount`);
`candidatesTokenCount` leaves thinking out (`thoughtsTokenCount`). Details by modality are parts of their counts. Frames
of a video count as images. Source: the API reference of UsageMetadata, and recorded traffic, where the total is always
the sum of these four.
"""

from typing import Any

import msgspec

from farebox.dialects.json_body import edit, json_string, members
from farebox.domain.usage import Usage

# Who served (Vertex AI alone has it), and what gateways before Google add.
USAGE_EXTRAS = frozenset({"trafficType", "pydantic_ai_gateway", "cost", "cost_details", "billablePromptUsage"})

_IMAGES = ("IMAGE", "VIDEO")


def read_usage(reported: object) -> Usage | None:
    """A usage object in our counting; None when it reports nothing."""
    if not isinstance(reported, dict):
        return None
    thoughts = _count(reported.get("thoughtsTokenCount"))
    input_tokens = _count(reported.get("promptTokenCount")) + _count(reported.get("toolUsePromptTokenCount"))
    output_tokens = _count(reported.get("candidatesTokenCount")) + thoughts
    hidden = _count(reported.get("totalTokenCount")) - input_tokens - output_tokens
    if hidden > 0 and input_tokens:
        # Models whose thinking is counted in the total alone.
        output_tokens += hidden
        thoughts += hidden
    prompt = _modalities(reported.get("promptTokensDetails"), reported.get("toolUsePromptTokensDetails"))
    cached = _modalities(reported.get("cacheTokensDetails"))
    answer = _modalities(reported.get("candidatesTokensDetails"))
    usage = Usage(
        input_tokens=input_tokens,
        cached_input_tokens=_count(reported.get("cachedContentTokenCount")),
        # Each token has one class: what came from the cache is cached, whatever it shows.
        image_input_tokens=max(0, sum(prompt.get(kind, 0) - cached.get(kind, 0) for kind in _IMAGES)),
        audio_input_tokens=max(0, prompt.get("AUDIO", 0) - cached.get("AUDIO", 0)),
        output_tokens=output_tokens,
        reasoning_tokens=thoughts,
        image_output_tokens=sum(answer.get(kind, 0) for kind in _IMAGES),
        audio_output_tokens=answer.get("AUDIO", 0),
    )
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


def _modalities(*lists: object) -> dict[str, int]:
    counts: dict[str, int] = {}
    for entries in lists:
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(kind := entry.get("modality"), str):
                counts[kind] = counts.get(kind, 0) + _count(entry.get("tokenCount"))
    return counts


def _count(value: object) -> int:
    """A claimed count; protocol buffers may write large ones as strings."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 16 else 0
    if isinstance(value, float) and value.is_integer() and 0 <= value < 1e15:
        return int(value)
    return max(0, value) if type(value) is int else 0
