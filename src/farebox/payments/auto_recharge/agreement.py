"""Agreeing to automatic recharges, and ending them. Who agreed to what, and when, stays on the audit trail."""

from uuid import UUID

from farebox.audit.record import Actor, record
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.payments import payment_store
from farebox.payments.auto_recharge import auto_recharge_store as store
from farebox.payments.auto_recharge.terms import AutoRecharge, Terms, check_terms
from farebox.payments.books import Books
from farebox.payments.events import Providers
from farebox.payments.offers import methods
from farebox.payments.payment import Payment
from farebox.storage.database import Connection

# Of the providers, only this one can charge a method that it has kept.
KEEPER = "stripe"


def is_offered(books: Books, providers: Providers) -> bool:
    """Whether this deployment offers it."""
    rules = books.policy.recharge
    return rules.auto_recharge and KEEPER in methods(rules) and KEEPER in providers


async def agree(
    connection: Connection,
    books: Books,
    providers: Providers,
    account_id: UUID,
    terms: Terms,
    payment_id: UUID,
    actor: Actor,
) -> AutoRecharge:
    """Charge the method that was kept with this payment from now on, as the terms say. Raises ActionRefused."""
    if not is_offered(books, providers):
        raise ActionRefused("not_offered", "Automatic recharges are not offered here.")
    check_terms(books.policy.recharge, terms)
    async with connection.transaction():
        await payment_store.lock_account(connection, account_id)
        _check_kept(await _own(connection, account_id, payment_id))
        before = await store.lock(connection, account_id)
        await store.agree(connection, account_id, terms, payment_id, actor.id)
        await record(
            connection,
            books.ids,
            actor,
            "auto_recharge.agree",
            target=f"account:{account_id}",
            account_id=account_id,
            before=None if before is None else {"is_on": before.is_on, **_told(terms_of(before))},
            after={"payment_id": str(payment_id), **_told(terms)},
        )
        agreed = await store.load(connection, account_id)
        assert agreed is not None
        return agreed


async def end(connection: Connection, books: Books, account_id: UUID, actor: Actor) -> None:
    """Charge nothing any more; an attempt that is under way ends by itself. Ending what is off changes nothing."""
    async with connection.transaction():
        await payment_store.lock_account(connection, account_id)
        before = await store.lock(connection, account_id)
        if before is None or not before.is_on:
            return
        await store.switch_off(connection, account_id, "")
        await record(
            connection,
            books.ids,
            actor,
            "auto_recharge.end",
            target=f"account:{account_id}",
            account_id=account_id,
            before=_told(terms_of(before)),
        )


def terms_of(agreed: AutoRecharge) -> Terms:
    return Terms(threshold_nano=agreed.threshold_nano, credit_nano=agreed.credit_nano, monthly_nano=agreed.monthly_nano)


async def _own(connection: Connection, account_id: UUID, payment_id: UUID) -> Payment:
    payment = await payment_store.load(connection, payment_id)
    if payment is None or payment.account_id != account_id:
        raise ActionRefused("not_found", "There is no such payment.", status=404, field="payment_id")
    return payment


def _check_kept(payment: Payment) -> None:
    if payment.provider != KEEPER:
        raise ActionRefused(
            "no_saved_methods",
            f"{payment.provider.capitalize()} keeps no method of payment that could be charged again: pay once by card"
            " through Stripe, and let the card be kept.",
            field="payment_id",
        )
    if payment.state != "paid" or not (payment.customer_ref and payment.method_ref):
        raise ActionRefused(
            "method_not_kept",
            "The card of this payment was not kept: recharge once more with keep_method, then agree to this.",
            field="payment_id",
        )


def _told(terms: Terms) -> dict[str, str]:
    return {
        "threshold": format_amount(terms.threshold_nano),
        "amount": format_amount(terms.credit_nano),
        "monthly_ceiling": format_amount(terms.monthly_nano),
    }
