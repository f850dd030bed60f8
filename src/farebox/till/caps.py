"""Caps that all workers share, as this worker sees them: what it has leased of each and not yet used.

A cap is used at the worst price when a job is admitted and corrected when it ends; a cap on jobs at once is used and
given back by one. A scope that is not leased by this process is never corrected: the slice belongs to another.
"""

from collections.abc import Iterable

from farebox.domain.limits import day_number
from farebox.till.operations import Cap, Offer
from farebox.till.state import State, Writes


class Shortage(dict[str, int]):
    """By scope, what an operation needs and this worker has not leased, though more may be had."""


def offer_needs(offer: Offer, output_tokens: int) -> list[tuple[Cap, int]]:
    """What a job on this route uses of each cap at worst."""
    if not offer.caps:
        return []
    cost_nano = offer.cost.hold_nano(output_tokens)
    return [(cap, cost_nano if cap.daily else 1) for cap in offer.caps]


def fits(state: State, needs: Iterable[tuple[Cap, int]]) -> bool | Shortage:
    """True when all needs are leased, False when a cap has no room at all, else what has to be leased first."""
    short = Shortage()
    for cap, need in needs:
        if state.leases.get(cap.scope, 0) >= need:
            continue
        if need > cap.most or cap.scope in state.exhausted:
            return False
        short[cap.scope] = need
    return short or True


def use(state: State, writes: Writes, needs: Iterable[tuple[Cap, int]]) -> None:
    """Count needs against the leases; a negative need gives back."""
    for cap, need in needs:
        left = state.leases.get(cap.scope)
        if left is not None and need:
            state.leases[cap.scope] = left - need
            writes.lease_use[cap.scope] = writes.lease_use.get(cap.scope, 0) + need


def lease_day(state: State) -> int:
    """The day whose budgets this worker's leases are slices of."""
    return day_number(state.now_us)


def correction(needs: Iterable[tuple[Cap, int]], actual_nano: int, *, same_day: bool) -> list[tuple[Cap, int]]:
    """What turns a claim at worst into what the ended job has really used. Another day's budget is left alone."""
    return [(cap, actual_nano - need if cap.daily else -need) for cap, need in needs if same_day or not cap.daily]
