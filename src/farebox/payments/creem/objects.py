"""The fields of Creem's objects that matter to us, as its events and its API give them.

Nested objects come whole, or as their id, or not at all. Amounts are in cents of `currency`; times are ISO texts in
some objects and milliseconds in others.
"""

from datetime import datetime

import msgspec

from farebox.payments.fact import Minor, SomeMinor, UnixMs

# What a payment that was charged back reads: Creem's events and its API spell it differently.
CHARGED_BACK = frozenset(("chargeback", "chargedBack"))


class Customer(msgspec.Struct, frozen=True):
    id: str
    country: str | None = None


class Product(msgspec.Struct, frozen=True):
    """`tax_mode` says whether the tax is in the price (inclusive) or comes on top (exclusive)."""

    id: str
    tax_mode: str | None = None


class Order(msgspec.Struct, frozen=True):
    """`amount` is the price; `amount_paid` what the payer gave for it, with the tax."""

    id: str
    amount: Minor | None = None
    currency: str | None = None
    status: str | None = None
    mode: str | None = None
    product: str | Product | None = None
    transaction: "str | Transaction | None" = None
    amount_paid: Minor | None = None
    amount_due: Minor | None = None
    tax_amount: Minor | None = None
    created_at: datetime | None = None


class Transaction(msgspec.Struct, frozen=True):
    id: str
    amount: Minor | None = None
    currency: str | None = None
    status: str | None = None
    mode: str | None = None
    order: str | Order | None = None
    amount_paid: Minor | None = None
    tax_amount: Minor | None = None
    tax_country: str | None = None
    refunded_amount: Minor | None = None
    created_at: UnixMs | None = None  # in milliseconds


class Checkout(msgspec.Struct, frozen=True):
    id: str
    status: str | None = None
    mode: str | None = None
    request_id: str | None = None
    checkout_url: str | None = None
    product: str | Product | None = None
    order: str | Order | None = None
    customer: str | Customer | None = None


class Refund(msgspec.Struct, frozen=True):
    id: str
    refund_amount: SomeMinor
    refund_currency: str
    status: str
    mode: str | None = None
    transaction: str | Transaction | None = None
    checkout: str | Checkout | None = None
    order: str | Order | None = None
    customer: str | Customer | None = None


class Dispute(msgspec.Struct, frozen=True):
    id: str
    amount: Minor
    currency: str
    mode: str | None = None
    transaction: str | Transaction | None = None
    checkout: str | Checkout | None = None
    order: str | Order | None = None
    customer: str | Customer | None = None


class Pagination(msgspec.Struct, frozen=True):
    next_page: int | None = None


class TransactionList(msgspec.Struct, frozen=True):
    items: tuple[Transaction, ...]
    pagination: Pagination


class RefundAnswer(msgspec.Struct, frozen=True):
    """What the API answers to a refund: it may take its time."""

    status: str
    id: str = ""


class Event(msgspec.Struct, frozen=True, rename={"event_type": "eventType"}):
    id: str
    event_type: str
    created_at: UnixMs  # in milliseconds
    object: msgspec.Raw


Nested = Customer | Product | Order | Transaction | Checkout


def id_of(place: str | Nested | None) -> str:
    """The id of what is referred to; '' of nothing."""
    if place is None:
        return ""
    return place if isinstance(place, str) else place.id
