"""The simulated Creem: the calls of its API that sell, refund and list, and what it tells when something happens."""

from typing import Any

from farebox.simulator.payments import creem_objects as objects
from farebox.simulator.payments.actions import Act, Happening, Refused
from farebox.simulator.payments.asked_for import CreemCheckout, CreemProduct, CreemRefund, CreemSearch, decoded, formed
from farebox.simulator.payments.exchange import Answered, Asked, answered
from farebox.simulator.payments.options import Product
from farebox.simulator.payments.purchase import Purchase
from farebox.simulator.payments.shop import Shop

Json = dict[str, Any]

# Creem tells of nothing else: not of a card that was refused, nor of how a dispute ended.
_TOLD: dict[Happening, str] = {
    "paid": "checkout.completed",
    "settled": "checkout.completed",
    "refunded": "refund.created",
    "disputed": "dispute.created",
}


class CreemDesk:
    """Answers Creem's API."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        shop.tellers["creem"] = self.tell

    def reply(self, asked: Asked) -> Answered:
        if asked.header(b"x-api-key") != self._shop.options.creem_key:
            return _refused(401, "Unauthorized", "The API key is not known.")
        try:
            return self._answer(asked)
        except Refused as refused:
            missing = refused.code == "resource_missing"
            return _refused(404 if missing else 400, "Not Found" if missing else "Bad Request", str(refused))

    def tell(self, purchase: Purchase, happening: Happening) -> None:
        kind = _TOLD.get(happening)
        if kind is None:
            return
        event_id = self._shop.actions.new_id("evt")
        value = self._object(purchase, kind)
        body = objects.event(event_id, kind, value, created_ms=self._shop.clock.unix_ms())
        self._shop.send("creem", event_id, kind, body)

    def _object(self, purchase: Purchase, kind: str) -> Json:
        live = self._shop.options.live
        if kind == "refund.created":
            return objects.refund_object(purchase, purchase.refunds[-1], live=live)
        if kind == "dispute.created":
            assert purchase.dispute is not None
            return objects.dispute_object(purchase, purchase.dispute, live=live)
        return objects.completed_checkout(purchase, self._shop.products[purchase.product_id], live=live)

    def _answer(self, asked: Asked) -> Answered:
        live, query = self._shop.options.live, asked.query
        match asked.method, asked.path:
            case "POST", "/v1/products":
                return answered(objects.product(self._new_product(decoded(asked.body, CreemProduct)), live=live))
            case "GET", "/v1/products":
                return answered(objects.product(self._product(query.get("product_id", "")), live=live))
            case "POST", "/v1/checkouts":
                return answered(self._checkout(self._new_checkout(decoded(asked.body, CreemCheckout))))
            case "GET", "/v1/checkouts":
                return answered(self._checkout(self._found(query.get("checkout_id", ""))))
            case "GET", "/v1/transactions":
                return answered(objects.transaction(self._found(query.get("transaction_id", "")), live=live))
            case "GET", "/v1/transactions/search":
                return answered(self._transactions(formed(query, CreemSearch)))
            case "POST", "/v1/refunds":
                return answered(self._refund(decoded(asked.body, CreemRefund)))
        return _refused(404, "Not Found", "There is nothing here.")

    def _product(self, name: str) -> Product:
        found = self._shop.products.get(name)
        if found is None:
            raise Refused("resource_missing", "There is no such product.")
        return found

    def _found(self, name: str) -> Purchase:
        purchase = self._shop.find(name)
        if purchase is None or purchase.provider != "creem":
            raise Refused("resource_missing", "There is no such object.")
        return purchase

    def _checkout(self, purchase: Purchase) -> Json:
        found = self._product(purchase.product_id)
        return objects.checkout(purchase, found, url=self._shop.page_of(purchase), live=self._shop.options.live)

    def _new_product(self, wanted: CreemProduct) -> Product:
        product = Product(
            id=self._shop.actions.new_id("prod"),
            name=wanted.name,
            price=wanted.price,
            currency=wanted.currency,
            tax_mode=wanted.tax_mode,
        )
        self._shop.products[product.id] = product
        return product

    def _new_checkout(self, wanted: CreemCheckout) -> Purchase:
        product = self._product(wanted.product_id)
        price = product.price if wanted.custom_price is None else wanted.custom_price
        on_top = product.tax_mode == "exclusive"
        # A tax inside is the part of the price that, added to the rest, makes the price.
        base = 100 if on_top else 100 + product.tax_percent
        actions = self._shop.actions
        purchase = Purchase(
            provider="creem",
            checkout_id=actions.new_id("ch"),
            payment_id=actions.new_id("ord"),
            charge_id=actions.new_id("tran"),
            created=actions.now(),
            price_minor=price,
            tax_minor=price * product.tax_percent // base,
            is_tax_on_top=on_top,
            currency=product.currency,
            label=product.name,
            product_id=product.id,
            request_id=wanted.request_id,
            metadata=wanted.metadata,
            success_url=wanted.success_url,
            email=wanted.customer.email,
        )
        self._shop.add(purchase)
        return purchase

    def _transactions(self, wanted: CreemSearch) -> Json:
        found = [
            objects.transaction(purchase, live=self._shop.options.live)
            for purchase in reversed(self._shop.purchases)
            if purchase.provider == "creem"
            and purchase.state == "paid"
            and wanted.order_id in ("", purchase.payment_id)
            and wanted.product_id in ("", purchase.product_id)
        ]
        return objects.page_of(found, wanted.page_number, wanted.page_size)

    def _refund(self, wanted: CreemRefund) -> Json:
        purchase = self._found(wanted.transaction_id)
        self._shop.act(Act(action="refund", purchase=wanted.transaction_id))
        return objects.refund_object(purchase, purchase.refunds[-1], live=self._shop.options.live)


def _refused(status: int, error: str, message: str) -> Answered:
    return answered({"trace_id": "simulated", "status": status, "error": error, "message": [message]}, status)
