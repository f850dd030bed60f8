"""What Stripe's events and objects say, as facts. Pure.

We never ask Stripe to add a tax, so what was paid answers the price. Were a tax to appear nevertheless, the price would
not be what we asked for, and that is for an operator to see.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from farebox.payments.fact import DisputeState, DisputeTold, Mode, PaymentFact, PaymentState, RefundState, RefundTold
from farebox.payments.provider import UnreadableEvent
from farebox.payments.stripe.objects import (
    Charge,
    Dispute,
    Event,
    Payer,
    PaymentIntent,
    Refund,
    Session,
    id_of,
    method_of,
    unreadable,
)

RECHARGE = "recharge_id"  # our names in Stripe's metadata
REFUND = "refund_id"

_T = TypeVar("_T")

_REFUND_STATES: dict[str, RefundState] = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "succeeded",
    "failed": "failed",
    "canceled": "failed",
}
# prevented: settled before it became a dispute; a refund, if there was one, is told as such.
_DISPUTE_STATES: dict[str, DisputeState] = {
    "warning_needs_response": "inquiry",
    "warning_under_review": "inquiry",
    "warning_closed": "inquiry_closed",
    "prevented": "inquiry_closed",
    "needs_response": "open",
    "under_review": "open",
    "won": "won",
    "lost": "lost",
}
_INTENT_STATES: dict[str, PaymentState] = {"processing": "pending", "succeeded": "paid", "canceled": "failed"}


def read_event(body: bytes) -> tuple[PaymentFact, ...]:
    """The facts of an event; none of a kind that says nothing about payments. Raises UnreadableEvent."""
    try:
        event = msgspec.json.decode(body, type=Event)
    except msgspec.DecodeError as error:
        raise unreadable(error, "an event of Stripe") from None
    reader = _READERS.get(event.type)
    if reader is None:
        return ()
    return tuple(
        msgspec.structs.replace(fact, event_id=event.id, mode=_mode(event.livemode), occurred_at=_moment(event.created))
        for fact in reader(event.data.object)
    )


def session_facts(session: Session, *, async_failed: bool = False) -> tuple[PaymentFact, ...]:
    """What a Checkout Session says; nothing when it is not there to take a payment."""
    if session.mode != "payment":
        return ()
    state = "failed" if async_failed else _session_state(session)
    intent = id_of(session.payment_intent)
    return (
        PaymentFact(
            provider="stripe",
            mode=_mode(session.livemode),
            occurred_at=_moment(session.created),
            payment_ref=intent or (session.id if state == "paid" else ""),
            checkout_ref=session.id,
            recharge_id=_our_id(session.client_reference_id) or _of_metadata(session.metadata, RECHARGE),
            state=state,
            **_amounts(session.amount_total if state == "paid" else None, _tax_minor(session)),
            currency=(session.currency or "").upper(),
        ),
    )


def intent_facts(intent: PaymentIntent) -> tuple[PaymentFact, ...]:
    """What a payment says, and its latest charge where that came along."""
    failure = intent.last_payment_error
    state = _INTENT_STATES.get(intent.status)
    if state is None and failure is not None:
        state = "failed"
    method = method_of(failure.payment_method) if failure and state == "failed" else {}
    kept = intent.setup_future_usage is not None and state == "paid"
    fact = PaymentFact(
        provider="stripe",
        mode=_mode(intent.livemode),
        occurred_at=_moment(intent.created),
        payment_ref=intent.id,
        recharge_id=_of_metadata(intent.metadata, RECHARGE),
        state=state,
        **_amounts(intent.amount_received if state == "paid" else None),
        currency=intent.currency.upper(),
        country=_word(method, "country"),
        fingerprint=_word(method, "fingerprint"),
        failure=(failure.decline_code or failure.code or "") if failure and state == "failed" else "",
        customer_ref=id_of(intent.customer) if kept else "",
        method_ref=id_of(intent.payment_method) if kept else "",
    )
    charge = intent.latest_charge
    return (fact, *charge_facts(charge)) if isinstance(charge, Charge) else (fact,)


def charge_facts(charge: Charge) -> tuple[PaymentFact, ...]:
    """What a charge says: an authorised charge is no payment before it is captured."""
    paid = charge.status == "succeeded" and charge.captured
    states: dict[str, PaymentState] = {"succeeded": "paid" if paid else "pending", "failed": "failed"}
    method = method_of(charge.payment_method_details)
    return (
        PaymentFact(
            provider="stripe",
            mode=_mode(charge.livemode),
            occurred_at=_moment(charge.created),
            payment_ref=id_of(charge.payment_intent) or charge.id,
            recharge_id=_of_metadata(charge.metadata, RECHARGE),
            state=states.get(charge.status, "pending"),
            **_amounts(charge.amount_captured if paid else None),
            currency=charge.currency.upper(),
            refunded_minor=charge.amount_refunded,
            country=_word(method, "country") or _country(charge.billing_details),
            fingerprint=_word(method, "fingerprint"),
            failure=charge.failure_code or "",
            invoice_url=charge.receipt_url or "",
        ),
    )


def refund_facts(refund: Refund) -> tuple[PaymentFact, ...]:
    """What one refund says. Stripe does not name its mode: whoever asked knows it, or the event does."""
    told = RefundTold(
        ref=refund.id,
        gross_minor=refund.amount,
        state=refund_state(refund.status),
        key=_of_metadata(refund.metadata, REFUND),
    )
    return (
        PaymentFact(
            provider="stripe",
            mode="test",
            occurred_at=_moment(refund.created),
            payment_ref=id_of(refund.payment_intent) or id_of(refund.charge),
            currency=refund.currency.upper(),
            refund=told,
        ),
    )


def refund_state(status: str | None) -> RefundState:
    """The state of a refund; pending where Stripe has none yet. Raises UnreadableEvent for a word it never used."""
    return "pending" if status is None else _known(_REFUND_STATES, status, "refund")


def dispute_facts(dispute: Dispute) -> tuple[PaymentFact, ...]:
    """What a dispute says."""
    due_by = None if dispute.evidence_details is None else dispute.evidence_details.due_by
    told = DisputeTold(
        ref=dispute.id,
        gross_minor=dispute.amount,
        state=_known(_DISPUTE_STATES, dispute.status, "dispute"),
        reason=dispute.reason,
        due_at=None if due_by is None else _moment(due_by),
    )
    return (
        PaymentFact(
            provider="stripe",
            mode=_mode(dispute.livemode),
            occurred_at=_moment(dispute.created),
            payment_ref=id_of(dispute.payment_intent) or id_of(dispute.charge),
            currency=dispute.currency.upper(),
            dispute=told,
        ),
    )


def _session_state(session: Session) -> PaymentState | None:
    # Paid is what payment_status says, and nothing else: a completed session may wait for its money for days.
    if session.payment_status == "paid":
        return "paid"
    if session.status == "expired":
        return "expired"
    return "pending" if session.status == "complete" and session.payment_status == "unpaid" else None


def _tax_minor(session: Session) -> int:
    return (session.total_details.amount_tax if session.total_details else None) or 0


def _amounts(gross_minor: int | None, tax_minor: int = 0) -> dict[str, Any]:
    if gross_minor is None:
        return {}
    return {"gross_minor": gross_minor, "price_minor": gross_minor - tax_minor, "tax_minor": tax_minor}


def _known(words: dict[str, _T], word: str, what: str) -> _T:
    try:
        return words[word]
    except KeyError:
        raise UnreadableEvent(f"a {what} of Stripe is in a state that is new to us") from None


def _of_metadata(metadata: dict[str, str] | None, name: str) -> UUID | None:
    return _our_id((metadata or {}).get(name))


def _our_id(text: str | None) -> UUID | None:
    # Others use the same Stripe account for other things: what is no id of ours binds nothing.
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _country(payer: Payer | None) -> str:
    return (payer.address.country if payer and payer.address else None) or ""


def _word(values: dict[str, Any], name: str) -> str:
    found = values.get(name)
    return found if isinstance(found, str) else ""


def _mode(is_live: bool) -> Mode:
    return "live" if is_live else "test"


def _moment(unix_s: int) -> datetime:
    return datetime.fromtimestamp(unix_s, UTC)


_Reader = Callable[[dict[str, Any]], tuple[PaymentFact, ...]]


def _reader(form: type[_T], facts_of: Callable[[_T], tuple[PaymentFact, ...]]) -> _Reader:
    def read(value: dict[str, Any]) -> tuple[PaymentFact, ...]:
        try:
            return facts_of(msgspec.convert(value, form))
        except msgspec.ValidationError as error:
            raise unreadable(error, "the object of an event of Stripe") from None

    return read


_SESSION = _reader(Session, session_facts)
_INTENT = _reader(PaymentIntent, intent_facts)
_CHARGE = _reader(Charge, charge_facts)
_REFUND = _reader(Refund, refund_facts)
_DISPUTE = _reader(Dispute, dispute_facts)

_READERS: dict[str, _Reader] = {
    "checkout.session.completed": _SESSION,
    "checkout.session.async_payment_succeeded": _SESSION,
    "checkout.session.async_payment_failed": _reader(Session, lambda found: session_facts(found, async_failed=True)),
    "checkout.session.expired": _SESSION,
    "payment_intent.processing": _INTENT,
    "payment_intent.succeeded": _INTENT,
    "payment_intent.payment_failed": _INTENT,
    "payment_intent.canceled": _INTENT,
    "charge.succeeded": _CHARGE,
    "charge.captured": _CHARGE,
    "charge.updated": _CHARGE,
    "charge.failed": _CHARGE,
    "charge.refunded": _CHARGE,
    "charge.refund.updated": _REFUND,
    "refund.created": _REFUND,
    "refund.updated": _REFUND,
    "refund.failed": _REFUND,
    "charge.dispute.created": _DISPUTE,
    "charge.dispute.updated": _DISPUTE,
    "charge.dispute.closed": _DISPUTE,
    "charge.dispute.funds_withdrawn": _DISPUTE,
    "charge.dispute.funds_reinstated": _DISPUTE,
}
