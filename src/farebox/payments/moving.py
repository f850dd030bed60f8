"""Moves a payment's money in the ledger from where it stands to where it has to stand, and says so.

`lift` is all that adds to a balance, `lower` all that takes from it. Of several payments for one recharge all are
lifted before any is lowered: where one takes the place of another, no debt comes of it. Each key names the step, so
that no step is posted twice.
"""

from datetime import timedelta
from typing import Any

import msgspec

from farebox.audit.record import record
from farebox.domain.money import format_amount
from farebox.ledger.aside import Aside
from farebox.ledger.posting import Paid
from farebox.outbox.events import queue_event
from farebox.outbox.mail import queue_mail_to_members
from farebox.payments.books import PAYMENTS, Books
from farebox.payments.consequences import follow_closed
from farebox.payments.payment import Payment
from farebox.payments.recharge import Recharge
from farebox.payments.standing import Standing
from farebox.storage.database import Connection


async def lift(
    connection: Connection,
    books: Books,
    recharge: Recharge | None,
    payment: Payment,
    wanted: Standing,
    *,
    takes_a_place: bool,
) -> Payment:
    """The payment with what has been posted now.

    `takes_a_place`: another payment of this recharge is credited, and nobody is told of credit that was there already.
    """
    if wanted.aside_minor < payment.aside_minor:
        payment = await _set_aside(connection, books, payment, wanted.aside_minor - payment.aside_minor)
    if wanted.credit_nano and not payment.posted_credit_nano:
        payment, balance_nano = await _credit(connection, books, recharge, payment, wanted)
        await follow_closed(connection, books, payment)
        if not takes_a_place or payment.accepted_nano is not None:
            await _tell(connection, books, payment, balance_nano)
    if wanted.taken_nano < payment.posted_taken_nano:
        payment = await _take(connection, books, payment, wanted)
    if wanted.bonus_taken_nano < payment.bonus_taken_nano:
        payment = await _take_bonus(connection, books, payment, wanted.bonus_taken_nano)
    return payment


async def lower(connection: Connection, books: Books, payment: Payment, wanted: Standing) -> Payment:
    """The payment with what has been posted now."""
    if wanted.taken_nano > payment.posted_taken_nano:
        payment = await _take(connection, books, payment, wanted)
    if wanted.bonus_taken_nano > payment.bonus_taken_nano:
        payment = await _take_bonus(connection, books, payment, wanted.bonus_taken_nano)
    if wanted.aside_minor > payment.aside_minor:
        payment = await _set_aside(connection, books, payment, wanted.aside_minor - payment.aside_minor)
    return payment


async def _credit(
    connection: Connection, books: Books, recharge: Recharge | None, payment: Payment, wanted: Standing
) -> tuple[Payment, int]:
    """The credited payment, and the balance then."""
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
    if wanted.bonus_nano:
        posted = await books.ledger.credit(
            connection,
            account_id,
            wanted.bonus_nano,
            "promo",
            f"payment:{payment.reference}:bonus",
            reference=payment.bonus_reference,
        )
    credited = {"credit": format_amount(wanted.credit_nano), "bonus": format_amount(wanted.bonus_nano)}
    await _note(connection, books, payment, "payment.credit", credited)
    payment = msgspec.structs.replace(
        payment, posted_credit_nano=wanted.credit_nano, posted_bonus_nano=wanted.bonus_nano
    )
    return payment, posted.balance_nano


async def _tell(connection: Connection, books: Books, payment: Payment, balance_nano: int) -> None:
    assert payment.account_id is not None
    facts = {
        "amount": format_amount(payment.posted_credit_nano + payment.posted_bonus_nano),
        "unit": books.policy.unit,
        "balance": format_amount(balance_nano),
    }
    await queue_mail_to_members(
        connection,
        books.ids,
        "recharge_credited",
        payment.account_id,
        facts,
        dedupe_key=f"recharge_credited:{payment.id}",
        roles=("owner", "billing"),
    )
    data = {"payment_id": str(payment.id), **facts}
    key = f"recharge.credited:{payment.id}"
    await queue_event(connection, books.ids, payment.account_id, "recharge.credited", data, dedupe_key=key)


async def _take(connection: Connection, books: Books, payment: Payment, wanted: Standing) -> Payment:
    """Take back of the credit, or give back what had been taken provisionally."""
    assert payment.account_id is not None
    amount_nano = wanted.taken_nano - payment.posted_taken_nano
    amount_minor = wanted.taken_minor - payment.taken_minor
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
        posted_taken_minor=payment.posted_taken_minor + amount_minor,
        steps=payment.steps + 1,
    )


async def _take_bonus(connection: Connection, books: Books, payment: Payment, wanted_nano: int) -> Payment:
    """Take back of the bonus until so much of it is taken, or give back what had been taken provisionally."""
    assert payment.account_id is not None
    amount_nano = wanted_nano - payment.bonus_taken_nano
    move = books.ledger.claw_back if amount_nano > 0 else books.ledger.restore
    await move(
        connection,
        payment.account_id,
        abs(amount_nano),
        f"payment:{payment.reference}:bonus:{payment.steps}",
        reference=payment.bonus_reference,
        paid=None,
    )
    action = "payment.revoke_bonus" if amount_nano > 0 else "payment.restore_bonus"
    await _note(connection, books, payment, action, {"amount": format_amount(abs(amount_nano))})
    return msgspec.structs.replace(payment, bonus_taken_nano=wanted_nano, steps=payment.steps + 1)


async def _set_aside(connection: Connection, books: Books, payment: Payment, amount_minor: int) -> Payment:
    """Set more aside, or less."""
    aside = Aside(books.policy.unit, books.ids)
    move = aside.put if amount_minor > 0 else aside.take
    paid = Paid(payment.provider, abs(amount_minor), payment.currency)
    key = f"payment:{payment.reference}:aside:{payment.steps}"
    await move(connection, paid, key, reference=payment.reference)
    return msgspec.structs.replace(
        payment, posted_taken_minor=payment.posted_taken_minor - amount_minor, steps=payment.steps + 1
    )


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
