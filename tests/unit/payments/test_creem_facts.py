"""What Creem's checkouts, refunds and listed payments mean, whichever of their nested objects are there."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from farebox.payments.creem.facts import read_event, transaction_facts
from farebox.payments.creem.objects import Transaction
from farebox.payments.fact import PaymentFact
from farebox.payments.provider import UnreadableEvent

ORDER = {"id": "ord_1", "amount": 1000, "currency": "EUR", "status": "paid", "product": "prod_1", "mode": "prod"}


def event(kind: str, value: Any) -> bytes:
    return json.dumps({"id": "evt_1", "eventType": kind, "created_at": 1_700_000_000_000, "object": value}).encode()


def completed(order: Any = None, product: Any = "prod_1", **changes: Any) -> PaymentFact:
    """The fact of a completed checkout with these parts."""
    order = ORDER if order is None else {**ORDER, **order}
    value = {"id": "ch_1", "status": "completed", "mode": "prod", "order": order, "product": product, **changes}
    (fact,) = read_event(event("checkout.completed", value), "live")
    return fact


@pytest.mark.parametrize(
    ("order", "product", "amounts"),
    [
        # gross, price, tax
        ({"amount_paid": 1210, "tax_amount": 210}, {"id": "p", "tax_mode": "exclusive"}, (1210, 1000, 210)),
        ({"amount_paid": 1000, "tax_amount": 174}, {"id": "p", "tax_mode": "inclusive"}, (1000, 1000, 174)),
        ({"amount_paid": 1210, "tax_amount": 210}, "p", (1210, 1000, 210)),
        ({"amount_paid": 1000, "tax_amount": 174}, "p", (1000, 1000, 174)),
        ({"amount_paid": 1210}, {"id": "p", "tax_mode": "exclusive"}, (1210, 1000, 210)),
        ({"amount_due": 1210, "tax_amount": 210}, {"id": "p", "tax_mode": "exclusive"}, (1210, 1000, 210)),
        ({"tax_amount": 210}, {"id": "p", "tax_mode": "exclusive"}, (1210, 1000, 210)),
        ({}, {"id": "p", "tax_mode": "exclusive"}, (1000, 1000, 0)),
        ({"amount_paid": 900, "tax_amount": 0}, {"id": "p", "tax_mode": "inclusive"}, (900, 900, 0)),
        ({"amount_paid": 1100, "tax_amount": 191}, {"id": "p", "tax_mode": "exclusive"}, (1100, 909, 191)),
    ],
)
def test_the_price_is_what_was_paid_without_a_tax_on_top(order: Any, product: Any, amounts: tuple[int, int, int]):
    """A tax inside belongs to the price, one on top does not; a discount makes the price differ from what was asked."""
    fact = completed(order, product)
    assert (fact.gross_minor, fact.price_minor, fact.tax_minor) == amounts


def test_nested_objects_may_be_ids():
    """A checkout is bound by its request id, whatever else is told of it."""
    recharge_id = uuid4()
    fact = completed(request_id=str(recharge_id), customer="cust_1")
    assert (fact.recharge_id, fact.country, fact.product) == (recharge_id, "", "prod_1")
    whole = completed(request_id="of-somebody-else", customer={"id": "cust_1", "country": "DE"}, product={"id": "p2"})
    assert (whole.recharge_id, whole.country, whole.product) == (None, "DE", "p2")


def test_a_completed_checkout_that_is_not_paid_waits():
    """Credit is given for paid orders only."""
    assert completed({"status": "pending"}).state == "pending"
    assert completed(status="processing").state == "pending"


@pytest.mark.parametrize(("word", "mode"), [("prod", "live"), ("test", "test"), ("sandbox", "test"), ("local", "test")])
def test_only_production_is_live(word: str, mode: str):
    """A test payment never looks like money."""
    assert completed(mode=word).mode == mode


def test_a_checkout_without_a_mode_is_not_understood():
    """Whether it is money cannot be guessed."""
    value = {"id": "ch_1", "status": "completed", "order": {**ORDER, "mode": None}, "product": "prod_1"}
    with pytest.raises(UnreadableEvent):
        read_event(event("checkout.completed", value), "live")


@pytest.mark.parametrize(
    ("status", "state"),
    [("succeeded", "succeeded"), ("pending", "pending"), ("requiresAction", "pending"), ("canceled", "failed")],
)
def test_refunds_have_states(status: str, state: str):
    """A refund that was called off gave nothing back."""
    value = {"id": "ref_1", "refund_amount": 10, "refund_currency": "eur", "status": status, "order": "ord_1"}
    (fact,) = read_event(event("refund.created", value), "live")
    assert fact.refund is not None
    assert (fact.refund.state, fact.payment_ref, fact.currency, fact.mode) == (state, "ord_1", "EUR", "live")


@pytest.mark.parametrize("word", ["chargeback", "chargedBack"])
def test_a_charged_back_payment_is_a_dispute_in_either_spelling(word: str):
    """What it counts as refunded is the chargeback: it must not be taken from the customer twice."""
    told = Transaction(
        id="tran_1", amount=1000, amount_paid=1210, currency="EUR", status=word, order="ord_1", refunded_amount=1210,
        tax_amount=210, mode="prod", created_at=1_700_000_000_000,
    )  # fmt: skip
    (fact,) = transaction_facts(told, "live")
    assert fact.dispute is not None
    assert (fact.dispute.ref, fact.dispute.gross_minor, fact.refunded_minor) == ("tran_1", 1210, None)
    assert (fact.state, fact.price_minor) == ("paid", 1000)
    assert fact.occurred_at == datetime.fromtimestamp(1_700_000_000, UTC)


def test_a_listed_payment_tells_the_sum_of_its_refunds():
    """Reconciliation finds refunds whose events were lost."""
    told = Transaction(id="tran_1", amount=1000, amount_paid=1000, status="partialRefund", refunded_amount=300)
    (fact,) = transaction_facts(told, "test")
    assert (fact.refunded_minor, fact.dispute, fact.payment_ref) == (300, None, "tran_1")
    assert transaction_facts(msgspec.structs.replace(told, status="declined"), "test") == ()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        event("checkout.completed", None),
        event("checkout.completed", {"id": 5}),
        event(
            "refund.created", {"id": "ref_1", "refund_amount": "10", "refund_currency": "EUR", "status": "succeeded"}
        ),
        event("refund.created", {"id": "r", "refund_amount": 10, "refund_currency": "EUR", "status": "secret-word"}),
        event("dispute.created", "disp_1"),
    ],
)
def test_what_is_not_understood_says_so_without_repeating_it(body: bytes):
    """Such an event is kept for an operator; its content is in no message."""
    with pytest.raises(UnreadableEvent) as caught:
        read_event(body, "live")
    assert "secret-word" not in str(caught.value)
    assert "ref_1" not in str(caught.value)
