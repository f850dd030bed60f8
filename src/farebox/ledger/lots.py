"""Which lots a spending takes from: promotional first, then earliest expiry, then oldest. Pure.

A lot whose time has run out but that nobody has swept yet still counts: the balance still holds it.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

from farebox.ledger.posting import LotKind


class Lot(Protocol):
    """What the rules below read of a lot, and the remainder that they change."""

    id: UUID
    kind: LotKind
    remaining_nano: int
    expires_us: int | None
    created_us: int


AnyLot = TypeVar("AnyLot", bound=Lot)

_NEVER_US = 1 << 62


def spending_order(lot: Lot) -> tuple[bool, int, int, int]:
    """The sort key of the order in which lots are spent; the id makes it the same on every run."""
    expires_us = _NEVER_US if lot.expires_us is None else lot.expires_us
    return lot.kind != "promo", expires_us, lot.created_us, lot.id.int


def take(lots: Iterable[AnyLot], amount_nano: int) -> list[tuple[AnyLot, int]]:
    """Take an amount from lots in the given order: lowers their remainders, gives what was taken from which.

    When the lots hold less than the amount, all of them are emptied; the caller decides what that means.
    """
    taken: list[tuple[AnyLot, int]] = []
    for lot in lots:
        if amount_nano <= 0:
            break
        part_nano = min(lot.remaining_nano, amount_nano)
        if part_nano > 0:
            lot.remaining_nano -= part_nano
            amount_nano -= part_nano
            taken.append((lot, part_nano))
    return taken


def by_kind(taken: Iterable[tuple[Lot, int]]) -> dict[LotKind, int]:
    """The amounts taken, by kind of lot."""
    sums: dict[LotKind, int] = {}
    for lot, part_nano in taken:
        sums[lot.kind] = sums.get(lot.kind, 0) + part_nano
    return sums


def expired(lots: Iterable[AnyLot], now_us: int) -> Sequence[AnyLot]:
    """The lots with credit left whose time has run out, earliest first."""
    found = [lot for lot in lots if lot.expires_us is not None and lot.expires_us <= now_us and lot.remaining_nano > 0]
    return sorted(found, key=spending_order)
