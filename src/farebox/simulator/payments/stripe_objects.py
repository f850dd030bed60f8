"""A purchase as Stripe's objects. Every member that Stripe documents is there; what we do not simulate is null."""

from typing import Any

from farebox.simulator.payments.purchase import Card, Dispute, Purchase, Refund

Json = dict[str, Any]

_NO_ADDRESS = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
_SESSION = dict.fromkeys((
    "after_expiration", "allow_promotion_codes", "billing_address_collection", "client_secret", "collected_information",
    "consent", "consent_collection", "currency_conversion", "customer_account", "discounts", "integration_identifier",
    "invoice", "invoice_creation", "locale", "managed_payments", "origin_context", "payment_link",
    "payment_method_collection", "payment_method_configuration_details", "permissions", "recovered_from",
    "saved_payment_method_options", "setup_intent", "shipping_address_collection", "shipping_cost", "submit_type",
    "subscription", "ui_mode", "wallet_options",
))  # fmt: skip
_INTENT = dict.fromkeys((
    "amount_details", "application", "application_fee_amount", "automatic_payment_methods", "canceled_at",
    "cancellation_reason", "customer_account", "description", "excluded_payment_method_types", "managed_payments",
    "next_action", "on_behalf_of", "payment_method_configuration_details", "processing", "receipt_email", "review",
    "shipping", "source", "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group",
))  # fmt: skip
_CHARGE = dict.fromkeys((
    "application", "application_fee", "application_fee_amount", "balance_transaction",
    "calculated_statement_descriptor", "description", "failure_balance_transaction", "on_behalf_of", "receipt_email",
    "receipt_number", "review", "shipping", "source", "source_transfer", "statement_descriptor",
    "statement_descriptor_suffix", "transfer_data", "transfer_group",
))  # fmt: skip
_REFUND = dict.fromkeys((
    "balance_transaction", "customer", "customer_account", "payment_method", "reason", "receipt_number",
    "source_transfer_reversal", "transfer_reversal",
))  # fmt: skip

_DISPUTE_STATUS = {"inquiry": "warning_needs_response", "open": "needs_response", "won": "won", "lost": "lost"}
_EVIDENCE_S = 7 * 86_400
_OPEN_S = 86_400


def session(purchase: Purchase, *, url: str, live: bool) -> Json:
    """A Checkout Session; its page has an address as long as it is open."""
    is_open = purchase.state == "open"
    card = purchase.card
    return {
        **_SESSION,
        "id": purchase.checkout_id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": purchase.price_minor,
        "amount_total": purchase.gross_minor,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": purchase.cancel_url,
        "client_reference_id": purchase.request_id or None,
        "created": purchase.created,
        "currency": purchase.currency.lower(),
        "custom_fields": [],
        "custom_text": dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")),
        "customer": (card.customer_id or None) if card is not None else None,
        "customer_creation": "always" if purchase.keeps_method else "if_required",
        "customer_details": _payer(purchase),
        "customer_email": purchase.email or None,
        "expires_at": purchase.created + _OPEN_S,
        "livemode": live,
        "metadata": purchase.metadata,
        "mode": "payment",
        # The payment comes into being with the first attempt.
        "payment_intent": purchase.payment_id if card is not None else None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "payment_status": "paid" if purchase.state == "paid" else "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": {"open": "open", "expired": "expired"}.get(purchase.state, "complete"),
        "success_url": purchase.success_url,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": purchase.tax_minor},
        "url": url if is_open else None,
    }


def payment_intent(purchase: Purchase, *, live: bool, whole_charge: bool = False) -> Json:
    is_paid, card = purchase.state == "paid", purchase.card
    attempted = purchase.charge_id if card is not None and purchase.state != "pending" else None
    return {
        **_INTENT,
        "id": purchase.payment_id,
        "object": "payment_intent",
        "amount": purchase.gross_minor,
        "amount_capturable": 0,
        "amount_received": purchase.gross_minor if is_paid else 0,
        "capture_method": "automatic_async",
        "client_secret": f"{purchase.payment_id}_secret_simulated",
        "confirmation_method": "automatic",
        "created": purchase.created,
        "currency": purchase.currency.lower(),
        "customer": (card.customer_id or None) if card is not None else None,
        "last_payment_error": _payment_error(purchase),
        "latest_charge": charge(purchase, live=live) if whole_charge and attempted else attempted,
        "livemode": live,
        "metadata": purchase.payment_metadata,
        "payment_method": card.id if card is not None and is_paid else None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "setup_future_usage": "off_session" if purchase.keeps_method else None,
        "status": {"paid": "succeeded", "pending": "processing"}.get(purchase.state, "requires_payment_method"),
    }


