"""Prices per call that models are sold by: tiers of the size of the input context, times each model's multiplier."""

from itertools import pairwise
from typing import Annotated

import msgspec

from farebox.domain.money import parse_amount
from farebox.domain.policies.kinds import Amount
from farebox.domain.pricing import ContextTier, PerCallCard


class TierPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The price of a call whose input has at most so many tokens; without a bound, of any larger one."""

    up_to_input_tokens: Annotated[int, msgspec.Meta(gt=0, le=10**9)] | None = None
    per_call: Amount


class PricingPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tiers, in ascending order; the last has no bound, so that every call has a price."""

    context_tiers: tuple[TierPolicy, ...] = (
        TierPolicy(up_to_input_tokens=16_384, per_call="1"),
        TierPolicy(up_to_input_tokens=32_768, per_call="2"),
        TierPolicy(up_to_input_tokens=131_072, per_call="5"),
        TierPolicy(per_call="10"),
    )

    def __post_init__(self) -> None:
        bounds = [tier.up_to_input_tokens for tier in self.context_tiers]
        ends = [bound for bound in bounds if bound is not None]
        if bounds != [*ends, None] or any(one >= other for one, other in pairwise(ends)):
            raise ValueError("context_tiers must ascend by up_to_input_tokens, and only the last has none")

    def card(self, multiplier: int) -> PerCallCard:
        """The rates of a model that costs so many times the tiers."""
        tiers = tuple(ContextTier(tier.up_to_input_tokens, parse_amount(tier.per_call)) for tier in self.context_tiers)
        return PerCallCard(tiers=tiers, multiplier=multiplier)
