"""The payment providers of a deployment, by name: those whose credentials are set."""

import httpx

from farebox.payments.creem.provider import CreemProvider
from farebox.payments.events import Providers
from farebox.payments.provider import PaymentProvider
from farebox.payments.settings import CreemSettings, StripeSettings
from farebox.payments.stripe.provider import StripeProvider


def providers_of(stripe: StripeSettings | None, creem: CreemSettings | None, http: httpx.AsyncClient) -> Providers:
    """They share one HTTP client, which the caller closes."""
    found: dict[str, PaymentProvider] = {}
    if stripe is not None:
        found["stripe"] = StripeProvider(stripe, http)
    if creem is not None:
        found["creem"] = CreemProvider(creem, http)
    return found