def charge(purchase: Purchase, *, live: bool) -> Json:
    is_paid, gross = purchase.state == "paid", purchase.gross_minor
    return {
        **_CHARGE,
        "id": purchase.charge_id,
        "object": "charge",
        "amount": gross,
        "amount_captured": gross if is_paid else 0,
        "amount_refunded": purchase.refunded_minor,
        "billing_details": {
            "address": {**_NO_ADDRESS, "country": purchase.country},
            **dict.fromkeys(("email", "name", "phone", "tax_id")),
        },
        "captured": is_paid,
        "created": purchase.paid_at or purchase.created,
        "currency": purchase.currency.lower(),
        "customer": (purchase.card.customer_id or None) if purchase.card is not None else None,
        "disputed": purchase.dispute is not None,
        "failure_code": purchase.failure or None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": live,
        "metadata": purchase.payment_metadata,
        "outcome": None,
        "paid": is_paid,
        "payment_intent": purchase.payment_id,
        "payment_method": purchase.card.id if purchase.card is not None else None,
        "payment_method_details": _method_details(purchase.card),
        "receipt_url": None,
        "refunded": is_paid and purchase.refunded_minor == gross,
        "refunds": listed([refund_object(purchase, refund) for refund in purchase.refunds], "/v1/refunds"),
        "status": "succeeded" if is_paid else "pending" if purchase.state == "pending" else "failed",
    }


def refund_object(purchase: Purchase, refund: Refund) -> Json:
    return {
        **_REFUND,
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount_minor,
        "charge": purchase.charge_id,
        "created": refund.created,
        "currency": purchase.currency.lower(),
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": refund.metadata,
        "payment_intent": purchase.payment_id,
        "status": refund.state,
    }


def dispute_object(purchase: Purchase, dispute: Dispute, *, live: bool) -> Json:
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount_minor,
        "balance_transactions": [],
        "charge": purchase.charge_id,
        "created": dispute.created,
        "currency": purchase.currency.lower(),
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": {
            "due_by": dispute.created + _EVIDENCE_S,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": dispute.state == "inquiry",
        "livemode": live,
        "metadata": {},
        "payment_intent": purchase.payment_id,
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback", "network_reason_code": "10.4"},
            "type": "card",
        },
        "reason": "fraudulent",
        "status": _DISPUTE_STATUS[dispute.state],
    }


def event(event_id: str, kind: str, value: Json, *, created: int, live: bool) -> Json:
    return {
        "id": event_id,
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": created,
        "data": {"object": value},
        "livemode": live,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def listed(items: list[Json], url: str, *, has_more: bool = False) -> Json:
    return {"object": "list", "data": items, "has_more": has_more, "url": url}


def error(kind: str, code: str | None, message: str, **more: Any) -> Json:
    return {"error": {"type": kind, "code": code, "message": message, **more}}


def _payer(purchase: Purchase) -> Json | None:
    if purchase.state == "open":
        return None
    return {
        **dict.fromkeys(("business_name", "individual_name", "name", "phone", "tax_ids")),
        "address": {**_NO_ADDRESS, "country": purchase.country},
        "email": purchase.email or "payer@example.com",
        "tax_exempt": "none",
    }


def _payment_error(purchase: Purchase) -> Json | None:
    if not purchase.failure or purchase.card is None:
        return None
    return {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": purchase.failure,
        "message": "Your card was declined.",
        "payment_method": {"id": purchase.card.id, "object": "payment_method", **_method_details(purchase.card)},
    }


def _method_details(card: Card | None) -> Json:
    if card is None:
        return {}
    return {
        "card": {
            "brand": "visa",
            "country": card.country,
            "exp_month": 8,
            "exp_year": 2032,
            "fingerprint": card.fingerprint,
            "funding": "credit",
            "last4": "4242",
            "network": "visa",
        },
        "type": "card",
    }
