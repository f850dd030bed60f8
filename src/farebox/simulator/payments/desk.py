"""Both simulated providers behind one address, with the pages to pay on and the calls by which tests steer them.

/payments/stripe/v1/…      Stripe's API; the base URL of its client is …/payments/stripe
/payments/creem/v1/…       Creem's API
/payments/stripe/pay/ID    the page to pay on, likewise for Creem
/payments/control/…        options, act, books, purchases, deliveries, flush, resend
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from farebox.simulator.payments.actions import Act, Refused
from farebox.simulator.payments.creem_desk import CreemDesk
from farebox.simulator.payments.exchange import HTML, Answered, Asked, answered, asked
from farebox.simulator.payments.options import PaymentOptions, merge_payment_options
from farebox.simulator.payments.page import page
from farebox.simulator.payments.purchase import Purchase, books_of
from farebox.simulator.payments.shop import Shop
from farebox.simulator.payments.stripe_desk import StripeDesk
from farebox.simulator.script import End, Script

PREFIX = b"/payments/"


class PaymentDesk:
    """One shop with two providers; it turns a whole request into a script and knows nothing of sockets."""

    def __init__(self, options: PaymentOptions) -> None:
        self._shop = Shop(options)
        self._desks: dict[str, StripeDesk | CreemDesk] = {
            "stripe": StripeDesk(self._shop),
            "creem": CreemDesk(self._shop),
        }

    def serve_at(self, base_url: str) -> None:
        """Pages are found under this address, unless the options name another."""
        self._shop.base_url = base_url

    def script(self, method: bytes, target: bytes, headers: dict[bytes, bytes], body: bytes) -> Script:
        """The answer to one request, or the loss of it."""
        request = asked(method, target, headers, body)
        part, _, rest = request.path.removeprefix(PREFIX.decode()).partition("/")
        request = msgspec.structs.replace(request, path="/" + rest)
        if part == "control":
            return _whole(self._control(request))
        if part not in self._desks:
            return _whole(answered({"error": "no such provider"}, 404))
        if rest.startswith("pay/"):
            return _whole(self._page(request, rest.removeprefix("pay/")))
        options = self._shop.options
        if options.api_status is not None:
            return _whole(answered({"error": {"type": "api_error", "message": "Simulated."}}, options.api_status))
        reply = self._desks[part].reply(request)
        return Script((End.RESET,)) if options.lose_answer else _whole(reply)

    async def close(self) -> None:
        await self._shop.deliveries.close()

    def _page(self, request: Asked, name: str) -> Answered:
        purchase = self._shop.find(name)
        if purchase is None:
            return Answered(404, b"<!doctype html><title>Not found</title><h1>No such checkout</h1>", HTML)
        if request.method != "POST":
            return Answered(200, page(purchase), HTML)
        action = dict(parse_qsl(request.body.decode("utf-8", "replace"))).get("action", "")
        if action == "abandon":
            return _to(purchase.cancel_url) if purchase.cancel_url else Answered(200, page(purchase), HTML)
        try:
            self._shop.act(msgspec.convert({"action": action, "purchase": name}, Act))
        except (Refused, msgspec.ValidationError):
            return Answered(409, page(purchase), HTML)
        return _to(_success_url(purchase)) if purchase.state in ("paid", "pending") else _to(name)

    def _control(self, request: Asked) -> Answered:
        shop = self._shop
        try:
            match request.method, request.path:
                case "GET", "/options":
                    return answered(shop.options)
                case "POST", "/options":
                    changes = msgspec.json.decode(request.body, type=dict[str, Any])
                    shop.use(merge_payment_options(shop.options, changes))
                    return answered(shop.options)
                case "POST", "/act":
                    return answered(_summary(shop.act(msgspec.json.decode(request.body, type=Act))))
                case "GET", "/books":
                    return answered(books_of(shop.purchases))
                case "GET", "/purchases":
                    return answered([_summary(purchase) for purchase in shop.purchases])
                case "GET", "/deliveries":
                    return answered([delivery.report for delivery in shop.deliveries.all])
                case "POST", "/flush":
                    shop.deliveries.flush()
                    return answered({})
                case "POST", "/resend":
                    return self._resend(msgspec.json.decode(request.body, type=dict[str, str]).get("id"))
        except Refused as refused:
            return answered({"error": refused.code, "message": str(refused)}, 409)
        except msgspec.DecodeError as error:
            return answered({"error": "bad_request", "message": str(error)}, 400)
        return answered({"error": "no such call"}, 404)

    def _resend(self, event_id: str | None) -> Answered:
        """Send one event again, or, without an id, all that were never received."""
        deliveries = self._shop.deliveries
        again = [
            delivery
            for delivery in deliveries.all
            if (delivery.id == event_id if event_id else not delivery.report["is_received"])
        ]
        for delivery in again:
            deliveries.send_now(delivery)
        return answered({"sent": len(again)})


def _to(location: str) -> Answered:
    # A page after a form: going back does not pay again.
    return Answered(303, location=location)


def _success_url(purchase: Purchase) -> str:
    """Where the payer goes on, with what the provider adds to it."""
    url = purchase.success_url
    if purchase.provider == "stripe":
        return url.replace("{CHECKOUT_SESSION_ID}", purchase.checkout_id)
    told = {
        "checkout_id": purchase.checkout_id,
        "order_id": purchase.payment_id,
        "product_id": purchase.product_id,
        "request_id": purchase.request_id,
    }
    return url + ("&" if "?" in url else "?") + urlencode(told)


def _summary(purchase: Purchase) -> dict[str, Any]:
    return {
        **msgspec.to_builtins(purchase),
        "gross_minor": purchase.gross_minor,
        "refunded_minor": purchase.refunded_minor,
        "withdrawn_minor": purchase.withdrawn_minor,
    }


def _whole(answer: Answered) -> Script:
    return Script((answer.head_and_body(),))
