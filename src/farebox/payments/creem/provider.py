"""Creem as a payment provider: how our orders become its calls, and its events facts."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from farebox.kit.clock import Clock, SystemClock
from farebox.payments.creem.api import CreemApi
from farebox.payments.creem.facts import checkout_facts, read_event, refund_state, transaction_facts
from farebox.payments.creem.objects import Order, id_of
from farebox.payments.event_head import head_of
from farebox.payments.fact import Mode, PaymentFact, ProviderName
from farebox.payments.provider import (
    BadSignature,
    Checkout,
    CheckoutOrder,
    Envelope,
    ProviderAway,
    ProviderRefused,
    RefundAnswer,
    RefundOrder,
    SavedMethod,
)
from farebox.payments.settings import CreemSettings

SIGNATURE = "creem-signature"


class CreemProvider:
    """Creem with our credentials."""

    def __init__(self, settings: CreemSettings, http: httpx.AsyncClient, clock: Clock | None = None) -> None:
        self._settings = settings
        self._api = CreemApi(settings, http)
        self._clock = clock or SystemClock()

    @property
    def name(self) -> ProviderName:
        return "creem"

    @property
    def mode(self) -> Mode:
        host = urlsplit(self._settings.api_base).hostname or ""
        is_test = self._settings.api_key.startswith("creem_test_") or host.startswith("test-")
        return "test" if is_test else "live"

    async def create_checkout(self, order: CheckoutOrder) -> Checkout:
        """A checkout of a product, bound by `request_id`. Raises ProviderRefused or ProviderAway.

        Creem knows no idempotency keys: asked again, it makes another checkout for the same recharge. Were both paid,
        the second payment would be told with the same recharge, and be seen as a duplicate.
        """
        if not order.product:
            raise ProviderRefused("no_product")
        checkout = await self._api.create_checkout(_checkout_body(order))
        if not checkout.checkout_url:
            raise ProviderAway("Creem made a checkout without a page: repeat this later")
        return Checkout(checkout.id, checkout.checkout_url)

    async def charge_saved(self, order: CheckoutOrder, method: SavedMethod) -> tuple[PaymentFact, ...]:
        """Creem keeps no methods for us: always ProviderRefused."""
        raise ProviderRefused("no_saved_methods")

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Envelope:
        """Check Creem's signature. Raises BadSignature, always so without a secret."""
        secret = self._settings.webhook_secret
        if not secret:
            raise BadSignature("no secret is set for events of Creem: set it, or every event is refused")
        expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        given = headers.get(SIGNATURE, "")
        if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
            raise BadSignature("this event is not signed with the secret of this endpoint")
        return head_of(body, "eventType")

    def read(self, body: bytes) -> tuple[PaymentFact, ...]:
        """The facts of a verified event. Raises UnreadableEvent."""
        return read_event(body, self.mode)

    async def look_up(self, checkout_ref: str) -> tuple[PaymentFact, ...]:
        """A checkout with its payment. Raises ProviderRefused or ProviderAway."""
        checkout = await self._api.checkout(checkout_ref)
        order = checkout.order
        if isinstance(order, Order) and order.transaction:
            transaction = await self._api.transaction(id_of(order.transaction))
            order = msgspec.structs.replace(order, transaction=transaction)
            checkout = msgspec.structs.replace(checkout, order=order)
        at = order.created_at if isinstance(order, Order) else None
        return checkout_facts(checkout, at or datetime.fromtimestamp(self._clock.unix_ms() / 1000, UTC))

    async def refund(self, order: RefundOrder) -> RefundAnswer:
        """Give back all that is left; less than that is done by hand in Creem's dashboard.

        Repeating it is safe without an idempotency key: once the remainder is gone there is nothing more to refund, and
        the event of the first call tells of it.
        """
        if not order.is_whole_remainder:
            return RefundAnswer("manual")
        transaction = await self._api.transaction_of(order.payment_ref)
        if transaction.status == "refunded":
            return RefundAnswer("pending")
        answer = await self._api.refund(transaction.id)
        return RefundAnswer(refund_state(answer.status), answer.id)

    async def list_payments(self, since: datetime) -> AsyncIterator[PaymentFact]:
        """Paid payments made since. The list is newest first; it ends with the first page that is older throughout."""
        since_ms = int(since.timestamp() * 1000)
        async for page in self._api.transactions():
            recent = [found for found in page if (found.created_at or 0) >= since_ms]
            for transaction in recent:
                for fact in transaction_facts(transaction, self.mode):
                    yield fact
            if page and not recent:
                return


def _checkout_body(order: CheckoutOrder) -> dict[str, Any]:
    body: dict[str, Any] = {
        "product_id": order.product,
        "request_id": str(order.recharge_id),
        "success_url": order.success_url,
    }
    if order.is_free_amount:
        body["custom_price"] = order.price_minor
    if order.email:
        body["customer"] = {"email": order.email}
    return body
