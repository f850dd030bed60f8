"""Payments as requests after the sale use them: the two meet here, one floor above both."""

from collections.abc import Sequence
from uuid import UUID

from farebox.aftersale.source import PaymentFacts, RefundMade
from farebox.audit.record import Actor
from farebox.control.services import Services
from farebox.payments import decisions, payment_store, refunds
from farebox.payments.books import Books
from farebox.payments.payment import Payment
from farebox.payments.registry import providers_of
from farebox.storage.database import Connection

# More payments than anybody makes; a bound all the same.
_MOST = 10_000


class PaymentSource:
    """Implements aftersale/source.py's Source."""

    def __init__(self, books: Books) -> None:
        self._books = books

    async def facts(self, connection: Connection, payment_id: UUID) -> PaymentFacts | None:
        payment = await payment_store.load(connection, payment_id)
        return None if payment is None else await self._facts(connection, payment)

    async def payments_of(self, connection: Connection, account_id: UUID) -> list[PaymentFacts]:
        found = await payment_store.page(connection, account_id, None, _MOST)
        return [await self._facts(connection, payment) for payment in reversed(found) if payment.state == "paid"]

    async def ask_refund(
        self, connection: Connection, payment_id: UUID, actor: Actor, *, amount_nano: int | None, reason: str
    ) -> RefundMade:
        before = await refunds.lock_payment(connection, payment_id)
        made = await refunds.ask_refund(
            connection, self._books, payment_id, actor, amount_nano=amount_nano, reason=reason
        )
        after = await refunds.lock_payment(connection, payment_id)
        taken_nano = after.posted_taken_nano - before.posted_taken_nano
        return RefundMade(made.id, taken_nano, made.gross_minor, after.currency)

    async def credit_duplicate(self, connection: Connection, payment_id: UUID, actor: Actor, *, reason: str) -> int:
        settled = await decisions.credit_anyway(
            connection,
            self._books,
            payment_id,
            actor,
            actor.id if actor.kind == "operator" else None,
            account_id=None,
            amount_nano=None,
            reason=reason,
        )
        return settled.posted_credit_nano

    async def _facts(self, connection: Connection, payment: Payment) -> PaymentFacts:
        possible = await refunds.refundable(connection, self._books, payment)
        return PaymentFacts(
            payment_id=payment.id,
            account_id=payment.account_id,
            provider=payment.provider,
            reference=payment.reference,
            state=payment.state,
            problem=payment.problem,
            paid_at=payment.paid_at,
            gross_minor=payment.gross_minor,
            currency=payment.currency,
            credited_nano=payment.posted_credit_nano,
            taken_back_nano=payment.posted_taken_nano,
            refundable_nano=possible.credit_nano,
            refundable_minor=max(0, possible.gross_minor),
            has_open_dispute=possible.has_open_dispute,
        )


def source_of(services: Services) -> PaymentSource:
    return PaymentSource(Books(services.policy, services.ledger, services.ids))


async def tell_providers(services: Services, refund_ids: Sequence[UUID]) -> None:
    """Tell the providers of refunds that were reserved; who does not answer is told again by the worker's duty."""
    books = Books(services.policy, services.ledger, services.ids)
    providers = providers_of(services.stripe, services.creem, services.http)
    async with services.pool.acquire() as connection:
        for refund_id in refund_ids:
            await refunds.carry_out(connection, books, providers, refund_id)
