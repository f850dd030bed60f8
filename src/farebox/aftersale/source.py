"""What payments has to do for requests after the sale; the surface that composes the two hands it in.

Everything here runs inside of the caller's transaction and must not reach a provider: of a refund that is asked for its
provider is told afterwards.
"""

from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from farebox.audit.record import Actor
from farebox.storage.database import Connection


class PaymentFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as a reviewer sees it. Credit in nano-units, money in the minor unit of `currency`."""

    payment_id: UUID
    account_id: UUID | None
    provider: str
    reference: str  # what its lots are known by in the ledger
    state: str
    problem: str  # why it was not credited; '' when it was, or waits
    paid_at: datetime | None
    gross_minor: int
    currency: str
    credited_nano: int
    taken_back_nano: int
    refundable_nano: int  # unspent and not needed by open holds
    refundable_minor: int
    has_open_dispute: bool

    @property
    def used_nano(self) -> int:
        """Credit of this payment that was spent, or that open jobs hold."""
        return self.credited_nano - self.taken_back_nano - self.refundable_nano


class RefundMade(msgspec.Struct, frozen=True):
    """A refund that has been reserved: the credit it took, and the money that goes back."""

    refund_id: UUID
    credit_nano: int
    gross_minor: int
    currency: str


class Source(Protocol):
    """Where money came from, and goes back to."""

    async def facts(self, connection: Connection, payment_id: UUID) -> PaymentFacts | None:
        """None when there is no such payment."""

    async def payments_of(self, connection: Connection, account_id: UUID) -> list[PaymentFacts]:
        """The account's payments that were made, the oldest first."""

    async def ask_refund(
        self, connection: Connection, payment_id: UUID, actor: Actor, *, amount_nano: int | None, reason: str
    ) -> RefundMade:
        """Reserve a refund of unspent credit, all of it without an amount. Raises ActionRefused."""

    async def credit_duplicate(self, connection: Connection, payment_id: UUID, actor: Actor, *, reason: str) -> int:
        """Credit a duplicate payment as its recharge would have been; how much. Raises ActionRefused."""
