"""What Creem's events and objects say, as facts. Pure.

All facts of a payment have its order in common. Where an abridged event leaves the order out, its transaction stands
in: such a fact fits no recharge, and becomes a case. A payment can be charged back once, and Creem's API has no ids of
chargebacks: the transaction is the dispute's reference, so that an event and a listed payment tell the same one.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from farebox.payments.creem.objects import (
    CHARGED_BACK,
    Checkout,
    Customer,
    Dispute,
    Event,
    Order,
    Product,
    Refund,
    Transaction,
    id_of,
)
from farebox.payments.fact import DisputeTold, Mode, PaymentFact, PaymentState, RefundState, RefundTold
from farebox.payments.provider import UnreadableEvent

_T = TypeVar("_T")
_PAID = frozenset(("paid", "refunded", "partialRefund")) | CHARGED_BACK
_REFUNDED = frozenset(("refunded", "partialRefund"))
_REFUND_STATES: dict[str, RefundState] = {
    "pending": "pending",
    "requiresAction": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}
_CHECKOUT_STATES: dict[str, PaymentState] = {"processing": "pending", "expired": "expired"}


def read_event(body: bytes, own_mode: Mode) -> tuple[PaymentFact, ...]:
    """The facts of an event; none of a kind that says nothing about payments. Raises UnreadableEvent.

    `own_mode` is that of our credentials, for abridged refunds and disputes; a payment has to name its own.
    """
    event = _formed(body, Event)
    reader = _READERS.get(event.event_type)
    if reader is None:
        return ()
    facts = reader(event.object, datetime.fromtimestamp(event.created_at / 1000, UTC), own_mode)
    return tuple(msgspec.structs.replace(fact, event_id=event.id) for fact in facts)


def checkout_facts(checkout: Checkout, at: datetime) -> tuple[PaymentFact, ...]:
    """What a checkout says; nothing while nobody has paid on it. Raises UnreadableEvent."""
    order = checkout.order if isinstance(checkout.order, Order) else None
    state = _CHECKOUT_STATES.get(checkout.status or "")
    if order is not None:
        state = "paid" if order.status == "paid" and checkout.status == "completed" else "pending"
    if state is None:
        return ()
    transaction = order.transaction if order is not None and isinstance(order.transaction, Transaction) else None
    return (
        PaymentFact(
            provider="creem",
            mode=_told_mode(checkout, order),
            occurred_at=at,
            payment_ref="" if order is None else order.id,
            checkout_ref=checkout.id,
            recharge_id=_our_id(checkout.request_id),
            state=state,
            **_amounts(order, transaction, checkout.product),
            currency=_currency(order, transaction),
            product=id_of(checkout.product) or (id_of(order.product) if order is not None else ""),
            country=_country(checkout.customer, transaction),
        ),
    )


def transaction_facts(transaction: Transaction, own_mode: Mode) -> tuple[PaymentFact, ...]:
    """What a listed payment says; nothing while it is not paid. Raises UnreadableEvent."""
    if transaction.status not in _PAID:
        return ()
    at = datetime.fromtimestamp((transaction.created_at or 0) / 1000, UTC)
    is_charged_back = transaction.status in CHARGED_BACK
    gross_minor = transaction.refunded_amount or transaction.amount_paid or transaction.amount or 0
    return (
        PaymentFact(
            provider="creem",
            mode=_mode_of(transaction) or own_mode,
            occurred_at=at,
            payment_ref=id_of(transaction.order) or transaction.id,
            state="paid",
            **_amounts(None, transaction, None),
            currency=_currency(None, transaction),
            # A chargeback counts as refunded there, too: which part of the sum it is cannot be told.
            refunded_minor=transaction.refunded_amount if transaction.status in _REFUNDED else None,
            dispute=DisputeTold(ref=transaction.id, gross_minor=gross_minor, state="open") if is_charged_back else None,
            country=_country(None, transaction),
        ),
    )


def refund_state(status: str) -> RefundState:
    """The state of a refund. Raises UnreadableEvent for a word that Creem never used."""
    try:
        return _REFUND_STATES[status]
    except KeyError:
        raise UnreadableEvent("a refund of Creem is in a state that is new to us") from None


def _completed(raw: msgspec.Raw, at: datetime, own_mode: Mode) -> tuple[PaymentFact, ...]:
    del own_mode
    return checkout_facts(_formed(raw, Checkout), at)


def _refunded(raw: msgspec.Raw, at: datetime, own_mode: Mode) -> tuple[PaymentFact, ...]:
    refund = _formed(raw, Refund)
    told = RefundTold(ref=refund.id, gross_minor=refund.refund_amount, state=refund_state(refund.status))
    return (_about(refund, at, own_mode, currency=refund.refund_currency, refund=told),)


def _disputed(raw: msgspec.Raw, at: datetime, own_mode: Mode) -> tuple[PaymentFact, ...]:
    dispute = _formed(raw, Dispute)
    ref = id_of(dispute.transaction) or dispute.id
    told = DisputeTold(ref=ref, gross_minor=dispute.amount, state="open", reason=dispute.id)
    return (_about(dispute, at, own_mode, currency=dispute.currency, dispute=told),)


def _about(source: Refund | Dispute, at: datetime, own_mode: Mode, *, currency: str, **told: Any) -> PaymentFact:
    """A fact of a refund or dispute with what it says of the payment that it is about."""
    order = source.order if isinstance(source.order, Order) else None
    transaction = source.transaction if isinstance(source.transaction, Transaction) else None
    checkout = source.checkout if isinstance(source.checkout, Checkout) else None
    order_ref = id_of(source.order) or (id_of(transaction.order) if transaction is not None else "")
    return PaymentFact(
        provider="creem",
        mode=_mode_of(source, order, transaction, checkout) or own_mode,
        occurred_at=at,
        payment_ref=order_ref or id_of(source.transaction),
        checkout_ref=id_of(source.checkout),
        recharge_id=None if checkout is None else _our_id(checkout.request_id),
        **_amounts(order, transaction, None if checkout is None else checkout.product),
        currency=currency.upper(),
        product="" if order is None else id_of(order.product),
        country=_country(source.customer, transaction),
        **told,
    )


def _amounts(order: Order | None, transaction: Transaction | None, product: str | Product | None) -> dict[str, Any]:
    """Gross, price and tax: with a tax on top the price is what was paid less the tax, else it is what was paid."""
    order, transaction = order or Order(id=""), transaction or Transaction(id="")
    price = _first(transaction.amount, order.amount)
    gross = _first(transaction.amount_paid, order.amount_paid, order.amount_due)
    tax = _first(transaction.tax_amount, order.tax_amount)
    mode = product.tax_mode if isinstance(product, Product) else None
    if gross is None:
        if price is None:
            return {}
        gross = price + (tax or 0) if mode == "exclusive" else price
    # Without the product's word, more paid than the price tells that the tax came on top.
    is_on_top = mode == "exclusive" or (mode is None and price is not None and gross > price)
    if is_on_top and tax is None and price is not None:
        tax = max(gross - price, 0)
    tax = tax or 0
    return {"gross_minor": gross, "price_minor": gross - tax if is_on_top else gross, "tax_minor": tax}


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _currency(order: Order | None, transaction: Transaction | None) -> str:
    return ((transaction and transaction.currency) or (order and order.currency) or "").upper()


def _country(customer: str | Customer | None, transaction: Transaction | None) -> str:
    country = customer.country if isinstance(customer, Customer) else None
    return country or (transaction and transaction.tax_country) or ""


def _mode_of(*places: Checkout | Order | Transaction | Refund | Dispute | None) -> Mode | None:
    told = next((place.mode for place in places if place is not None and place.mode), None)
    # sandbox and local are older words for test.
    return None if told is None else "live" if told == "prod" else "test"


def _told_mode(*places: Checkout | Order | None) -> Mode:
    told = _mode_of(*places)
    if told is None:
        raise UnreadableEvent("a checkout of Creem does not say whether it is a test")
    return told


def _our_id(text: str | None) -> UUID | None:
    # Others use the same Creem store for other things: what is no id of ours binds nothing.
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _formed(value: bytes | msgspec.Raw, form: type[_T]) -> _T:
    try:
        return msgspec.json.decode(value, type=form)
    except msgspec.DecodeError as error:
        raise UnreadableEvent(f"an event of Creem has another form than expected: {error}") from None


_READERS: dict[str, Callable[[msgspec.Raw, datetime, Mode], tuple[PaymentFact, ...]]] = {
    "checkout.completed": _completed,
    "refund.created": _refunded,
    "dispute.created": _disputed,
}
