"""What operators decide on disputes, and on payments that were not credited."""

from typing import Literal
from uuid import UUID

from farebox.audit.record import Actor, record
from farebox.cases.case import close_case
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.payments import payment_store, recharge_store
from farebox.payments.books import Books
from farebox.payments.payment import Dispute, Payment
from farebox.payments.refunds import lock_payment
from farebox.payments.settling import settle_payment
from farebox.storage.database import Connection


async def decide_dispute(
    connection: Connection,
    books: Books,
    dispute_id: UUID,
    decision: Literal["won", "lost"],
    actor: Actor,
    decided_by: UUID | None,
    note: str,
) -> Dispute:
    """Decide a dispute whose provider has not said its last word; that, once it comes, outranks the decision."""
    async with connection.transaction():
        found = await payment_store.load_dispute(connection, dispute_id)
        if found is None:
            raise ActionRefused("not_found", "There is no such dispute.", status=404)
        payment = await lock_payment(connection, found.payment_id)
        dispute = await payment_store.load_dispute(connection, dispute_id)
        assert dispute is not None
        if dispute.state in ("won", "lost"):
            raise ActionRefused("already_decided", f"The provider has decided this dispute: {dispute.state}.")
        await payment_store.decide_dispute(connection, dispute_id, decision, decided_by, note)
        await settle_payment(connection, books, payment.id)
        await record(
            connection,
            books.ids,
            actor,
            "dispute.decide",
            target=f"dispute:{dispute_id}",
            account_id=payment.account_id,
            before={"outcome": dispute.outcome},
            after={"outcome": decision},
            reason=note,
        )
        decided = await payment_store.load_dispute(connection, dispute_id)
        assert decided is not None
        return decided


async def credit_anyway(
    connection: Connection,
    books: Books,
    payment_id: UUID,
    actor: Actor,
    decided_by: UUID | None,
    *,
    account_id: UUID | None,
    amount_nano: int | None,
    reason: str,
) -> Payment:
    """Credit a payment that fits no recharge, or not quite, such as a duplicate that the customer wants as credit.

    A payment of no recharge needs an account and an amount; for others the recharge says both unless told otherwise.
    """
    async with connection.transaction():
        owner_id, amount_nano = await _terms(connection, books, payment_id, account_id, amount_nano)
        await payment_store.lock_account(connection, owner_id)
        payment = await payment_store.lock(connection, payment_id)
        assert payment is not None
        if payment.account_id not in (None, owner_id):
            raise ActionRefused("try_again", "This payment has just found its account. Try again.")
        if not payment.problem:
            raise ActionRefused("not_open", "This payment is credited, waits for its review, or has gone back.")
        if payment.problem == "duplicate" and books.policy.refund.duplicate == "source":
            raise ActionRefused("refund_instead", "A duplicate goes back to its source here: refund it.")
        if payment.posted_credit_nano and amount_nano > payment.posted_credit_nano:
            most = format_amount(payment.posted_credit_nano)
            raise ActionRefused(
                "more_than_before",
                f"Of this payment {most} were credited before, and no more can be.",
                values={"most_amount": most},
            )
        await payment_store.set_accepted(connection, payment_id, amount_nano, owner_id)
        if payment.case_id is not None:
            await _close(connection, payment.case_id, decided_by, reason)
        await settle_payment(connection, books, payment_id)
        await record(
            connection,
            books.ids,
            actor,
            "payment.credit_anyway",
            target=f"payment:{payment_id}",
            account_id=owner_id,
            before={"problem": payment.problem},
            after={"credit": format_amount(amount_nano)},
            reason=reason,
        )
        settled = await payment_store.load(connection, payment_id)
        assert settled is not None
        return settled


async def _terms(
    connection: Connection, books: Books, payment_id: UUID, account_id: UUID | None, amount_nano: int | None
) -> tuple[UUID, int]:
    payment = await payment_store.load(connection, payment_id)
    if payment is None:
        raise ActionRefused("not_found", "There is no such payment.", status=404)
    if payment.mode == "test" and payment.problem in ("wrong_mode", "no_recharge"):
        raise ActionRefused("test_money", "This was paid with test money, which is none.")
    if payment.account_id is not None and account_id not in (None, payment.account_id):
        raise ActionRefused("other_account", "This payment belongs to another account.", field="account_id")
    owner_id = payment.account_id or account_id
    if payment.recharge_id is not None and amount_nano is None:
        recharge = await recharge_store.load(connection, payment.recharge_id)
        amount_nano = None if recharge is None else recharge.credit_nano
    if owner_id is None or amount_nano is None:
        raise ActionRefused(
            "account_and_amount_needed", "Say which account to credit, and how much.", status=422, field="account_id"
        )
    if amount_nano <= 0:
        raise ActionRefused("invalid_request", "Refund it to credit nothing.", status=422, field="amount")
    if await recharge_store.account_facts(connection, owner_id) is None:
        raise ActionRefused("unknown_account", f"There is no account {owner_id}.", status=422, field="account_id")
    return owner_id, amount_nano


async def _close(connection: Connection, case_id: UUID, decided_by: UUID | None, note: str) -> None:
    try:
        async with connection.transaction():
            await close_case(connection, case_id, decision="credited", note=note, closed_by=decided_by)
    except ActionRefused:
        return  # an operator has closed it before
