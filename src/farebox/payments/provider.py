"""What a payment provider has to be able to do; stripe/ and creem/ each do it in their own way.

Everything here that awaits goes over the network: it is never called inside of a database transaction, and each call
can be repeated with the same input, because it carries an id of ours that the provider knows repetitions by.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from farebox.domain.errors import FareboxError
from farebox.payments.fact import Mode, PaymentFact, ProviderName


class ProviderRefused(FareboxError):
    """The provider refuses for good: nothing was done there. `code` is its own word, for operators."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the payment provider refused this ({code})")
        self.code = code


class ProviderDeaf(ProviderRefused):
    """It did not look at the request, as our key or this repetition is wrong: of an earlier copy this tells nothing."""


class ProviderAway(FareboxError):
    """The provider did not answer, or not sensibly: whether it did anything is unknown. Repeat with the same input."""


class BadSignature(FareboxError):
    """An event that the provider has not signed, or that no secret is set for. Nothing of it may be stored."""


class UnreadableEvent(FareboxError):
    """A signed event whose form we do not understand; it is kept and wants an operator."""


class Envelope(msgspec.Struct, frozen=True):
    """Which event this is; its signature was good."""

    event_id: str
    kind: str  # the provider's word, such as checkout.session.completed


class CheckoutOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a customer wants to pay. The recharge's id is bound to it, and is the idempotency key at the provider."""

    recharge_id: UUID
    account_id: UUID
    price_minor: int
    currency: str
    label: str  # what the payer sees, such as '100 credits'
    product: str = ""  # the provider's product, where it needs one
    is_free_amount: bool = False  # the product's own price does not count: price_minor does
    email: str = ""
    language: str = "en"
    success_url: str
    cancel_url: str
    keep_method: bool = False  # the customer agreed that the method is kept for later payments


class Checkout(msgspec.Struct, frozen=True):
    """Where the customer pays, and what the provider calls it."""

    ref: str
    url: str
    expires_at: datetime | None = None


class SavedMethod(msgspec.Struct, frozen=True):
    """A kept method, as facts told it."""

    customer_ref: str
    method_ref: str


class RefundOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Give back so much of a payment; `refund_id` is ours, and the idempotency key at the provider."""

    refund_id: UUID
    payment_ref: str
    checkout_ref: str
    gross_minor: int
    currency: str
    is_whole_remainder: bool


class RefundAnswer(msgspec.Struct, frozen=True):
    """What became of it. `manual`: the provider has no way to do this; somebody does it there, and an event tells."""

    state: Literal["pending", "succeeded", "failed", "manual"]
    ref: str = ""


class PaymentProvider(Protocol):
    """One payment provider with our credentials. `mode` is that of the credentials."""

    @property
    def name(self) -> ProviderName: ...

    @property
    def mode(self) -> Mode: ...

    async def create_checkout(self, order: CheckoutOrder) -> Checkout:
        """A page to pay on; the same recharge again gives the same. Raises ProviderRefused or ProviderAway."""

    async def charge_saved(self, order: CheckoutOrder, method: SavedMethod) -> tuple[PaymentFact, ...]:
        """Charge a kept method without the customer. Raises ProviderRefused (a provider without this always does)."""

    def verify(self, body: bytes, headers: Mapping[str, str]) -> Envelope:
        """Check the signature; `headers` have lower-case names. Raises BadSignature, always so without a secret."""

    def read(self, body: bytes) -> tuple[PaymentFact, ...]:
        """The facts of a verified event; none of a kind that does not concern us. Raises UnreadableEvent."""

    async def look_up(self, checkout_ref: str) -> tuple[PaymentFact, ...]:
        """What has become of a checkout. Raises ProviderRefused or ProviderAway."""

    async def refund(self, order: RefundOrder) -> RefundAnswer:
        """Give money back. Raises ProviderRefused or ProviderAway."""

    def list_payments(self, since: datetime) -> AsyncIterator[PaymentFact]:
        """Paid payments made since, with what was refunded and disputed of each, for reconciliation."""
