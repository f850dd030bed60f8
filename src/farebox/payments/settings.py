"""Credentials of the payment providers. Without a webhook secret every event of a provider is refused."""

import msgspec

STRIPE_API = "https://api.stripe.com"
CREEM_API = "https://api.creem.io"


class StripeSettings(msgspec.Struct, frozen=True):
    """Stripe's keys; it prints without them."""

    secret_key: str
    webhook_secret: str = ""
    api_base: str = STRIPE_API

    def __repr__(self) -> str:
        return f"StripeSettings({self.api_base!r})"


class CreemSettings(msgspec.Struct, frozen=True):
    """Creem's keys; it prints without them."""

    api_key: str
    webhook_secret: str = ""
    api_base: str = CREEM_API

    def __repr__(self) -> str:
        return f"CreemSettings({self.api_base!r})"
