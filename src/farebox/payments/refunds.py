"""Refunds that we make: the credit is taken first, in one transaction; then the provider is told, outside of any.

Killed in between, the refund stays 'asked', what it takes stays reserved, and the duty tells the provider again with
the same id. Only what is unspent and not needed by open holds can be refunded: the account's lock decides, so that
jobs that spend meanwhile cannot make a refund yield more than was paid.
"""

from uuid import UUID

import msgspec

from farebox.audit.record import Actor, record
from farebox.cases.case import open_case
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.payments import payment_store
from farebox.payments.books import Books
from farebox.payments.events import Providers
from farebox.payments.payment import Payment, Refund
from farebox.payments.provider import ProviderAway, ProviderRefused, RefundAnswer, RefundOrder
from farebox.payments.settling import load_known, settle_payment
from farebox.payments.standing import Known, gone_minor
from farebox.storage.database import Connection

_AGAINST_US = ("inquiry", "open", "lost")


class Refundable(msgspec.Struct, frozen=True):
    """What can go back of a payment now: its unspent credit, and the gross amount that this stands for."""

    credit_nano: int
    gross_minor: int
    has_open_dispute: bool


async def refundable(connection: Connection, books: Books, payment: Payment) -> Refundable:
    """As of now; only under the account's lock does it stay so."""
    [known] = await load_known(connection, [payment])
    left_minor = payment.gross_minor - gone_minor(known, books.policy.chargeback) if payment.state == "paid" else 0
    has_dispute = any(dispute.outcome in _AGAINST_US for dispute in known.disputes)
    if not payment.posted_credit_nano or payment.account_id is None:
        return Refundable(0, left_minor, has_dispute)
    left_nano = payment.posted_credit_nano - payment.posted_taken_nano
    unspent_nano = await payment_store.load_unspent(connection, payment.account_id, payment.reference)
    credit_nano = min(left_nano, unspent_nano)
    return Refundable(credit_nano, _gross_of(payment, known, books, credit_nano), has_dispute)


async def ask_refund(
    connection: Connection, books: Books, payment_id: UUID, actor: Actor, *, amount_nano: int | None, reason: str
) -> Refund:
    """Reserve a refund of unspent credit, all of it when no amount is given; `carry_out` tells the provider.

    A payment that was never credited goes back as a whole. Raises ActionRefused when that much cannot go back.
    """
    async with connection.transaction():
        payment = await lock_payment(connection, payment_id)
        possible = await refundable(connection, books, payment)
        gross_minor = await _gross_to_refund(connection, books, payment, possible, amount_nano)
        [known] = await load_known(connection, [payment])
        left_minor = payment.gross_minor - gone_minor(known, books.policy.chargeback)
        refund = Refund(
            id=books.ids.new(),
            payment_id=payment.id,
            provider=payment.provider,
            ref="",
            state="manual" if payment.provider == "manual" else "asked",
            gross_minor=gross_minor,
            is_ours=True,
            is_whole=gross_minor == left_minor,
            asked_by=f"{actor.kind}:{actor.id or actor.name}",
            reason=reason,
        )
        await payment_store.insert_refund(connection, refund)
        await settle_payment(connection, books, payment.id)
        await _note(connection, books, actor, "payment.refund", payment, refund, reason)
        if refund.state == "manual":
            await _report_manual(connection, books, payment, refund)
        return refund


async def carry_out(connection: Connection, books: Books, providers: Providers, refund_id: UUID) -> Refund:
    """Tell the provider of an asked refund, and store its answer; one without an answer stays asked.

    The connection is in no transaction: the provider may take its time.
    """
    refund, payment = await _load(connection, refund_id)
    provider = providers.get(refund.provider)
    if refund.state != "asked" or provider is None:
        return refund
    order = RefundOrder(
        refund_id=refund.id,
        payment_ref=payment.ref,
        checkout_ref=payment.checkout_ref,
        gross_minor=refund.gross_minor,
        currency=payment.currency,
        is_whole_remainder=refund.is_whole,
    )
    error = ""
    try:
        answer = await provider.refund(order)
    except ProviderRefused as refused:
        answer, error = RefundAnswer("failed"), refused.code[:200]
    except ProviderAway as away:
        await payment_store.refund_tried(connection, refund.id, str(away)[:200])
        return refund
    return await _answered(connection, books, refund, payment, answer, error)


async def carry_out_asked(connection: Connection, books: Books, providers: Providers) -> None:
    """Those whose request died before the provider was told, or whose provider gave no answer."""
    for refund in await payment_store.asked_refunds(connection):
        await carry_out(connection, books, providers, refund.id)


