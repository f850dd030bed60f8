"""Books, signs and balanced postings: what each kind of transaction writes.

Every posting adds `amount_nano` to a book. What the house owes a customer (`customer`) and what it has earned are
positive; what the house holds or is owed, and what it gave away, are negative. So the postings of a transaction sum to
zero in each unit:

    recharge      customer +   wash -                       money arrived at the payment provider
    (other unit)  customer +   exchange -  |  exchange +   wash -
    set aside     exchange +   wash -                       it arrived, and is nobody's credit
    promo, grant  customer +   promo -                      the house gave it; `detail` tells promotions from grants
    charge        customer -   revenue +  promo +           spending what was given away is not revenue
    adjustment    customer +   adjustments -  promo -       each part goes back to where its charge was booked
    expiry        customer -   breakage +  promo +
    claw-back     customer -   receivable -  wash +         what the balance cannot give becomes a debt (receivable < 0)
    bonus revoked customer -   receivable -  promo +        given along with a payment that was taken back
    restore       customer +   as for a recharge or what was given: a claw-back that turned out to be wrong
    repay         customer -   receivable +
    payout        customer -   wash +                       paid out by hand, not by way of the payment's provider
    migration     customer -   exchange +  |  customer +   exchange -        a transaction on either account
    forfeiture    customer -   breakage +  promo +          as an expiry, by an operator's decision
    debt forgiven receivable +   write-off -

It must not know SQL, nor balances: whoever posts keeps those.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from farebox.domain.errors import LedgerError
from farebox.domain.money import MAX_NANO

Book = Literal["customer", "revenue", "promo", "adjustments", "breakage", "write-off", "receivable", "wash", "exchange"]
LotKind = Literal["promo", "paid", "grant", "adjustment"]

OVERRUN = "overrun"
GRANT = "grant"
MIGRATION = "migration"
ASIDE = "aside"
# Nano-units in the minor unit of a payment currency (ISO 4217) where that is not a hundredth.
_NANO_PER_CENT = 10**7
_NANO_PER_MINOR = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV"), 10**9),
    **dict.fromkeys(("XAF", "XOF", "XPF"), 10**9),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 10**6),
}


class Posting(msgspec.Struct, frozen=True):
    """One line of a transaction before it is numbered; `unit` None is the deployment's unit of account."""

    book: Book
    amount_nano: int
    detail: str = ""
    unit: str | None = None


class Paid(msgspec.Struct, frozen=True):
    """What a payment brought: an amount in the minor unit of an upper-case currency, and the provider that has it."""

    provider: str
    minor: int
    currency: str

    @property
    def nano(self) -> int:
        """The amount in nano-units of its currency."""
        return self.minor * _NANO_PER_MINOR.get(self.currency, _NANO_PER_CENT)


def check_balanced(postings: Iterable[Posting]) -> None:
    """Raises LedgerError unless the postings sum to zero in each unit, and none is zero or more than a ledger holds."""
    sums: dict[str | None, int] = {}
    for posting in postings:
        if abs(posting.amount_nano) > MAX_NANO:
            raise LedgerError(f"{posting.amount_nano} nano are more than this ledger can hold")
        if posting.amount_nano == 0:
            raise LedgerError(f"a posting of nothing to {posting.book}")
        sums[posting.unit] = sums.get(posting.unit, 0) + posting.amount_nano
    for unit, total in sums.items():
        if total:
            raise LedgerError(f"postings do not balance: {total} nano of {unit or 'the unit of account'} too much")


def charge(within_nano: int, overrun_nano: int, spent: dict[LotKind, int]) -> tuple[Posting, ...]:
    """A job's charge: what its hold covered, the explicit overrun above it, and where the credit had come from.

    `spent` is the charge by kind of lot. What no lot covers is booked as revenue, so that a charge balances even where
    lots do not (which `verify` reports).
    """
    promo_nano, grant_nano = spent.get("promo", 0), spent.get("grant", 0)
    earned_nano = within_nano + overrun_nano - promo_nano - grant_nano
    if within_nano > 0 and not (overrun_nano or promo_nano or grant_nano):
        # Nearly every job: paid credit, within the hold.
        return Posting("customer", -within_nano), Posting("revenue", earned_nano)
    return _without_nothing(
        Posting("customer", -within_nano),
        Posting("customer", -overrun_nano, OVERRUN),
        Posting("revenue", earned_nano),
        Posting("promo", promo_nano),
        Posting("promo", grant_nano, GRANT),
    )


