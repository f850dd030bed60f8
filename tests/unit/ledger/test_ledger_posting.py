"""Books and lots: every posting balances, credit is spent in its order."""

from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farebox.domain.errors import LedgerError
from farebox.ledger import posting
from farebox.ledger.lots import by_kind, expired, spending_order, take
from farebox.ledger.posting import LotKind, Paid, Posting, check_balanced

_nano = st.integers(0, 10**15)
_some = st.integers(1, 10**15)
_paid = st.builds(
    Paid, st.sampled_from(("stripe", "creem")), st.integers(1, 10**6), st.sampled_from(("USD", "EUR", "JPY"))
)
_taken = st.dictionaries(st.sampled_from(("promo", "paid", "grant", "adjustment")), _some, min_size=1)


@given(_taken, _nano, _some, _paid, st.sampled_from(("USD", "credit")))
def test_every_posting_balances(taken: Any, part: int, amount: int, paid: Paid, unit: str) -> None:
    """Invariant 1, for every builder and any amounts: sums to zero in each unit, and has no empty line."""
    total = sum(taken.values())
    for built in (
        posting.charge(total - min(part, total), min(part, total), taken),
        posting.recharge(amount, paid, unit),
        posting.given(amount, "promo"),
        posting.given(amount, "grant"),
        posting.adjustment(part, amount, part),
        posting.expiry(taken),
        posting.claw_back(part, amount, paid, unit),
        posting.repay(amount),
        posting.forgive(amount),
    ):
        check_balanced(built)


@pytest.mark.parametrize(
    "lines",
    [
        [Posting("customer", 5), Posting("promo", -4)],
        [Posting("customer", 5), Posting("wash", -5, "stripe:USD", "USD")],
        [Posting("customer", 0)],
    ],
)
def test_what_does_not_balance_is_refused(lines: list[Posting]) -> None:
    """Across units nothing balances, and a line of nothing says nothing."""
    with pytest.raises(LedgerError):
        check_balanced(lines)


def test_minor_units_are_those_of_the_currency() -> None:
    """A yen has no cents, a dinar has a thousand fils."""
    amounts = [Paid("p", 250, currency).nano for currency in ("USD", "JPY", "KWD")]
    assert amounts == [2_500_000_000, 250_000_000_000, 250_000_000]


class _Lot(msgspec.Struct):
    id: UUID
    kind: LotKind
    remaining_nano: int
    expires_us: int | None
    created_us: int


_lots = st.lists(
    st.builds(
        _Lot,
        st.uuids(),
        st.sampled_from(("promo", "paid", "grant", "adjustment")),
        st.integers(0, 100),
        st.none() | st.integers(0, 5),
        st.integers(0, 5),
    ),
    max_size=6,
)


@given(_lots, st.integers(0, 700))
def test_taking_is_exact_and_in_order(lots: list[_Lot], amount: int) -> None:
    """Exactly the amount, or all there is; a lot is touched only when those before it are empty."""
    lots.sort(key=spending_order)
    before = sum(lot.remaining_nano for lot in lots)
    taken = take(lots, amount)
    assert sum(part for _, part in taken) == min(amount, before) == sum(by_kind(taken).values())
    assert sum(lot.remaining_nano for lot in lots) == before - min(amount, before)
    untouched = False
    for lot in lots:
        assert lot.remaining_nano >= 0
        if untouched:
            assert all(lot is not one for one, _ in taken)
        untouched = untouched or lot.remaining_nano > 0


def test_promotional_first_then_earliest_expiry_then_oldest() -> None:
    """The order in which credit is spent."""
    order = [
        _Lot(UUID(int=1), "promo", 1, 9, 9),
        _Lot(UUID(int=2), "promo", 1, None, 0),
        _Lot(UUID(int=3), "grant", 1, 1, 9),
        _Lot(UUID(int=4), "paid", 1, 2, 1),
        _Lot(UUID(int=5), "paid", 1, 2, 2),
        _Lot(UUID(int=6), "adjustment", 1, None, 0),
    ]
    assert sorted([*order[3:], *order[:3]], key=spending_order) == order
    assert [lot.id.int for lot in expired(order, 2)] == [3, 4, 5]
