"""Makes the ledger, the account and the queues follow what is known of a recharge and its payments.

Runs in the caller's transaction, which holds the account's lock. It computes where everything has to stand
(standing.py) and posts the difference to where it stands (moving.py); run again, it finds none. So every cause, in any
order and number, ends here: events, polling, reviews, refunds, decisions on disputes.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

import msgspec

from farebox.cases.case import close_case, open_case
from farebox.domain.errors import ActionRefused
from farebox.payments import payment_store, recharge_store
from farebox.payments.books import Books
from farebox.payments.consequences import follow_country, follow_disputes
from farebox.payments.moving import lift, lower
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
    is_credited = any(payment.posted_taken_nano < payment.posted_credit_nano for payment in payments)
    lifted = [
        await lift(connection, books, recharge, payment, wanted[payment.id], takes_a_place=is_credited)
        for payment in payments
    ]
    return [
        await _end(connection, books, each, await lower(connection, books, payment, wanted[payment.id]), wanted)
        for each, payment in zip(known, lifted, strict=True)
    ]


async def _end(
    connection: Connection, books: Books, known: Known, moved: Payment, wanted: Mapping[UUID, Standing]
) -> Payment:
    """What follows once the money is where it has to be; the payment as it is stored."""
    payment = msgspec.structs.replace(moved, problem=wanted[moved.id].problem)
    if payment.problem and payment.problem != known.payment.problem:
        payment = await _report(connection, books, payment)
    elif known.payment.problem and not payment.problem:
        await _close_case(connection, payment)
    await follow_disputes(connection, books, payment, known.disputes)
    payment = await follow_country(connection, books, payment)
    if payment != known.payment:
        await payment_store.set_posted(connection, payment)
    return payment


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


async def _close_case(connection: Connection, payment: Payment) -> None:
    """It has been credited, or its money has gone back: nobody has to look any more."""
    if payment.case_id is None:
        return
    decision = "credited" if payment.posted_taken_nano < payment.posted_credit_nano else "refunded"
    # An operator may have been quicker.
    with suppress(ActionRefused):
        await close_case(connection, payment.case_id, decision=decision)
