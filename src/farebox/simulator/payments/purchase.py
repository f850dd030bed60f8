"""What was bought, paid, refunded and disputed, before it becomes an object of one of the providers."""

from typing import Any, Literal

import msgspec

from farebox.simulator.payments.options import ProviderName

# open: a page that waits. pending: the payer is done, the money comes later.
PurchaseState = Literal["open", "pending", "paid", "failed", "expired"]
DisputeState = Literal["inquiry", "open", "won", "lost"]


class Refund(msgspec.Struct):
    id: str
    amount_minor: int
    created: int
    state: Literal["pending", "succeeded", "failed"] = "succeeded"
    metadata: dict[str, str] = {}


class Dispute(msgspec.Struct):
    id: str
    amount_minor: int
    created: int
    state: DisputeState = "open"


class Card(msgspec.Struct, frozen=True):
    """A payment method; `declines` is a provider's code for why it is refused when charged again."""

    id: str
    fingerprint: str
    country: str
    customer_id: str = ""
    declines: str = ""


class Purchase(msgspec.Struct, kw_only=True):
    """One checkout and its payment, or a payment without a checkout. Times are unix seconds, amounts minor units.

    `payment_id` and `charge_id` are Stripe's payment intent and charge, or Creem's order and transaction.
    """

    provider: ProviderName
    checkout_id: str
    payment_id: str
    charge_id: str
    created: int
    price_minor: int
    currency: str
    tax_minor: int = 0
    is_tax_on_top: bool = False
    label: str = ""
    product_id: str = ""
    request_id: str = ""
    metadata: dict[str, Any] = {}
    payment_metadata: dict[str, str] = {}
    success_url: str = ""
    cancel_url: str = ""
    email: str = ""
    keeps_method: bool = False
    state: PurchaseState = "open"
    paid_at: int = 0
    failure: str = ""
    card: Card | None = None
    refunds: list[Refund] = msgspec.field(default_factory=list)
    dispute: Dispute | None = None

    @property
    def gross_minor(self) -> int:
        return self.price_minor + (self.tax_minor if self.is_tax_on_top else 0)

    @property
    def refunded_minor(self) -> int:
        return sum(refund.amount_minor for refund in self.refunds if refund.state != "failed")

    @property
    def withdrawn_minor(self) -> int:
        """What a dispute has taken away."""
        dispute = self.dispute
        return dispute.amount_minor if dispute is not None and dispute.state in ("open", "lost") else 0

    @property
    def country(self) -> str:
        return self.card.country if self.card is not None else "US"


class Books(msgspec.Struct):
    """Totals of one provider in one currency, in minor units."""

    paid: int = 0
    refunded: int = 0
    withdrawn: int = 0

    def add(self, purchase: Purchase) -> None:
        if purchase.state == "paid":
            self.paid += purchase.gross_minor
            self.refunded += purchase.refunded_minor
            self.withdrawn += purchase.withdrawn_minor


def books_of(purchases: list[Purchase]) -> dict[str, dict[str, Books]]:
    """Books by provider, then by currency."""
    found: dict[str, dict[str, Books]] = {}
    for purchase in purchases:
        found.setdefault(purchase.provider, {}).setdefault(purchase.currency, Books()).add(purchase)
    return found
