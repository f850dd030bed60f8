"""Merges a fact into what is known, and has the ledger follow: one transaction, under the account's lock.

Merging is the same in any order and any number (payment_store.MERGE and its like); what follows from it is settling.py.
"""

from uuid import UUID

from farebox.kit.ids import IdSource
from farebox.payments import attempt_store, payment_store, recharge_store
from farebox.payments.books import Books
from farebox.payments.fact import PaymentFact
from farebox.payments.payment import Payment
from farebox.payments.settling import settle_payment, settle_recharge
from farebox.storage.database import Connection

_MOST_TURNS = 5


class _Unlocked(Exception):
    """Whose payment this is was found out only after its row was locked: begin again, with the account first."""


async def apply_fact(connection: Connection, books: Books, fact: PaymentFact) -> bool:
    """Whether the fact concerned anything of ours. Killed at any point, nothing or all of it is done; repeatable."""
    for _ in range(_MOST_TURNS):
        try:
            async with connection.transaction():
                return await _apply(connection, books, fact)
        except _Unlocked:
            continue
    raise AssertionError("a payment cannot change its account")


async def _apply(connection: Connection, books: Books, fact: PaymentFact) -> bool:
    recharge_id, account_id = await _bound(connection, fact)
    if account_id is not None:
        await payment_store.lock_account(connection, account_id)
    if fact.payment_ref:
        told = _told(books.ids, fact, recharge_id, account_id)
        payment_id, recharge_id, owner_id = await payment_store.merge(connection, told)
        if owner_id != account_id:
            raise _Unlocked
        await _merge_parts(connection, books.ids, fact, payment_id)
        if recharge_id is None:
            await settle_payment(connection, books, payment_id)
            return True
    if recharge_id is None:
        return False
    if fact.state == "expired":
        await recharge_store.set_expired(connection, recharge_id, fact.occurred_at)
    await settle_recharge(connection, books, recharge_id)
    return True


async def _bound(connection: Connection, fact: PaymentFact) -> tuple[UUID | None, UUID | None]:
    """The recharge and the account that a fact belongs to, as far as that can be known by now."""
    recharge_id, account_id = await payment_store.bound_to(connection, fact.provider, fact.payment_ref)
    if account_id is not None:
        return recharge_id, account_id
    recharge_id = fact.recharge_id
    if recharge_id is None and fact.checkout_ref:
        recharge_id = await recharge_store.id_of_checkout(connection, fact.provider, fact.checkout_ref)
    recharge = None if recharge_id is None else await recharge_store.load(connection, recharge_id)
    return (None, None) if recharge is None else (recharge.id, recharge.account_id)


async def _merge_parts(connection: Connection, ids: IdSource, fact: PaymentFact, payment_id: UUID) -> None:
    if fact.state == "failed":
        await attempt_store.note_failure(connection, payment_id, fact.fingerprint, fact.occurred_at)
    if fact.refund is not None:
        await payment_store.merge_refund(
            connection,
            ids.new(),
            payment_id,
            fact.provider,
            fact.refund,
            fact.occurred_at,
        )
    if fact.dispute is not None:
        await payment_store.merge_dispute(
            connection,
            ids.new(),
            payment_id,
            fact.provider,
            fact.dispute.ref,
            fact.dispute.state,
            fact.dispute.gross_minor,
            fact.dispute.reason,
            fact.dispute.due_at,
        )


def _told(ids: IdSource, fact: PaymentFact, recharge_id: UUID | None, account_id: UUID | None) -> Payment:
    return Payment(
        id=ids.new(),
        provider=fact.provider,
        ref=fact.payment_ref,
        mode=fact.mode,
        state="unknown" if fact.state is None or fact.state == "expired" else fact.state,
        recharge_id=recharge_id,
        account_id=account_id,
        checkout_ref=fact.checkout_ref,
        price_minor=fact.price_minor or 0,
        gross_minor=fact.gross_minor or 0,
        tax_minor=fact.tax_minor or 0,
        # A refund or a dispute may be reckoned in the currency of somebody's bank.
        currency="" if fact.state is None and (fact.refund or fact.dispute) else fact.currency,
        product=fact.product,
        country=fact.country,
        fingerprint=fact.fingerprint,
        failure=fact.failure,
        invoice_url=fact.invoice_url,
        customer_ref=fact.customer_ref,
        method_ref=fact.method_ref,
        refunded_minor=fact.refunded_minor or 0,
        refunded_at=None if fact.refunded_minor is None else fact.occurred_at,
        paid_at=fact.occurred_at if fact.state == "paid" else None,
        created_at=fact.occurred_at,
    )