def recharge(amount_nano: int, paid: Paid, unit: str) -> tuple[Posting, ...]:
    """Paid credit. Another currency than the unit of account, or another amount than was paid, passes by exchange."""
    wash = Posting("wash", -paid.nano, f"{paid.provider}:{paid.currency}", _foreign(paid.currency, unit))
    return _without_nothing(Posting("customer", amount_nano), *_exchanged(amount_nano, paid, unit), wash)


def set_aside(paid: Paid, unit: str) -> tuple[Posting, ...]:
    """Money that has arrived and is not credited, in the unit in which it was paid."""
    foreign = _foreign(paid.currency, unit)
    return (
        Posting("exchange", paid.nano, ASIDE, foreign),
        Posting("wash", -paid.nano, f"{paid.provider}:{paid.currency}", foreign),
    )


def given(amount_nano: int, kind: Literal["promo", "grant"]) -> tuple[Posting, ...]:
    """Credit that nobody paid for."""
    return Posting("customer", amount_nano), Posting("promo", -amount_nano, GRANT if kind == "grant" else "")


def adjustment(earned_nano: int, promo_nano: int, grant_nano: int) -> tuple[Posting, ...]:
    """A part of a job's charge given back."""
    return _without_nothing(
        Posting("customer", earned_nano + promo_nano + grant_nano),
        Posting("adjustments", -earned_nano),
        Posting("promo", -promo_nano),
        Posting("promo", -grant_nano, GRANT),
    )


def expiry(taken: dict[LotKind, int]) -> tuple[Posting, ...]:
    """Credit whose time has run out: given credit goes back to where it came from, paid credit is breakage."""
    promo_nano, grant_nano = taken.get("promo", 0), taken.get("grant", 0)
    total_nano = sum(taken.values())
    return _without_nothing(
        Posting("customer", -total_nano),
        Posting("promo", promo_nano),
        Posting("promo", grant_nano, GRANT),
        Posting("breakage", total_nano - promo_nano - grant_nano),
    )


def claw_back(from_balance_nano: int, debt_nano: int, paid: Paid, unit: str) -> tuple[Posting, ...]:
    """A payment taken back by its provider: what the balance gives, and the debt that remains."""
    amount_nano = from_balance_nano + debt_nano
    exchanged = (Posting(p.book, -p.amount_nano, p.detail, p.unit) for p in _exchanged(amount_nano, paid, unit))
    return _without_nothing(
        Posting("customer", -from_balance_nano),
        Posting("receivable", -debt_nano),
        *exchanged,
        Posting("wash", paid.nano, f"{paid.provider}:{paid.currency}", _foreign(paid.currency, unit)),
    )


def revoke(from_balance_nano: int, debt_nano: int) -> tuple[Posting, ...]:
    """Promotional credit taken back: what the balance gives, and the debt that remains."""
    return _without_nothing(
        Posting("customer", -from_balance_nano),
        Posting("receivable", -debt_nano),
        Posting("promo", from_balance_nano + debt_nano),
    )


def pay_out(amount_nano: int, paid: Paid, unit: str) -> tuple[Posting, ...]:
    """Unspent credit that is paid out by hand; `paid` is what is paid."""
    return claw_back(amount_nano, 0, paid, unit)


def migration_out(amount_nano: int) -> tuple[Posting, ...]:
    """Credit that goes to another account here."""
    return Posting("customer", -amount_nano), Posting("exchange", amount_nano, MIGRATION)


def migration_in(amount_nano: int) -> tuple[Posting, ...]:
    """Credit that comes from another account here."""
    return Posting("customer", amount_nano), Posting("exchange", -amount_nano, MIGRATION)


def forfeiture(taken: dict[LotKind, int]) -> tuple[Posting, ...]:
    """Credit that its account loses: given credit goes back to where it came from, paid credit is breakage."""
    return expiry(taken)


def repay(amount_nano: int) -> tuple[Posting, ...]:
    """New credit that pays an old debt."""
    return Posting("customer", -amount_nano), Posting("receivable", amount_nano)


def forgive(amount_nano: int) -> tuple[Posting, ...]:
    """A debt that the operator gives up."""
    return Posting("receivable", amount_nano), Posting("write-off", -amount_nano)


def _exchanged(amount_nano: int, paid: Paid, unit: str) -> tuple[Posting, ...]:
    foreign = _foreign(paid.currency, unit)
    if foreign is None:
        # Same unit: only a bonus or a fee between what was paid and what is credited is left to explain.
        return (Posting("exchange", paid.nano - amount_nano, paid.currency),)
    return Posting("exchange", -amount_nano, paid.currency), Posting("exchange", paid.nano, paid.currency, foreign)


def _foreign(currency: str, unit: str) -> str | None:
    return None if currency == unit else currency


def _without_nothing(*postings: Posting) -> tuple[Posting, ...]:
    return tuple(posting for posting in postings if posting.amount_nano)
