"""What commands on requests after the sale work with."""

from collections.abc import Sequence
from uuid import UUID

from farebox.aftersale.desk import Desk
from farebox.boot.cli.payment_books import books_of, open_providers
from farebox.boot.cli.session import Session
from farebox.control.payment_source import PaymentSource
from farebox.ledger.service import Ledger
from farebox.payments.refunds import carry_out


def desk_of(session: Session) -> Desk:
    policy = session.config.policy
    return Desk(policy, Ledger(policy.unit, session.ids), session.ids)


def source_of(session: Session) -> PaymentSource:
    return PaymentSource(books_of(session))


async def tell_providers(session: Session, refund_ids: Sequence[UUID]) -> None:
    """Tell the providers of refunds that were reserved; the worker does it when we are killed before."""
    async with open_providers(session) as providers:
        for refund_id in refund_ids:
            await carry_out(session.connection, books_of(session), providers, refund_id)
