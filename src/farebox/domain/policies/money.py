"""How money comes in and goes out: recharges, refunds, chargebacks, adjustments, closing, withdrawals."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec

from farebox.domain.money import parse_amount
from farebox.domain.policies.kinds import Amount, Count, Currency, Days, Months

# off: not offered. automatic: credited when paid. review: an operator looks first.
Method = Literal["off", "automatic", "review"]
# How credit can be added; 'auto' is a kept card that is charged when the balance runs low.
Way = Literal["stripe", "creem", "manual", "code", "auto"]


class Package(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Credit at a price: `price_minor` in the minor unit (cents) of `currency`; `bonus` is promotional credit."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9-]{1,40}$")]
    credit: Amount
    price_minor: Annotated[int, msgspec.Meta(gt=0, le=10**10)]
    currency: Currency
    bonus: Amount = "0"
    creem_product: str = ""


class RechargePolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What can be bought, and how. Free amounts are in `currency` at `credit_per_unit` per whole unit of it."""

    stripe: Method = "off"
    creem: Method = "off"
    manual: Literal["off", "review"] = "review"
    packages: tuple[Package, ...] = ()
    free_amounts: bool = True
    currency: Currency = "USD"
    credit_per_unit: Amount = "1"
    least: Amount = "5"  # of the unit of account
    most: Amount = "10000"
    creem_free_product: str = ""  # Creem's product for free amounts (custom_price)
    credit_days: Days = 0  # of paid credit; 0: does not expire
    auto_recharge: bool = False  # whether customers may have a kept card charged (by Stripe) when the balance runs low
    # Limits for new accounts (domain/new_account.py), until they are so many days old. 0 days: none.
    new_account_days: Days = 0
    new_account_daily: Amount = "100"  # in 24 hours
    new_account_total: Amount = "0"  # in all of these days; 0: only what the others allow
    new_account_most: Amount = "0"  # at once; 0: only what the others allow
    new_account_refused: tuple[Way, ...] = ()  # ways to add credit that they do not have
    open_recharges: Count = 10  # unfinished at once, per account


class RefundPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether unused credit of a payment can come back. Used credit never can."""

    # review: an operator decides on the facts; discretion: not a right, an operator may; none: nobody is asked to.
    unused: Literal["review", "discretion", "none"] = "review"
    # A duplicated, verified payment: back to the source or as credit, as the customer prefers; or only the source.
    duplicate: Literal["source_or_credit", "source"] = "source_or_credit"
    window_days: Days = 0  # after the payment; 0: no end
    refuse_with_open_dispute: bool = True

    def until(self, paid_at: datetime) -> datetime | None:
        """The last moment at which unused credit of a payment of then can be asked back; None: no end."""
        return paid_at + timedelta(days=self.window_days) if self.window_days else None


class ChargebackPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a dispute of a payment does at once; the operator decides the rest."""

    freeze: bool = True
    claw_back: bool = True  # provisionally, reversed when the dispute is won


class GrantPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Credit that an operator gives, or gives back: above the amount a second factor is shown again."""

    fresh_above: Amount = "100"


class AdjustmentPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Charges that the customer calls wrong, by job id."""

    window_days: Days = 30
    due_business_days: Count = 2


class ClosingPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of a balance when an account ends. A forfeiture is always a recorded decision."""

    without_breach: Literal["return", "forfeit"] = "return"
    with_breach: Literal["return", "may_forfeit", "forfeit"] = "may_forfeit"
    contact_kept_days: Days = 30  # until personal data of a closed account is erased


class WithdrawalPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Paying out a balance or moving it to another account, on request. Above `two_people_above` two approve."""

    allowed: Literal["never", "frozen", "always"] = "never"
    migration: Literal["never", "frozen", "always"] = "never"
    two_people_above: Amount = "500"

    def allows(self, kind: Literal["payout", "migration"], status: str) -> bool:
        """Whether an account of this status may ask for it."""
        when = self.allowed if kind == "payout" else self.migration
        return status != "closed" and (when == "always" or (when == "frozen" and status == "frozen"))

    def needs_two(self, amount_nano: int) -> bool:
        """Whether two operators have to approve it."""
        return amount_nano > parse_amount(self.two_people_above)


class DormancyPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Accounts without a call or a recharge: warned, then frozen. None: never."""

    months: Months | None = None
    warned_days_ahead: Days = 30
