"""Every sample that Stripe and Creem publish is understood: as facts, or as something that is none of our business."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from farebox.payments.creem.facts import read_event as read_creem
from farebox.payments.fact import DisputeTold, RefundTold
from farebox.payments.stripe.facts import read_event as read_stripe

DATA = Path(__file__).parents[4] / "shared" / "data"
CREEM, STRIPE = DATA / "creem-events.json", DATA / "stripe-fixtures.json"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the published samples are not here")

# Which events may carry an object of Stripe.
KINDS = {
    "charge": ("charge.succeeded", "charge.updated", "charge.failed", "charge.refunded", "charge.captured"),
    "checkout.session": (
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    ),
    "dispute": (
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
    ),
    "payment_intent": (
        "payment_intent.processing",
        "payment_intent.succeeded",
        "payment_intent.payment_failed",
        "payment_intent.canceled",
    ),
    "refund": ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated"),
}


def creem_samples(kind: str) -> list[dict[str, Any]]:
    return json.loads(CREEM.read_text())[kind]


def creem(event: dict[str, Any]) -> Any:
    facts = read_creem(json.dumps(event).encode(), "test")
    assert len(facts) <= 1
    return facts[0] if facts else None


def stripe(kind: str, **changes: Any) -> Any:
    """The fact of an event of this kind around the published object, with some of its members changed."""
    name = next(name for name, kinds in KINDS.items() if kind in kinds)
    fixtures = json.loads(STRIPE.read_text())
    event = {**fixtures["event"], "type": kind, "data": {"object": {**fixtures[name], **changes}}}
    return read_stripe(json.dumps(event).encode())[0]


def test_creem_samples_are_accepted():
    """Payments, refunds and disputes give a fact each; subscriptions are ignored by their name."""
    for kind, events in json.loads(CREEM.read_text()).items():
        for event in events:
            fact = creem(event)
            assert (fact is None) == kind.startswith("subscription."), kind
            if fact is not None:
                assert (fact.event_id, fact.currency, bool(fact.payment_ref)) == (event["id"], "EUR", True)
                assert fact.occurred_at == datetime.fromtimestamp(event["created_at"] / 1000, UTC)


def test_stripe_samples_are_accepted():
    """Every kind of event we read understands its published object; all other kinds are ignored."""
    for kinds in KINDS.values():
        for kind in kinds:
            fact = stripe(kind)
            assert (fact.provider, fact.mode, bool(fact.payment_ref)) == ("stripe", "test", True), kind
    fixtures = json.loads(STRIPE.read_text())
    for name, value in fixtures.items():
        event = {**fixtures["event"], "type": f"{name}.something", "data": {"object": value}}
        assert read_stripe(json.dumps(event).encode()) == ()


def test_a_checkout_of_creem_tells_who_paid_what_for_which_product():
    """What is compared before credit is given is all in the fact."""
    fact = creem(creem_samples("checkout.completed")[0])
    assert (fact.state, fact.price_minor, fact.mode, fact.country) == ("paid", 1000, "test", "NL")
    assert (fact.product, fact.recharge_id) == ("prod_d1AY2Sadk9YAvLI0pj97f", None)
    assert fact.payment_ref == "ord_4aDwWXjMLpes4Kj4XqNnUA"


def test_a_refund_of_creem_is_of_the_same_payment_as_its_checkout():
    """The order ties them together, and the refund is told gross by its id."""
    paid, refunded = creem(creem_samples("checkout.completed")[0]), creem(creem_samples("refund.created")[0])
    assert refunded.payment_ref == paid.payment_ref
    assert refunded.refund == RefundTold(ref="ref_3DB9NQFvk18TJwSqd0N6bd", gross_minor=1210, state="succeeded")
    assert (refunded.gross_minor, refunded.price_minor, refunded.tax_minor) == (1210, 1000, 210)
    assert refunded.state is None


def test_a_dispute_of_creem_is_known_by_its_payment():
    """Its API lists charged-back payments without an id of the dispute: both ways have to tell the same one."""
    fact = creem(creem_samples("dispute.created")[0])
    assert fact.dispute == DisputeTold(
        ref="tran_4Dk8CxWFdceRUQgMFhCCXX", gross_minor=1331, state="open", reason="disp_6vSsOdTANP5PhOzuDlUuXE"
    )
    assert (fact.price_minor, fact.gross_minor, fact.tax_minor) == (1100, 1331, 231)


def test_a_session_is_paid_only_when_stripe_says_so():
    """A completed session may wait for its money; nothing but payment_status decides."""
    waiting = {"status": "complete", "payment_status": "unpaid", "amount_total": 1000, "currency": "usd"}
    assert stripe("checkout.session.completed", **waiting).state == "pending"
    assert stripe("checkout.session.completed", **waiting).price_minor is None
    paid = stripe("checkout.session.completed", **{**waiting, "payment_status": "paid"}, total_details=None)
    assert (paid.state, paid.price_minor, paid.gross_minor, paid.currency) == ("paid", 1000, 1000, "USD")
    assert stripe("checkout.session.async_payment_failed", **waiting).state == "failed"
    assert stripe("checkout.session.expired", status="expired").state == "expired"
    assert stripe("checkout.session.completed", payment_status="no_payment_required").state is None


def test_a_tax_that_stripe_adds_is_not_part_of_the_price():
    """We ask for none; if there is one nevertheless, the price differs from what was asked only if it is inside."""
    taxed = {"amount_tax": 190, "amount_discount": 0, "amount_shipping": 0}
    fact = stripe("checkout.session.completed", payment_status="paid", amount_total=1190, total_details=taxed)
    assert (fact.gross_minor, fact.price_minor, fact.tax_minor) == (1190, 1000, 190)


def test_an_authorised_charge_is_no_payment():
    """Only what was captured is paid; the published charge is not."""
    assert stripe("charge.succeeded").state == "pending"
    fact = stripe("charge.succeeded", captured=True, amount_captured=100, payment_intent="pi_1", amount_refunded=40)
    assert (fact.state, fact.gross_minor, fact.refunded_minor, fact.payment_ref) == ("paid", 100, 40, "pi_1")
    assert (fact.country, fact.fingerprint) == ("US", "AOB934RVNwzk6xtn")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("warning_needs_response", "inquiry"),
        ("warning_closed", "inquiry_closed"),
        ("prevented", "inquiry_closed"),
        ("needs_response", "open"),
        ("under_review", "open"),
        ("won", "won"),
        ("lost", "lost"),
    ],
)
def test_disputes_of_stripe_are_what_their_status_says(status: str, state: str):
    """An event's name says when it was sent, and late events are usual: the status counts."""
    fact = stripe("charge.dispute.created", status=status, payment_intent={"id": "pi_1", "object": "payment_intent"})
    assert (fact.dispute.state, fact.dispute.gross_minor, fact.payment_ref) == (state, 1000, "pi_1")
    assert fact.dispute.due_at == datetime.fromtimestamp(1723679999, UTC)


def test_a_refused_card_tells_why_and_which():
    """Failed payments feed the risk rules: the card's fingerprint and country come with them."""
    method = {"id": "pm_1", "type": "card", "card": {"fingerprint": "f", "country": "FR"}}
    error = {"type": "card_error", "code": "card_declined", "decline_code": "stolen_card", "payment_method": method}
    fact = stripe("payment_intent.payment_failed", last_payment_error=error)
    assert (fact.state, fact.failure, fact.fingerprint, fact.country) == ("failed", "stolen_card", "f", "FR")