async def end_manual_refund(
    connection: Connection, books: Books, refund_id: UUID, actor: Actor, *, is_done: bool, ref: str, note: str
) -> Refund:
    """Somebody has made the refund by hand, or it is given up and its credit comes back."""
    async with connection.transaction():
        refund, _ = await _load(connection, refund_id)
        payment = await lock_payment(connection, refund.payment_id)
        refund, _ = await _load(connection, refund_id)
        if refund.state != "manual":
            raise ActionRefused("not_manual", f"This refund is {refund.state}: there is nothing to do by hand.")
        # The reference of what a provider tells of comes with its event: a slip of the hand would be a second refund.
        known_ref = ref if refund.provider == "manual" else ""
        await payment_store.answer_refund(connection, refund, "succeeded" if is_done else "failed", known_ref, "")
        await settle_payment(connection, books, payment.id)
        action = "payment.refund_done" if is_done else "payment.refund_given_up"
        await _note(connection, books, actor, action, payment, refund, " ".join(filter(None, (ref, note))))
        return (await _load(connection, refund_id))[0]


async def lock_payment(connection: Connection, payment_id: UUID) -> Payment:
    """The payment under its account's lock; ActionRefused (404) when there is none."""
    found = await payment_store.load(connection, payment_id)
    if found is None:
        raise ActionRefused("not_found", "There is no such payment.", status=404)
    if found.account_id is not None:
        await payment_store.lock_account(connection, found.account_id)
    payment = await payment_store.lock(connection, payment_id)
    assert payment is not None
    if payment.account_id != found.account_id:
        raise ActionRefused("try_again", "This payment has just found its account. Try again.", status=409)
    return payment


async def _gross_to_refund(
    connection: Connection, books: Books, payment: Payment, possible: Refundable, amount_nano: int | None
) -> int:
    if payment.state != "paid" or possible.gross_minor <= 0:
        raise ActionRefused("nothing_to_refund", "Nothing of this payment can be refunded.")
    if possible.has_open_dispute and books.policy.refund.refuse_with_open_dispute:
        raise ActionRefused("dispute_open", "This payment is disputed: decide the dispute first.")
    if amount_nano is None:
        return possible.gross_minor
    if payment.posted_taken_nano == payment.posted_credit_nano:
        raise ActionRefused("whole_only", "Nothing of this payment is credited: it goes back whole, without an amount.")
    if not 0 < amount_nano <= possible.credit_nano:
        left = format_amount(possible.credit_nano)
        raise ActionRefused(
            "more_than_unspent",
            f"Of this payment {left} are unspent and not held.",
            field="amount",
            values={"left_amount": left},
        )
    [known] = await load_known(connection, [payment])
    gross_minor = _gross_of(payment, known, books, amount_nano)
    if gross_minor <= 0:
        raise ActionRefused("amount_too_small", "This is less than the smallest amount of money.", field="amount")
    return gross_minor


def _gross_of(payment: Payment, known: Known, books: Books, credit_nano: int) -> int:
    """The gross amount that so much of the credit stands for; all that is left when it is all of the credit left."""
    if credit_nano == payment.posted_credit_nano - payment.posted_taken_nano:
        return payment.gross_minor - gone_minor(known, books.policy.chargeback)
    return payment.gross_minor * credit_nano // payment.posted_credit_nano


async def _answered(
    connection: Connection, books: Books, refund: Refund, payment: Payment, answer: RefundAnswer, error: str
) -> Refund:
    async with connection.transaction():
        await lock_payment(connection, payment.id)
        current = await payment_store.load_refund(connection, refund.id)
        if current is None or current.state != "asked":
            return current or refund  # an event was quicker
        await payment_store.answer_refund(connection, refund, answer.state, answer.ref, error)
        await settle_payment(connection, books, payment.id)
        if answer.state in ("manual", "failed"):
            await _report_manual(connection, books, payment, refund, error)
        return await payment_store.load_refund(connection, refund.id) or refund


async def _report_manual(
    connection: Connection, books: Books, payment: Payment, refund: Refund, error: str = ""
) -> None:
    await open_case(
        connection,
        books.ids,
        "payment",
        f"refund:{refund.id}",
        account_id=payment.account_id,
        facts={
            "problem": "refund_failed" if error else "refund_by_hand",
            "payment_id": str(payment.id),
            "refund_id": str(refund.id),
            "gross_minor": refund.gross_minor,
            "currency": payment.currency,
            "error": error,
        },
    )


async def _load(connection: Connection, refund_id: UUID) -> tuple[Refund, Payment]:
    refund = await payment_store.load_refund(connection, refund_id)
    payment = None if refund is None else await payment_store.load(connection, refund.payment_id)
    if refund is None or payment is None:
        raise ActionRefused("not_found", "There is no such refund.", status=404)
    return refund, payment


async def _note(
    connection: Connection, books: Books, actor: Actor, action: str, payment: Payment, refund: Refund, reason: str
) -> None:
    await record(
        connection,
        books.ids,
        actor,
        action,
        target=f"payment:{payment.id}",
        account_id=payment.account_id,
        after={"refund_id": str(refund.id), "gross_minor": refund.gross_minor, "currency": payment.currency},
        reason=reason,
    )
