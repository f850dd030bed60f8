"""Makes the ledger, the account and the queues follow what is known of a recharge and its payments.

Runs in the caller's transaction, which holds the account's lock. It computes where everything has to stand
(standing.py) and posts the difference to where it stands; run again, it finds none. So every cause, in any order and
number, ends here: events, polling, reviews, refunds, decisions on disputes.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from farebox.audit.record import record
from farebox.cases.case import open_case
from farebox.domain.money import format_amount
from farebox.ledger.posting import Paid
from farebox.outbox.events import queue_event
from farebox.outbox.mail import queue_mail_to_members
from farebox.payments import payment_store, recharge_store
from farebox.payments.books import PAYMENTS, Books
from farebox.payments.consequences import follow_closed, follow_country, follow_disputes
from farebox.payments.payment import Payment
from farebox.payments.recharge import Recharge, state_of
from farebox.payments.standing import Known, Standing, standings
from farebox.storage.database import Connection


async def settle_recharge(connection: Connection, books: Books, recharge_id: UUID) -> None:
    """Everything that follows for a recharge; its account's lock is held."""
    recharge = await recharge_store.lock(connection, recharge_id)
    assert recharge is not None
    payments = await payment_store.lock_of_recharge(connection, recharge_id)
    settled = await _settle(connection, books, recharge, payments)
    state = state_of(recharge, settled)
    if state != recharge.state:
        await recharge_store.set_state(connection, recharge_id, state)


async def settle_payment(connection: Connection, books: Books, payment_id: UUID) -> None:
    """The same for a payment; its account's lock is held if it has one."""
    payment = await payment_store.lock(connection, payment_id)
    assert payment is not None
    if payment.recharge_id is not None:
        await settle_recharge(connection, books, payment.recharge_id)
    else:
        await _settle(connection, books, None, [payment])


async def _settle(
    connection: Connection, books: Books, recharge: Recharge | None, payments: Sequence[Payment]
) -> list[Payment]:
    known = await load_known(connection, payments)
    wanted = standings(recharge, known, books.policy.chargeback)
    settled = []
    for each in known:
        payment = await _post(connection, books, recharge, each.payment, wanted[each.payment.id])
        if payment.problem and payment.problem != each.payment.problem:
            payment = await _report(connection, books, payment)
        await follow_disputes(connection, books, payment, each.disputes)
        payment = await follow_country(connection, books, payment)
        if payment != each.payment:
            await payment_store.set_posted(connection, payment)
        settled.append(payment)
    return settled


async def load_known(connection: Connection, payments: Sequence[Payment]) -> list[Known]:
    """Payments with their refunds and disputes."""
    payment_ids = [payment.id for payment in payments]
    refunds = await payment_store.load_refunds(connection, payment_ids)
    disputes = await payment_store.load_disputes(connection, payment_ids)
    return [
        Known(
            payment,
            [refund for refund in refunds if refund.payment_id == payment.id],
            [dispute for dispute in disputes if dispute.payment_id == payment.id],
        )
        for payment in payments
    ]


async def _post(
    connection: Connection, books: Books, recharge: Recharge | None, payment: Payment, wanted: Standing
) -> Payment:
    """The payment with what has been posted now. Each key names the step, so that no step is posted twice."""
    if wanted.credit_nano and not payment.posted_credit_nano:
        payment = await _credit(connection, books, recharge, payment, wanted)
    if wanted.taken_nano != payment.posted_taken_nano:
        payment = await _take(connection, books, payment, wanted)
    if wanted.is_bonus_revoked != payment.is_bonus_revoked:
        payment = await _take_bonus(connection, books, payment, is_revoked=wanted.is_bonus_revoked)
    return msgspec.structs.replace(payment, problem=wanted.problem)


