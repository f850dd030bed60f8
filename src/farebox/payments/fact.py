"""What a payment provider tells us, in words that are the same for all of them.

An adapter (stripe/, creem/) makes facts of an event or of a listed payment; everything behind it knows only these. A
fact may come any number of times and in any order: it says what is so at the provider, never what to add to something.
It must not know SQL, nor the wire formats of providers.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

ProviderName = Literal["stripe", "creem"]
# What providers' objects are read with: no payment is larger, and no moment later, than databases and clocks can hold.
Minor = Annotated[int, msgspec.Meta(ge=0, le=10**15)]
SomeMinor = Annotated[int, msgspec.Meta(gt=0, le=10**15)]
UnixS = Annotated[int, msgspec.Meta(ge=0, le=10**11)]
UnixMs = Annotated[int, msgspec.Meta(ge=0, le=10**14)]
Mode = Literal["live", "test"]
# pending: the customer is done, the money comes later. expired: the checkout is over without a payment.
PaymentState = Literal["expired", "pending", "failed", "paid"]
RefundState = Literal["pending", "succeeded", "failed"]
# inquiry: asked about, no money moved. open: money withdrawn or about to be.
DisputeState = Literal["inquiry", "inquiry_closed", "open", "won", "lost"]


class RefundTold(msgspec.Struct, frozen=True, kw_only=True):
    """One refund by the provider's id; `key` is our own id of it where the provider gives it back to us."""

    ref: str
    gross_minor: int
    state: RefundState
    key: UUID | None = None
    begun_at: datetime | None = None  # None where the provider does not say


class DisputeTold(msgspec.Struct, frozen=True, kw_only=True):
    """One dispute by the provider's id. `due_at`: until when evidence is taken. `reason` is the provider's word."""

    ref: str
    gross_minor: int
    state: DisputeState
    reason: str = ""
    due_at: datetime | None = None


class PaymentFact(msgspec.Struct, frozen=True, kw_only=True):
    """What is so about one payment or checkout. Amounts are in the minor unit of the upper-case `currency`.

    `payment_ref` is the provider's id that all facts of this payment have in common (Stripe: the payment intent, else
    the charge, else the session; Creem: the order). It is '' only of a checkout that never had a payment.

    `gross_minor` is what the payer paid, `tax_minor` the tax in it, and `price_minor` the part that answers the price
    we asked for: the gross amount where the tax is inside of the price, the gross amount less the tax where it comes
    on top. All three are None where this fact does not tell. Refunds and disputes are gross amounts.

    `refunded_minor` is the gross amount refunded as of `occurred_at`, for providers that tell a sum; `refund` is one
    refund, for those that tell each.
    """

    provider: ProviderName
    mode: Mode
    occurred_at: datetime
    event_id: str = ""  # '' of what was polled
    payment_ref: str = ""
    checkout_ref: str = ""
    recharge_id: UUID | None = None  # what we bound to the checkout, given back
    state: PaymentState | None = None  # None where this fact does not tell
    price_minor: int | None = None
    gross_minor: int | None = None
    tax_minor: int | None = None
    currency: str = ""
    product: str = ""  # the provider's product id; '' for providers whose checkouts have none
    refunded_minor: int | None = None
    refund: RefundTold | None = None
    dispute: DisputeTold | None = None
    country: str = ""  # of the payment method or the payer, ISO 3166-1 alpha-2
    fingerprint: str = ""  # the same for the same card or other method
    failure: str = ""  # the provider's code of why it failed, for operators
    invoice_url: str = ""
    # A method that the customer let us keep for later payments.
    customer_ref: str = ""
    method_ref: str = ""
