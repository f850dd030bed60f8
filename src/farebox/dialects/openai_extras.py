"""What vendors add to answers of the OpenAI dialect that tells who served or what it cost: one table.

The list is one for all presets. OpenAI sends none of these but the fingerprint, so a list per vendor would only add a
way to forget one; names that carry meaning for the client (citations, filter results, signatures) are not in it.
"""

import re

TOP_LEVEL_EXTRAS = frozenset(
    {
        "system_fingerprint",
        # OpenRouter and other gateways
        "provider",
        "provider_name",
        "provider_metadata",
        "openrouter_metadata",
        "user_id",
        "cost",
        "cost_details",
        "_hidden_params",
        # Groq
        "x_groq",
        "usage_breakdown",
        # Cerebras, Novita, Zhipu, vLLM
        "time_info",
        "sla_metrics",
        "request_id",
        "kv_transfer_params",
        "prompt_text",
        "prompt_token_ids",
    }
)

CHOICE_EXTRAS = frozenset({"native_finish_reason"})

USAGE_EXTRAS = frozenset(
    {
        # OpenRouter, xAI, Perplexity and other gateways: the operator's cost
        "cost",
        "cost_details",
        "cost_in_usd_ticks",
        "estimated_cost",
        "is_byok",
        "market_cost",
        "pydantic_ai_gateway",
        # Groq's timings
        "queue_time",
        "prompt_time",
        "completion_time",
        "total_time",
    }
)

# Within a JSON string a quote is always escaped, so an unescaped `,"name":` can only be a member. The value is a string
# or null; the comma that goes with it stands before it, or after it where it is the first member.
_MEMBER = rb'[ \t\n\r]*"(?:%b)"[ \t\n\r]*:[ \t\n\r]*(?:null|"[^"\\]*(?:\\.[^"\\]*)*")' % b"|".join(
    sorted(name.encode() for name in CHOICE_EXTRAS)
)
_CHOICE_NAMES = tuple(b'"%b"' % name.encode() for name in sorted(CHOICE_EXTRAS))
_CHOICE_MEMBER = re.compile(rb",%b|(?<=\{)%b[ \t\n\r]*,?" % (_MEMBER, _MEMBER))


def strip_choices(choices: bytes) -> bytes:
    """The value of `choices` without the extras of vendors, whose values are strings or null."""
    for name in _CHOICE_NAMES:
        if name in choices:
            return _CHOICE_MEMBER.sub(b"", choices)
    return choices