async def _credit(
    connection: Connection, books: Books, recharge: Recharge | None, payment: Payment, wanted: Standing
) -> Payment:
    account_id = payment.account_id
    assert account_id is not None
    days = books.policy.recharge.credit_days if recharge is None else recharge.credit_days
    posted = await books.ledger.credit(
        connection,
        account_id,
        wanted.credit_nano,
        "paid",
        f"payment:{payment.reference}:credit",
        reference=payment.reference,
        paid=Paid(payment.provider, payment.price_minor, payment.currency),
        expires_at=(payment.paid_at or payment.created_at) + timedelta(days=days) if days else None,
    )
    balance_nano = posted.balance_nano
    if wanted.bonus_nano:
        bonus = await books.ledger.credit(
            connection,
            account_id,
            wanted.bonus_nano,
            "promo",
            f"payment:{payment.reference}:bonus",
            reference=payment.bonus_reference,
        )
        balance_nano = bonus.balance_nano
    credited = {"credit": format_amount(wanted.credit_nano), "bonus": format_amount(wanted.bonus_nano)}
    await _note(connection, books, payment, "payment.credit", credited)
    await follow_closed(connection, books, payment)
    facts = {
        "amount": format_amount(wanted.credit_nano + wanted.bonus_nano),
        "unit": books.policy.unit,
        "balance": format_amount(balance_nano),
    }
    await queue_mail_to_members(
        connection,
        books.ids,
        "recharge_credited",
        account_id,
        facts,
        dedupe_key=f"recharge_credited:{payment.id}",
        roles=("owner", "billing"),
    )
    data = {"payment_id": str(payment.id), **facts}
    key = f"recharge.credited:{payment.id}"
    await queue_event(connection, books.ids, account_id, "recharge.credited", data, dedupe_key=key)
    return msgspec.structs.replace(payment, posted_credit_nano=wanted.credit_nano, posted_bonus_nano=wanted.bonus_nano)


async def _take(connection: Connection, books: Books, payment: Payment, wanted: Standing) -> Payment:
    """Take back of the credit, or give back what had been taken provisionally."""
    assert payment.account_id is not None
    amount_nano = wanted.taken_nano - payment.posted_taken_nano
    amount_minor = wanted.taken_minor - payment.posted_taken_minor
    move = books.ledger.claw_back if amount_nano > 0 else books.ledger.restore
    await move(
        connection,
        payment.account_id,
        abs(amount_nano),
        f"payment:{payment.reference}:step:{payment.steps}",
        reference=payment.reference,
        paid=Paid(payment.provider, abs(amount_minor), payment.currency),
    )
    action = "payment.take_back" if amount_nano > 0 else "payment.restore"
    await _note(connection, books, payment, action, {"amount": format_amount(abs(amount_nano))})
    return msgspec.structs.replace(
        payment,
        posted_taken_nano=wanted.taken_nano,
        posted_taken_minor=wanted.taken_minor,
        steps=payment.steps + 1,
    )


async def _take_bonus(connection: Connection, books: Books, payment: Payment, *, is_revoked: bool) -> Payment:
    assert payment.account_id is not None
    move = books.ledger.claw_back if is_revoked else books.ledger.restore
    await move(
        connection,
        payment.account_id,
        payment.posted_bonus_nano,
        f"payment:{payment.reference}:bonus:{payment.steps}",
        reference=payment.bonus_reference,
        paid=None,
    )
    action = "payment.revoke_bonus" if is_revoked else "payment.restore_bonus"
    await _note(connection, books, payment, action, {"amount": format_amount(payment.posted_bonus_nano)})
    return msgspec.structs.replace(payment, is_bonus_revoked=is_revoked, steps=payment.steps + 1)


async def _report(connection: Connection, books: Books, payment: Payment) -> Payment:
    """A payment that is not credited is a case: somebody has paid."""
    case_id = await open_case(
        connection,
        books.ids,
        "payment",
        f"payment:{payment.reference}",
        account_id=payment.account_id,
        facts={
            "payment_id": str(payment.id),
            "problem": payment.problem,
            "recharge_id": None if payment.recharge_id is None else str(payment.recharge_id),
            "price_minor": payment.price_minor,
            "currency": payment.currency,
        },
    )
    return msgspec.structs.replace(payment, case_id=case_id)


async def _note(connection: Connection, books: Books, payment: Payment, action: str, after: dict[str, Any]) -> None:
    await record(
        connection,
        books.ids,
        PAYMENTS,
        action,
        target=f"payment:{payment.id}",
        account_id=payment.account_id,
        after=after,
    )
