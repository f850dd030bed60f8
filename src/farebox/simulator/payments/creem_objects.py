"""A purchase as Creem's objects, in the shapes of its published samples and API description."""

from datetime import UTC, datetime
from typing import Any

from farebox.simulator.payments.options import Product
from farebox.simulator.payments.purchase import Dispute, Purchase, Refund

Json = dict[str, Any]

_CHECKOUT_STATUS = {"open": "pending", "pending": "processing", "expired": "expired", "failed": "pending"}


def mode(*, live: bool) -> str:
    return "prod" if live else "test"


def product(found: Product, *, live: bool) -> Json:
    made = _iso(1_700_000_000)
    return {
        "id": found.id,
        "object": "product",
        "name": found.name,
        "description": found.name,
        "image_url": None,
        "price": found.price,
        "currency": found.currency,
        "billing_type": "onetime",
        "billing_period": "once",
        "status": "active",
        "tax_mode": found.tax_mode,
        "tax_category": "saas",
        "default_success_url": "",
        "created_at": made,
        "updated_at": made,
        "mode": mode(live=live),
    }


def customer(purchase: Purchase, *, live: bool) -> Json:
    made = _iso(purchase.created)
    return {
        "id": f"cust_{purchase.payment_id.removeprefix('ord_')}",
        "object": "customer",
        "email": purchase.email or "payer@example.com",
        "name": "Payer",
        "country": purchase.country,
        "created_at": made,
        "updated_at": made,
        "mode": mode(live=live),
    }


def order(purchase: Purchase, *, live: bool) -> Json:
    """As in checkouts, disputes and refunds; its customer, product and transaction are ids."""
    is_paid = purchase.state == "paid"
    return {
        "object": "order",
        "id": purchase.payment_id,
        "customer": customer(purchase, live=live)["id"],
        "product": purchase.product_id,
        "transaction": purchase.charge_id,
        "amount": purchase.price_minor,
        "currency": purchase.currency,
        "sub_total": purchase.gross_minor - purchase.tax_minor,
        "tax_amount": purchase.tax_minor,
        "amount_due": purchase.gross_minor,
        "amount_paid": purchase.gross_minor if is_paid else 0,
        "status": "paid" if is_paid else "pending",
        "type": "onetime",
        "created_at": _iso(purchase.paid_at or purchase.created),
        "updated_at": _iso(purchase.paid_at or purchase.created),
        "mode": mode(live=live),
    }


def checkout(purchase: Purchase, found: Product, *, url: str, live: bool) -> Json:
    """As the API answers it: with an order as soon as the payer is done, with a page until then."""
    body = {
        "id": purchase.checkout_id,
        "object": "checkout",
        "request_id": purchase.request_id,
        "product": product(found, live=live),
        "units": 1,
        "custom_fields": [],
        "status": _CHECKOUT_STATUS.get(purchase.state, "completed"),
        "metadata": purchase.metadata,
        "success_url": purchase.success_url,
        "mode": mode(live=live),
    }
    if purchase.state == "open":
        return {**body, "checkout_url": url}
    if purchase.state == "expired":
        return body
    return {**body, "order": order(purchase, live=live), "customer": customer(purchase, live=live)}


def completed_checkout(purchase: Purchase, found: Product, *, live: bool) -> Json:
    """As an event tells it."""
    body = checkout(purchase, found, url="", live=live)
    return {name: body[name] for name in body if name not in ("units", "success_url")}


def transaction(purchase: Purchase, *, live: bool, in_event: bool = False) -> Json:
    """A payment. A charged-back one reads differently in events and in the API, and counts as refunded whole."""
    taken_back = purchase.withdrawn_minor
    status = "paid"
    if taken_back:
        status = "chargeback" if in_event else "chargedBack"
    elif purchase.refunded_minor:
        status = "refunded" if purchase.refunded_minor == purchase.gross_minor else "partialRefund"
    return {
        "id": purchase.charge_id,
        "object": "transaction",
        "amount": purchase.price_minor,
        "amount_paid": purchase.gross_minor,
        "currency": purchase.currency,
        "type": "payment",
        "tax_country": purchase.country,
        "tax_amount": purchase.tax_minor,
        "status": status,
        "refunded_amount": purchase.refunded_minor + taken_back or None,
        "order": purchase.payment_id,
        "subscription": None,
        "customer": customer(purchase, live=live)["id"],
        "description": "Payment",
        "period_start": purchase.paid_at * 1000,
        "period_end": purchase.paid_at * 1000,
        "created_at": purchase.paid_at * 1000,
        "mode": mode(live=live),
    }


def refund_object(purchase: Purchase, refund: Refund, *, live: bool) -> Json:
    return {
        "id": refund.id,
        "object": "refund",
        "status": refund.state,
        "refund_amount": refund.amount_minor,
        "refund_currency": purchase.currency,
        "reason": "requested_by_customer",
        **_of_payment(purchase, live=live),
        "created_at": refund.created * 1000,
        "mode": mode(live=live),
    }


def dispute_object(purchase: Purchase, dispute: Dispute, *, live: bool) -> Json:
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount_minor,
        "currency": purchase.currency,
        **_of_payment(purchase, live=live),
        "created_at": dispute.created * 1000,
        "mode": mode(live=live),
    }


def event(event_id: str, kind: str, value: Json, *, created_ms: int) -> Json:
    return {"id": event_id, "eventType": kind, "created_at": created_ms, "object": value}


def page_of(items: list[Json], number: int, size: int) -> Json:
    pages = max(-(-len(items) // size), 1)
    return {
        "items": items[(number - 1) * size : number * size],
        "pagination": {
            "total_records": len(items),
            "total_pages": pages,
            "current_page": number,
            "next_page": number + 1 if number < pages else None,
            "prev_page": number - 1 if number > 1 else None,
        },
    }


def _of_payment(purchase: Purchase, *, live: bool) -> Json:
    return {
        "transaction": transaction(purchase, live=live, in_event=True),
        "checkout": {
            "id": purchase.checkout_id,
            "object": "checkout",
            "request_id": purchase.request_id,
            "custom_fields": [],
            "status": "completed",
            "metadata": purchase.metadata,
            "mode": mode(live=live),
        },
        "order": order(purchase, live=live),
        "customer": customer(purchase, live=live),
    }


def _iso(unix_s: int) -> str:
    return datetime.fromtimestamp(unix_s, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
