"""Stripe as a payment provider: how our orders become its calls, and its events facts.

The endpoint at Stripe must send: checkout.session.*, payment_intent.succeeded, payment_intent.payment_failed,
charge.succeeded, charge.refunded, refund.*, charge.dispute.*.
"""

import asyncio
import importlib
import sys
import threading
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import msgspec

from farebox.payments.event_head import head_of
from farebox.payments.fact import Mode, PaymentFact, ProviderName
from farebox.payments.provider import (
    BadSignature,
    Checkout,
    CheckoutOrder,
    Envelope,
    ProviderRefused,
    RefundAnswer,
    RefundOrder,
    SavedMethod,
)
from farebox.payments.settings import StripeSettings
from farebox.payments.stripe.facts import (
    RECHARGE,
    REFUND,
    charge_facts,
    dispute_facts,
    intent_facts,
    read_event,
    refund_facts,
    refund_state,
    session_facts,
)
from farebox.payments.stripe.objects import id_of

if TYPE_CHECKING:
    from farebox.payments.stripe.api import StripeApi

SIGNATURE = "stripe-signature"
TOLERANCE_S = 300
_API = "farebox.payments.stripe.api"
# Our languages by Stripe's names; 'auto' goes by the browser.
_LOCALES = {"en": "en", "ja": "ja", "zh-CN": "zh", "zh-TW": "zh-TW"}


