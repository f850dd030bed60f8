"""The simulated Stripe: the calls of its API that sell, refund and list, and what it tells when something happens."""

import hashlib
from typing import Any

from farebox.simulator.payments import stripe_objects as objects
from farebox.simulator.payments.actions import Act, Happening, Refused
from farebox.simulator.payments.asked_for import StripeCharge, StripeList, StripeRefund, StripeSession, formed
from farebox.simulator.payments.exchange import Answered, Asked, answered, form_of
from farebox.simulator.payments.purchase import Card, Purchase
from farebox.simulator.payments.shop import Shop

Json = dict[str, Any]

# Which events tell of what happened, in the order in which Stripe makes them.
_TOLD: dict[Happening, tuple[str, ...]] = {
    "paid": ("charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"),
    "pending": ("payment_intent.processing", "checkout.session.completed"),
    "settled": ("charge.succeeded", "payment_intent.succeeded", "checkout.session.async_payment_succeeded"),
    "bounced": ("charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed"),
    "declined": ("charge.failed", "payment_intent.payment_failed"),
    "expired": ("checkout.session.expired",),
    "refunded": ("refund.created", "charge.refunded"),
    "refund_changed": ("refund.updated",),
    "inquired": ("charge.dispute.created",),
    "disputed": ("charge.dispute.created", "charge.dispute.funds_withdrawn"),
    "won": ("charge.dispute.funds_reinstated", "charge.dispute.closed"),
    "lost": ("charge.dispute.closed",),
}


