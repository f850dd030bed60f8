"""What is charged of a list price: the card's factor, times what the best discount leaves, times the group's factor.

Discounts do not add up: of those that hold for a model at a moment, the largest counts. A customer group's factor is
applied to what is left, and the product is rounded up to a millionth once. So the result depends on no order, and a
job's receipt names one factor, which was pinned when it was admitted.
"""

from fnmatch import fnmatchcase

import msgspec

from farebox.catalog.snapshot import Discount, Model, Snapshot
from farebox.domain.money import PPM
from farebox.domain.pricing import RateCard


class Terms(msgspec.Struct, frozen=True):
    """The card with the factor that is charged now, and the discount in it.

    They hold from `from_ms` until before `until_ms` (None: until the catalogue changes), by the clock that the
    snapshot is told by.
    """

    card: RateCard
    discount: Discount | None = None
    from_ms: int = 0
    until_ms: int | None = None


def terms_of(snapshot: Snapshot, model: Model, card: RateCard, group: str | None, unix_ms: int) -> Terms:
    """What an account of this group (None: of no group) is charged for a model, `card` being in force."""
    group_ppm = PPM if group is None else snapshot.groups.get(group, PPM)
    if not model.discounts and len(model.cards) == 1 and group_ppm == PPM:
        return Terms(card)  # the usual case, on the way of every call
    running = [each for each in model.discounts if each.holds_at(unix_ms)]
    best = max(running, key=lambda each: (each.off_ppm, each.id), default=None)
    left_ppm = PPM if best is None else PPM - best.off_ppm
    factor_ppm = -(-card.factor_ppm * left_ppm * group_ppm // (PPM * PPM))
    edges = [dated.effective_ms for dated in model.cards]
    edges += [edge for each in model.discounts for edge in (each.starts_ms, each.ends_ms) if edge is not None]
    return Terms(
        card=msgspec.structs.replace(card, factor_ppm=factor_ppm),
        discount=best,
        from_ms=max((edge for edge in edges if edge <= unix_ms), default=0),
        until_ms=min((edge for edge in edges if edge > unix_ms), default=None),
    )


def fits(patterns: tuple[str, ...], model: str) -> bool:
    """Whether one of the patterns is the model's name; * stands for any part of it, capital letters for small ones."""
    return any(fnmatchcase(model.lower(), pattern.lower()) for pattern in patterns)