class StripeProvider:
    """Stripe with our credentials. Making one loads Stripe's library on a thread, so that its first call need not."""

    def __init__(self, settings: StripeSettings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._made: StripeApi | None = None
        if _API not in sys.modules:
            threading.Thread(target=importlib.import_module, args=(_API,), daemon=True).start()

    @property
    def name(self) -> ProviderName:
        return "stripe"

    @property
    def mode(self) -> Mode:
        return "live" if self._settings.secret_key.startswith(("sk_live_", "rk_live_")) else "test"

    async def create_checkout(self, order: CheckoutOrder) -> Checkout:
        """A Checkout Session for one line at our price. Raises ProviderRefused or ProviderAway."""
        api = await self._api()
        session = await api.create_session(_session_params(order), f"checkout:{order.recharge_id}")
        if not session.url:
            # The repetition of a call from long ago: that session is over.
            raise ProviderRefused("checkout_over")
        expires_at = None if session.expires_at is None else datetime.fromtimestamp(session.expires_at, UTC)
        return Checkout(session.id, session.url, expires_at)

    async def charge_saved(self, order: CheckoutOrder, method: SavedMethod) -> tuple[PaymentFact, ...]:
        """Charge a kept card; a declined one is a fact. Raises ProviderRefused or ProviderAway."""
        from farebox.payments.stripe.api import Declined

        api = await self._api()
        try:
            return intent_facts(await api.create_intent(_charge_params(order, method), f"charge:{order.recharge_id}"))
        except Declined as declined:
            if declined.intent is None:
                raise ProviderRefused(declined.code) from None
            failed = intent_facts(declined.intent)
            return tuple(msgspec.structs.replace(fact, state="failed", failure=declined.code) for fact in failed)

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Envelope:
        """Check Stripe's signature, which is good for five minutes. Raises BadSignature, always so without a secret."""
        from farebox.payments.stripe.api import check_signature

        secret, header = self._settings.webhook_secret, headers.get(SIGNATURE, "")
        if not secret:
            raise BadSignature("no secret is set for events of Stripe: set it, or every event is refused")
        # The library compares text, and fails on what a signature never has.
        if not header.isascii() or not check_signature(body, header, secret, TOLERANCE_S):
            raise BadSignature("this event is not signed with the secret of this endpoint, or not lately")
        return head_of(body, "type")

    def read(self, body: bytes) -> tuple[PaymentFact, ...]:
        """The facts of a verified event. Raises UnreadableEvent."""
        return read_event(body)

    async def look_up(self, checkout_ref: str) -> tuple[PaymentFact, ...]:
        """A Checkout Session with its payment and the latest charge. Raises ProviderRefused or ProviderAway."""
        api = await self._api()
        session = await api.session(checkout_ref)
        facts = session_facts(session)
        intent_id = id_of(session.payment_intent)
        if not facts or not intent_id:
            return facts
        # The payment belongs to this checkout, whatever its metadata say.
        bound = facts[0].recharge_id
        return (
            *facts,
            *(
                msgspec.structs.replace(fact, checkout_ref=session.id, recharge_id=bound)
                for fact in intent_facts(await api.intent(intent_id))
            ),
        )

    async def refund(self, order: RefundOrder) -> RefundAnswer:
        """Give back all or a part. Raises ProviderRefused or ProviderAway."""
        api = await self._api()
        refund = await api.create_refund(_refund_params(order), f"refund:{order.refund_id}")
        return RefundAnswer(refund_state(refund.status), refund.id)

    async def list_payments(self, since: datetime) -> AsyncIterator[PaymentFact]:
        """Paid charges made since, the newest first, and the refunds and disputes made since of whatever charge.

        The sum of refunds is in the charge, too, but not as of when: only what each refund says can be merged.
        """
        api = await self._api()
        since_unix_s = int(since.timestamp())
        async for charge in api.charges(since_unix_s):
            for fact in charge_facts(charge):
                if fact.state == "paid":
                    yield fact
        async for refund in api.refunds(since_unix_s):
            for fact in refund_facts(refund):
                yield msgspec.structs.replace(fact, mode=self.mode)
        async for dispute in api.disputes(since_unix_s):
            for fact in dispute_facts(dispute):
                yield fact

    async def _api(self) -> "StripeApi":
        if self._made is None:
            self._made = await asyncio.to_thread(self._make)
        return self._made

    def _make(self) -> "StripeApi":
        # The library loads the larger part of itself when it makes the first client, and the first of each object.
        api = importlib.import_module(_API)
        api.load_objects()
        made: StripeApi = api.StripeApi(self._settings, self._http)
        return made


def _session_params(order: CheckoutOrder) -> dict[str, Any]:
    bound = {RECHARGE: str(order.recharge_id)}
    payment: dict[str, Any] = {"metadata": bound, "description": order.label}
    params: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": str(order.recharge_id),
        "metadata": bound,
        "line_items": [{"quantity": 1, "price_data": _price_data(order)}],
        "payment_intent_data": payment,
        # Paid is what we asked for, in the currency that we asked in.
        "adaptive_pricing": {"enabled": False},
        "locale": _LOCALES.get(order.language, "auto"),
        "success_url": order.success_url,
        "cancel_url": order.cancel_url,
    }
    if order.email:
        params["customer_email"] = order.email
    if order.keep_method:
        payment["setup_future_usage"] = "off_session"
        params["customer_creation"] = "always"
    return params


def _price_data(order: CheckoutOrder) -> dict[str, Any]:
    return {
        "currency": order.currency.lower(),
        "unit_amount": order.price_minor,
        "product_data": {"name": order.label},
    }


def _charge_params(order: CheckoutOrder, method: SavedMethod) -> dict[str, Any]:
    return {
        "amount": order.price_minor,
        "currency": order.currency.lower(),
        "customer": method.customer_ref,
        "payment_method": method.method_ref,
        "off_session": True,
        "confirm": True,
        "description": order.label,
        "metadata": {RECHARGE: str(order.recharge_id)},
        "expand": ["latest_charge"],
    }


def _refund_params(order: RefundOrder) -> dict[str, Any]:
    ref = order.payment_ref
    if not ref.startswith(("pi_", "ch_", "py_")):
        raise ProviderRefused("no_payment_to_refund")
    place = "payment_intent" if ref.startswith("pi_") else "charge"
    return {place: ref, "amount": order.gross_minor, "metadata": {REFUND: str(order.refund_id)}}