class StripeDesk:
    """Answers Stripe's API. A key of idempotency gets its first answer again, and 400 with another request."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._cards: dict[str, Card] = {}
        self._repeated: dict[str, tuple[str, Answered]] = {}
        shop.tellers["stripe"] = self.tell

    def reply(self, asked: Asked) -> Answered:
        if asked.header(b"authorization") != f"Bearer {self._shop.options.stripe_key}":
            return answered(objects.error("invalid_request_error", None, "Invalid API Key provided."), 401)
        key = asked.header(b"idempotency-key")
        if asked.method != "POST" or not key:
            return self._answer(asked)
        request = hashlib.sha256(asked.path.encode() + b"\n" + asked.body).hexdigest()
        first = self._repeated.get(key)
        if first is None:
            first = self._repeated[key] = (request, self._answer(asked))
        if first[0] != request:
            message = "Keys for idempotent requests can only be used with the same parameters."
            return answered(objects.error("idempotency_error", None, message), 400)
        return first[1]

    def tell(self, purchase: Purchase, happening: Happening) -> None:
        """Send the events of what happened; a payment without a checkout has none of its session."""
        card = purchase.card
        if card is not None and card.customer_id and purchase.state == "paid":
            self._cards[card.id] = card
        for kind in _TOLD[happening]:
            if kind.startswith("checkout.session.") and not purchase.checkout_id:
                continue
            value = self._object(purchase, kind)
            event_id = self._shop.actions.new_id("evt")
            created = self._shop.actions.now()
            body = objects.event(event_id, kind, value, created=created, live=self._shop.options.live)
            self._shop.send("stripe", event_id, kind, body)

    def _object(self, purchase: Purchase, kind: str) -> Json:
        live = self._shop.options.live
        if kind.startswith("checkout.session."):
            return self._session(purchase)
        if kind.startswith("payment_intent."):
            return objects.payment_intent(purchase, live=live)
        if kind.startswith("charge.dispute."):
            assert purchase.dispute is not None
            return objects.dispute_object(purchase, purchase.dispute, live=live)
        if kind.startswith("refund."):
            return objects.refund_object(purchase, purchase.refunds[-1])
        return objects.charge(purchase, live=live)

    def _answer(self, asked: Asked) -> Answered:
        form, parts = form_of(asked.body), asked.path.strip("/").split("/")
        try:
            match asked.method, parts:
                case "POST", ["v1", "checkout", "sessions"]:
                    return answered(self._new_session(formed(form, StripeSession)))
                case "GET", ["v1", "checkout", "sessions", name]:
                    return answered(self._session(self._found(name)))
                case "POST", ["v1", "checkout", "sessions", name, "expire"]:
                    return answered(self._session(self._shop.act(Act(action="expire", purchase=name))))
                case "POST", ["v1", "payment_intents"]:
                    return self._charge_saved(formed(form, StripeCharge))
                case "GET", ["v1", "payment_intents", name]:
                    whole = "latest_charge" in asked.query.values()
                    live = self._shop.options.live
                    return answered(objects.payment_intent(self._found(name), live=live, whole_charge=whole))
                case "GET", ["v1", "charges"]:
                    return answered(self._charges(formed(asked.query, StripeList)))
                case "GET", ["v1", "disputes"]:
                    return answered(self._disputes(formed(asked.query, StripeList)))
                case "GET", ["v1", "refunds"]:
                    return answered(self._refunds(formed(asked.query, StripeList)))
                case "POST", ["v1", "refunds"]:
                    return answered(self._refund(formed(form, StripeRefund)))
        except Refused as refused:
            missing = refused.code == "resource_missing"
            body = objects.error("invalid_request_error", refused.code, str(refused))
            return answered(body, 404 if missing else 400)
        return answered(objects.error("invalid_request_error", None, "Unrecognized request URL."), 404)

    def _found(self, name: str) -> Purchase:
        purchase = self._shop.find(name)
        if purchase is None or purchase.provider != "stripe":
            raise Refused("resource_missing", "No such object.")
        return purchase

    def _session(self, purchase: Purchase) -> Json:
        return objects.session(purchase, url=self._shop.page_of(purchase), live=self._shop.options.live)

    def _new_session(self, wanted: StripeSession) -> Json:
        line = wanted.line_items.get("0")
        if wanted.mode != "payment" or line is None:
            raise Refused("parameter_missing", "Missing required param: line_items, of mode payment.")
        price, payment = line.price_data, wanted.payment_intent_data
        purchase = self._new_purchase(
            checkout_id=self._shop.actions.new_id("cs_live" if self._shop.options.live else "cs_test"),
            price_minor=price.unit_amount * line.quantity,
            currency=price.currency.upper(),
            label=str(price.product_data.get("name", "")),
            request_id=wanted.client_reference_id,
            metadata=wanted.metadata,
            payment_metadata=payment.metadata,
            success_url=wanted.success_url,
            cancel_url=wanted.cancel_url,
            email=wanted.customer_email,
            keeps_method=payment.setup_future_usage == "off_session",
        )
        return self._session(purchase)

    def _charge_saved(self, wanted: StripeCharge) -> Answered:
        card = self._cards.get(wanted.payment_method)
        if card is None or card.customer_id != wanted.customer:
            raise Refused("resource_missing", "No such payment method of this customer.")
        purchase = self._new_purchase(
            checkout_id="",
            price_minor=wanted.amount,
            currency=wanted.currency.upper(),
            payment_metadata=wanted.metadata,
        )
        purchase.card, purchase.failure = card, card.declines
        live = self._shop.options.live
        if card.declines:
            self._shop.tell(purchase, "declined")
            intent = objects.payment_intent(purchase, live=live)
            more = {"decline_code": card.declines, "payment_intent": intent}
            return answered(objects.error("card_error", "card_declined", "Your card was declined.", **more), 402)
        purchase.state, purchase.paid_at = "paid", self._shop.actions.now()
        self._shop.tell(purchase, "paid")
        return answered(objects.payment_intent(purchase, live=live, whole_charge=True))

    def _new_purchase(self, **told: Any) -> Purchase:
        actions = self._shop.actions
        purchase = Purchase(
            provider="stripe",
            payment_id=actions.new_id("pi"),
            charge_id=actions.new_id("ch"),
            created=actions.now(),
            **told,
        )
        self._shop.add(purchase)
        return purchase

    def _refund(self, wanted: StripeRefund) -> Json:
        name = wanted.payment_intent or wanted.charge
        purchase = self._found(name)
        self._shop.act(Act(action="refund", purchase=name, amount=wanted.amount, metadata=wanted.metadata))
        return objects.refund_object(purchase, purchase.refunds[-1])

    def _charges(self, wanted: StripeList) -> Json:
        found = [
            purchase
            for purchase in reversed(self._shop.purchases)
            if purchase.provider == "stripe"
            and purchase.card is not None
            and purchase.state in ("paid", "failed")
            and (purchase.paid_at or purchase.created) >= wanted.since
        ]
        live = self._shop.options.live
        return _page([objects.charge(purchase, live=live) for purchase in found], "/v1/charges", wanted)

    def _refunds(self, wanted: StripeList) -> Json:
        made = [
            objects.refund_object(purchase, refund)
            for purchase in self._shop.purchases
            if purchase.provider == "stripe"
            for refund in purchase.refunds
            if refund.created >= wanted.since
        ]
        return _page(made[::-1], "/v1/refunds", wanted)

    def _disputes(self, wanted: StripeList) -> Json:
        live = self._shop.options.live
        made = [
            objects.dispute_object(purchase, purchase.dispute, live=live)
            for purchase in self._shop.purchases
            if purchase.provider == "stripe" and purchase.dispute and purchase.dispute.created >= wanted.since
        ]
        return _page(made[::-1], "/v1/disputes", wanted)


def _page(found: list[Json], path: str, wanted: StripeList) -> Json:
    """One page of a list, of those of one charge if that is asked for."""
    found = [each for each in found if wanted.charge in ("", each.get("charge", ""))]
    if wanted.starting_after:
        ids = [each["id"] for each in found]
        if wanted.starting_after not in ids:
            raise Refused("resource_missing", "No such object to start after.")
        found = found[ids.index(wanted.starting_after) + 1 :]
    return objects.listed(found[: wanted.limit], path, has_more=len(found) > wanted.limit)
