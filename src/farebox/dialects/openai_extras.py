"""What vendors add to answers of OpenAI's dialect that tells who served or what it cost the operator: one table.

Members are taken out by vendor. Where the vendor is not known, or a gateway may stand before it, everything in the
table goes; names that carry meaning for the client (citations, filter results, signatures) are not in it.
"""

import re
from collections.abc import Iterable
from functools import cache

import msgspec

from farebox.dialects.identity import IDENTITY, IDENTITY_IN_USAGE, any_of, without_identity


class Extras(msgspec.Struct, frozen=True):
    """Names of members: at the top of an answer or chunk, in its choices, in its usage object."""

    top: tuple[str, ...] = ()
    choice: tuple[str, ...] = ()
    usage: tuple[str, ...] = ()


_EVERYWHERE = ("system_fingerprint",)
# A cost is ours or nobody's.
_EVERY_USAGE = ("cost",)
_TIMINGS = ("queue_time", "prompt_time", "completion_time", "total_time")

# Keys are names of presets, and of vendors without one.
EXTRAS: dict[str, Extras] = {
    "openai": Extras(),
    "azure": Extras(),
    "deepseek": Extras(),
    "mistral": Extras(),
    "bytedance": Extras(),
    "alibaba": Extras(top=("request_id",)),
    "xai": Extras(usage=("cost_in_usd_ticks",)),
    "groq": Extras(top=("x_groq", "usage_breakdown"), usage=_TIMINGS),
    "openrouter": Extras(
        top=("provider", "openrouter_metadata", "user_id"),
        choice=("native_finish_reason",),
        usage=("cost_details", "is_byok"),
    ),
    "vllm": Extras(top=("kv_transfer_params", "prompt_text", "prompt_token_ids", "request_id")),
    "ollama": Extras(),
    "cerebras": Extras(top=("time_info",)),
    "novita": Extras(top=("sla_metrics",)),
    "zai": Extras(top=("request_id",)),
    "other gateways": Extras(
        top=("provider_name", "provider_metadata", "cost", "cost_details", "_hidden_params"),
        usage=("estimated_cost", "market_cost", "pydantic_ai_gateway"),
    ),
}


class Strip:
    """The members to take out of the answers of some vendors, with what finds them in bytes."""

    __slots__ = ("_choice_member", "_choice_names", "_in_usage", "choice", "look_closer", "top", "usage")

    def __init__(self, found: Iterable[Extras]) -> None:
        every = list(found)
        self.top = (IDENTITY | frozenset(_EVERYWHERE)).union(*(extras.top for extras in every))
        self.choice = frozenset[str]().union(*(extras.choice for extras in every))
        self.usage = (IDENTITY_IN_USAGE | frozenset(_EVERY_USAGE)).union(*(extras.usage for extras in every))
        # What a chunk may hold that cannot be passed on unread.
        self.look_closer = re.compile(
            rb'"(?:(?:usage|error|finish_reason)"[ \t\n\r]*:(?![ \t\n\r]*null)|(?:%b)"[ \t\n\r]*:)'
            % any_of(self.top | self.choice)
        )
        self._in_usage = re.compile(rb'"(?:%b)"' % any_of(self.usage))
        self._choice_names = tuple(b'"%b"' % name.encode() for name in sorted(self.choice))
        # Within a JSON string a quote is always escaped, so an unescaped `,"name":` can only be a member. The value is
        # a string or null; the comma that goes with it stands before it, or after it where it is the first member.
        member = rb'[ \t\n\r]*"(?:%b)"[ \t\n\r]*:[ \t\n\r]*(?:null|"[^"\\]*(?:\\.[^"\\]*)*")' % any_of(self.choice)
        self._choice_member = re.compile(rb",%b|(?<=\{)%b[ \t\n\r]*,?" % (member, member))

    def choices(self, choices: bytes) -> bytes:
        """The value of `choices` without the extras of vendors, whose values are strings or null."""
        for name in self._choice_names:
            if name in choices:
                choices = self._choice_member.sub(b"", choices)
                break
        return without_identity(choices)

    def concerns_usage(self, reported: bytes) -> bool:
        """Whether a usage object may hold a member that goes."""
        return self._in_usage.search(reported) is not None


@cache
def strip_of(vendor: str | None) -> Strip:
    """What goes from answers of this vendor; of everyone where that is None or nobody known."""
    known = EXTRAS.get(vendor) if vendor is not None else None
    return Strip(EXTRAS.values() if known is None else [known])


EVERY = strip_of(None)
