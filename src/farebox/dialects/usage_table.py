"""How every provider reports what a job used: one table, from the members of its usage object to our classes.

A *shape* is a kind of usage object. Each row is a place where a count may stand; where a class has several places, the
first that counts anything wins. `counted` says how the count stands to its whole, so that each token is priced once:

- whole: all input, or all output, that the provider calls so
- within: part of the whole's number already
- beside: on top of the whole's number, to be added to it
- total tells: within, unless `total_tokens` is larger than input and output together; then it was beside
- taken off: media that came from a cache and is counted as cached

The readers are compiled from these rows, docs/presets.md shows them. Paths of OpenAI's shape are those of chat
completions; responses say `input_tokens_details` and `output_tokens_details` for the same. `[IMAGE]` is the entry of
that modality in a list. Sources: the vendors' API references, and recorded traffic.
"""

from typing import Literal

import msgspec

Shape = Literal["openai", "anthropic", "gemini"]
Counted = Literal["whole", "within", "beside", "total tells", "taken off"]
Count = Literal[
    "input_tokens",
    "cached_input_tokens",
    "cache_write_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "image_input_tokens",
    "audio_input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "image_output_tokens",
    "audio_output_tokens",
]


class Row(msgspec.Struct, frozen=True):
    """One place of a count; `by` names who reports there."""

    count: Count
    member: str
    counted: Counted
    by: str


_OPENAI: tuple[Row, ...] = (
    Row("input_tokens", "prompt_tokens", "whole", "everyone: chat completions, embeddings"),
    Row("input_tokens", "input_tokens", "whole", "everyone: responses"),
    Row("output_tokens", "completion_tokens", "whole", "everyone: chat completions"),
    Row("output_tokens", "output_tokens", "whole", "everyone: responses"),
    Row("cached_input_tokens", "prompt_tokens_details.cached_tokens", "within", "everyone but those below"),
    Row("cached_input_tokens", "prompt_cache_hit_tokens", "within", "DeepSeek"),
    Row("cached_input_tokens", "num_cached_tokens", "within", "Mistral"),
    Row("cached_input_tokens", "cached_tokens", "within", "Together, Moonshot"),
    Row("cached_input_tokens", "cache_read_input_tokens", "within", "gateways before Anthropic"),
    Row("cache_write_tokens", "prompt_tokens_details.cache_write_tokens", "within", "OpenAI, OpenRouter"),
    Row("cache_write_tokens", "prompt_tokens_details.cache_creation_input_tokens", "within", "Alibaba"),
    Row("cache_write_tokens", "prompt_tokens_details.cache_creation_tokens", "within", "gateways before Anthropic"),
    Row("cache_write_tokens", "cache_creation_input_tokens", "within", "gateways before Anthropic"),
    Row(
        "cache_write_5m_tokens",
        "prompt_tokens_details.cache_creation.ephemeral_5m_input_tokens",
        "within",
        "Alibaba",
    ),
    Row(
        "cache_write_1h_tokens",
        "prompt_tokens_details.cache_creation.ephemeral_1h_input_tokens",
        "within",
        "Alibaba",
    ),
    Row("image_input_tokens", "prompt_tokens_details.image_tokens", "within", "xAI, OpenRouter, Alibaba"),
    Row("image_input_tokens", "prompt_tokens_details.video_tokens", "within", "OpenRouter, Alibaba"),
    Row("audio_input_tokens", "prompt_tokens_details.audio_tokens", "within", "OpenAI, Azure, OpenRouter, Alibaba"),
    Row(
        "reasoning_tokens",
        "completion_tokens_details.reasoning_tokens",
        "total tells",
        "within: everyone but xAI; beside: xAI",
    ),
    Row("reasoning_tokens", "reasoning_tokens", "total tells", "Perplexity"),
    Row("image_output_tokens", "completion_tokens_details.image_tokens", "within", "OpenRouter"),
    Row("audio_output_tokens", "completion_tokens_details.audio_tokens", "within", "OpenAI, Azure, Alibaba"),
)

_ANTHROPIC: tuple[Row, ...] = (
    Row("input_tokens", "input_tokens", "whole", "what the cache had no part in"),
    Row("output_tokens", "output_tokens", "whole", "thinking included"),
    Row("cached_input_tokens", "cache_read_input_tokens", "beside", "Anthropic"),
    Row("cache_write_tokens", "cache_creation_input_tokens", "beside", "Anthropic"),
    Row("cache_write_5m_tokens", "cache_creation.ephemeral_5m_input_tokens", "within", "Anthropic"),
    Row("cache_write_1h_tokens", "cache_creation.ephemeral_1h_input_tokens", "within", "Anthropic"),
    Row("reasoning_tokens", "output_tokens_details.thinking_tokens", "within", "Anthropic"),
)

_GEMINI: tuple[Row, ...] = (
    Row("input_tokens", "promptTokenCount", "whole", "what came from a cache included"),
    Row("input_tokens", "toolUsePromptTokenCount", "beside", "what hosted tools added"),
    Row("output_tokens", "candidatesTokenCount", "whole", "without thinking"),
    Row("cached_input_tokens", "cachedContentTokenCount", "within", "Google"),
    Row("reasoning_tokens", "thoughtsTokenCount", "beside", "Google"),
    Row("image_input_tokens", "promptTokensDetails[IMAGE]", "within", "Google"),
    Row("image_input_tokens", "promptTokensDetails[VIDEO]", "within", "Google: frames are images"),
    Row("image_input_tokens", "toolUsePromptTokensDetails[IMAGE]", "within", "Google"),
    Row("image_input_tokens", "toolUsePromptTokensDetails[VIDEO]", "within", "Google"),
    Row("image_input_tokens", "cacheTokensDetails[IMAGE]", "taken off", "Google"),
    Row("image_input_tokens", "cacheTokensDetails[VIDEO]", "taken off", "Google"),
    Row("audio_input_tokens", "promptTokensDetails[AUDIO]", "within", "Google"),
    Row("audio_input_tokens", "toolUsePromptTokensDetails[AUDIO]", "within", "Google"),
    Row("audio_input_tokens", "cacheTokensDetails[AUDIO]", "taken off", "Google"),
    Row("image_output_tokens", "candidatesTokensDetails[IMAGE]", "within", "Google"),
    Row("image_output_tokens", "candidatesTokensDetails[VIDEO]", "within", "Google"),
    Row("audio_output_tokens", "candidatesTokensDetails[AUDIO]", "within", "Google"),
)

USAGE_TABLE: dict[Shape, tuple[Row, ...]] = {"openai": _OPENAI, "anthropic": _ANTHROPIC, "gemini": _GEMINI}


def usage_table() -> str:
    """The table in Markdown, for docs/presets.md."""
    lines = ["| usage object | our class | member | counted | by |", "| --- | --- | --- | --- | --- |"]
    for shape, rows in USAGE_TABLE.items():
        lines += [f"| {shape} | `{row.count}` | `{row.member}` | {row.counted} | {row.by} |" for row in rows]
    return "\n".join(lines) + "\n"
