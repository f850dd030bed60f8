"""Redeeming a code: one transaction, in which the account's lock comes before the code's row.

Of fifty who redeem the same code at once each holds its own account, and they come to the code one after the other:
the first finds it open. Killed anywhere, the code is redeemed and credited, or neither.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from farebox.audit.record import Actor, record
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount
from farebox.ledger.balance import load_funds
from farebox.ledger.operation import Posted
from farebox.ledger.posting import Paid
from farebox.outbox.events import queue_event
from farebox.outbox.mail import queue_mail_to_members
from farebox.payments import payment_store
from farebox.payments.adding import check_adding
from farebox.payments.books import Books
from farebox.payments.codes import code_store
from farebox.payments.codes.code import reference_of
from farebox.payments.codes.code_store import Found
from farebox.payments.codes.text import hash_of
from farebox.storage.database import Connection

# The wash book's name of what was paid to somebody else.
SOLD = "code"


class Redeemed(msgspec.Struct, frozen=True):
    """What a code has brought; `repeated`: the same account had redeemed it before, and nothing was done."""

    code_id: UUID
    amount_nano: int
    balance_nano: int
    repeated: bool


async def redeem(connection: Connection, books: Books, account_id: UUID, code: str, actor: Actor) -> Redeemed:
    """Credit a code as it was typed; ActionRefused when it is not one of ours, not open, or not for this account."""
    digest = hash_of(code)
    async with connection.transaction():
        await payment_store.lock_account(connection, account_id)
        found = await code_store.lock_by_hash(connection, digest)
        if found is None:
            raise ActionRefused("unknown_code", "There is no such code.", status=404, field="code")
        if found.redeemed_by == account_id:
            funds = await load_funds(connection, account_id)
            return Redeemed(found.id, found.amount_nano, 0 if funds is None else funds.balance_nano, repeated=True)
        now = await payment_store.now(connection)
        await _check(connection, books, account_id, found, now)
        await code_store.set_redeemed(connection, found.id, account_id, now)
        posted = await _credit(connection, books, account_id, found, now)
        await _note(connection, books, account_id, found, posted, actor)
    return Redeemed(found.id, found.amount_nano, posted.balance_nano, repeated=False)


async def _check(connection: Connection, books: Books, account_id: UUID, found: Found, now: datetime) -> None:
    if found.redeemed_by is not None:
        raise ActionRefused("code_redeemed", "This code has been redeemed.", field="code")
    if found.is_void:
        raise ActionRefused("code_void", "This code is not valid any more: ask whoever gave it to you.", field="code")
    if found.redeem_until is not None and found.redeem_until <= now:
        raise ActionRefused("code_expired", "The time to redeem this code is over.", field="code")
    if found.most_per_account is not None:
        had = await code_store.count_redeemed(connection, account_id, found.batch_id)
        if had >= found.most_per_account:
            raise ActionRefused(
                "too_many_of_batch",
                f"An account can redeem {found.most_per_account} of these codes.",
                field="code",
                values={"most": found.most_per_account},
            )
    await check_adding(connection, books, account_id, "code", found.amount_nano)


async def _credit(connection: Connection, books: Books, account_id: UUID, found: Found, now: datetime) -> Posted:
    paid = None
    if found.price_minor is not None and found.currency is not None:
        paid = Paid(SOLD, found.price_minor, found.currency)
    # The key is the code's: the ledger, too, lets it credit once.
    return await books.ledger.credit(
        connection,
        account_id,
        found.amount_nano,
        "promo" if paid is None else "paid",
        f"{reference_of(found.id)}:credit",
        reference=reference_of(found.id),
        paid=paid,
        expires_at=now + timedelta(days=found.credit_days) if found.credit_days else None,
    )


async def _note(
    connection: Connection, books: Books, account_id: UUID, found: Found, posted: Posted, actor: Actor
) -> None:
    facts = {
        "amount": format_amount(found.amount_nano),
        "unit": books.policy.unit,
        "balance": format_amount(posted.balance_nano),
    }
    await record(
        connection,
        books.ids,
        actor,
        "code.redeem",
        target=f"code:{found.id}",
        account_id=account_id,
        after={"amount": facts["amount"], "kind": found.kind, "batch_id": str(found.batch_id)},
    )
    key = f"code_redeemed:{found.id}"
    await queue_mail_to_members(
        connection, books.ids, "code_redeemed", account_id, facts, dedupe_key=key, roles=("owner", "billing")
    )
    data = {"code_id": str(found.id), **facts}
    await queue_event(connection, books.ids, account_id, "recharge.credited", data, dedupe_key=key)
