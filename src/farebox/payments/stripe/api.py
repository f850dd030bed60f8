"""Calls to Stripe's API through its official library, over our own HTTP client.

This module is imported late, by who needs it: the library takes a noticeable part of a second to load.
"""

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

import httpx
import msgspec
import stripe

from farebox.payments.provider import ProviderAway, ProviderDeaf, ProviderRefused
from farebox.payments.settings import StripeSettings
from farebox.payments.stripe.objects import Charge, Dispute, PaymentIntent, Refund, Session

_T = TypeVar("_T")
_Each = TypeVar("_Each", Charge, Refund, Dispute)
# One repetition, with the same idempotency key, for a kept connection that Stripe has just closed.
_REPEATS = 1
_PAGE = 100


class Declined(ProviderRefused):
    """The card was refused; `intent` is the payment that failed, where Stripe made one."""

    def __init__(self, code: str, intent: PaymentIntent | None) -> None:
        super().__init__(code)
        self.intent = intent


def load_objects() -> None:
    """Load the objects that answers become; off the event loop, because the library takes its time over each."""
    for name in ("checkout._session", "_payment_intent", "_charge", "_refund", "_dispute", "_list_object"):
        importlib.import_module(f"stripe.{name}")


def check_signature(body: bytes, header: str, secret: str, tolerance_s: int) -> bool:
    """Whether `header` signs `body` with `secret`, not longer ago than the tolerance."""
    try:
        return bool(stripe.WebhookSignature.verify_header(body, header, secret, tolerance_s))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False


class StripeApi:
    """Stripe's objects by our words. Every call raises ProviderRefused or ProviderAway."""

    def __init__(self, settings: StripeSettings, http: httpx.AsyncClient) -> None:
        self._client = stripe.StripeClient(
            settings.secret_key,
            base_addresses={"api": settings.api_base},
            max_network_retries=_REPEATS,
            http_client=_Transport(http),
        )

    async def create_session(self, params: Any, key: str) -> Session:
        sessions = self._client.v1.checkout.sessions
        return await _answer(sessions.create_async(params, {"idempotency_key": key}), Session)

    async def session(self, session_id: str) -> Session:
        return await _answer(self._client.v1.checkout.sessions.retrieve_async(session_id), Session)

    async def create_intent(self, params: Any, key: str) -> PaymentIntent:
        """With its latest charge whole. Raises Declined, too, which is a refusal that may carry the payment."""
        intents = self._client.v1.payment_intents
        return await _answer(intents.create_async(params, {"idempotency_key": key}), PaymentIntent)

    async def intent(self, intent_id: str) -> PaymentIntent:
        """With its latest charge whole."""
        intents = self._client.v1.payment_intents
        return await _answer(intents.retrieve_async(intent_id, {"expand": ["latest_charge"]}), PaymentIntent)

    async def create_refund(self, params: Any, key: str) -> Refund:
        return await _answer(self._client.v1.refunds.create_async(params, {"idempotency_key": key}), Refund)

    def charges(self, since_unix_s: int) -> AsyncIterator[Charge]:
        """All charges made since, the newest first; likewise below."""
        return _listed(self._client.v1.charges.list_async, _Page[Charge], since_unix_s)

    def refunds(self, since_unix_s: int) -> AsyncIterator[Refund]:
        return _listed(self._client.v1.refunds.list_async, _Page[Refund], since_unix_s)

    def disputes(self, since_unix_s: int) -> AsyncIterator[Dispute]:
        return _listed(self._client.v1.disputes.list_async, _Page[Dispute], since_unix_s)


class _Page(msgspec.Struct, Generic[_Each], frozen=True):
    data: tuple[_Each, ...]
    has_more: bool


async def _listed(
    list_page: Callable[[Any], Awaitable[stripe.StripeObject]], form: type[_Page[_Each]], since_unix_s: int
) -> AsyncIterator[_Each]:
    after: dict[str, str] = {}
    while True:
        params: Any = {"created": {"gte": since_unix_s}, "limit": _PAGE, **after}
        page = await _answer(list_page(params), form)
        for each in page.data:
            yield each
        if not page.has_more or not page.data:
            return
        after = {"starting_after": page.data[-1].id}


class _Transport(stripe.HTTPClient):
    """The library's seam to the network, filled with the client that the process uses for everything outside."""

    name = "httpx"

    def __init__(self, http: httpx.AsyncClient) -> None:
        super().__init__()
        self._http = http

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        try:
            response = await self._http.request(method.upper(), url, headers=dict(headers), content=post_data)
        except httpx.HTTPError as error:
            away = stripe.APIConnectionError(type(error).__name__, should_retry=True)  # type: ignore[no-untyped-call]
            raise away from error
        return response.content, response.status_code, response.headers

    async def sleep_async(self, secs: float) -> None:
        await asyncio.sleep(secs)


async def _answer(call: Awaitable[stripe.StripeObject], form: type[_T]) -> _T:
    try:
        found = await call
    except stripe.CardError as error:
        raise _declined(error) from None
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise ProviderAway(f"Stripe cannot be reached ({type(error).__name__}): repeat this later") from None
    except stripe.StripeError as error:
        raise _refusal(error) from None
    return _formed(found.to_dict(), form)


def _formed(value: Any, form: type[_T]) -> _T:
    try:
        return msgspec.convert(value, form)
    except msgspec.ValidationError as error:
        raise ProviderAway(f"Stripe answered in another form than expected: {error}") from None


def _refusal(error: stripe.StripeError) -> ProviderRefused | ProviderAway:
    # 409: the same request is under way just now. After a 5xx nobody knows whether something was done.
    if error.http_status is None or error.http_status == 409 or error.http_status >= 500:
        return ProviderAway(f"Stripe could not answer (status {error.http_status}): repeat this later")
    if isinstance(error, (stripe.AuthenticationError, stripe.PermissionError, stripe.IdempotencyError)):
        return ProviderDeaf(error.code or type(error).__name__)
    return ProviderRefused(error.code or type(error).__name__)


def _declined(error: stripe.CardError) -> Declined:
    body: Any = error.json_body or {}
    told = body.get("error", {})
    intent = told.get("payment_intent")
    code = str(told.get("decline_code") or error.code or "card_error")
    return Declined(code, None if intent is None else _formed(intent, PaymentIntent))
