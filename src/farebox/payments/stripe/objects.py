"""The fields of Stripe's objects that matter to us, as its events and its API give them.

Other fields are let through unread: Stripe adds some with every version. Amounts are in the minor unit of `currency`,
which is in lower case here.
"""

from typing import Any

import msgspec

from farebox.payments.fact import Minor, SomeMinor, UnixS
from farebox.payments.provider import UnreadableEvent


class Reference(msgspec.Struct, frozen=True):
    """An object in a place where there is usually only its id."""

    id: str


class Address(msgspec.Struct, frozen=True):
    country: str | None = None


class Payer(msgspec.Struct, frozen=True):
    address: Address | None = None


class TotalDetails(msgspec.Struct, frozen=True):
    amount_tax: Minor | None = None


class Session(msgspec.Struct, frozen=True):
    """A Checkout Session. `url` is None once it is over."""

    id: str
    created: UnixS
    livemode: bool
    mode: str
    payment_status: str
    status: str | None = None
    url: str | None = None
    expires_at: UnixS | None = None
    amount_total: Minor | None = None
    currency: str | None = None
    client_reference_id: str | None = None
    metadata: dict[str, str] | None = None
    payment_intent: str | Reference | None = None
    total_details: TotalDetails | None = None


class Charge(msgspec.Struct, frozen=True):
    """One attempt to take money. `payment_method_details` holds a member named as its `type`."""

    id: str
    created: UnixS
    livemode: bool
    currency: str
    amount_captured: Minor
    amount_refunded: Minor
    status: str
    captured: bool = False
    disputed: bool = False
    failure_code: str | None = None
    receipt_url: str | None = None
    metadata: dict[str, str] | None = None
    billing_details: Payer | None = None
    payment_intent: str | Reference | None = None
    payment_method_details: dict[str, Any] | None = None


class PaymentError(msgspec.Struct, frozen=True):
    """Why the last attempt failed. `payment_method` has a member named as its `type`."""

    code: str | None = None
    decline_code: str | None = None
    payment_method: dict[str, Any] | None = None


class PaymentIntent(msgspec.Struct, frozen=True):
    """A payment with all of its attempts; `latest_charge` is whole where it was asked for so."""

    id: str
    created: UnixS
    livemode: bool
    status: str
    currency: str
    amount_received: Minor = 0
    metadata: dict[str, str] | None = None
    customer: str | Reference | None = None
    payment_method: str | Reference | None = None
    setup_future_usage: str | None = None
    latest_charge: str | Charge | None = None
    last_payment_error: PaymentError | None = None


class Refund(msgspec.Struct, frozen=True):
    """One refund. Stripe leaves `livemode` out of it: the event tells."""

    id: str
    created: UnixS
    amount: SomeMinor
    currency: str
    status: str | None = None
    charge: str | Reference | None = None
    payment_intent: str | Reference | None = None
    metadata: dict[str, str] | None = None


class EvidenceDetails(msgspec.Struct, frozen=True):
    due_by: UnixS | None = None


class Dispute(msgspec.Struct, frozen=True):
    id: str
    created: UnixS
    livemode: bool
    amount: Minor
    currency: str
    status: str
    reason: str = ""
    charge: str | Reference | None = None
    payment_intent: str | Reference | None = None
    evidence_details: EvidenceDetails | None = None


class EventData(msgspec.Struct, frozen=True):
    object: dict[str, Any]


class Event(msgspec.Struct, frozen=True):
    id: str
    type: str
    created: UnixS
    livemode: bool
    data: EventData


def id_of(place: str | Reference | Charge | None) -> str:
    """The id of what is referred to; '' of nothing."""
    if place is None:
        return ""
    return place if isinstance(place, str) else place.id


def method_of(details: dict[str, Any] | None) -> dict[str, Any]:
    """The member of a payment method that its `type` names, such as that of a card; {} when there is none."""
    found = (details or {}).get(str((details or {}).get("type")))
    return found if isinstance(found, dict) else {}


def unreadable(error: msgspec.DecodeError, what: str) -> UnreadableEvent:
    """What to raise for an object of another form; the message names the place in it, never what stands there."""
    return UnreadableEvent(f"{what} has another form than expected: {error}")
