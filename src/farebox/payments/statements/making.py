"""Making statements: from the entries themselves, by their gapless versions, so that each begins where the last ended.

An entry is posted under its account's lock, at the moment it has then. So once a month is over, whoever has had the
lock for a moment knows that nothing can be posted into that month any more; what is read after that stays as it is,
and no lock is held while it is read. A clock that was set back puts an entry on the next statement, and on no other.
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from farebox.accounts.details import show_details
from farebox.domain.errors import LedgerError
from farebox.domain.money import format_amount
from farebox.kit.ids import NIL, first_id_at
from farebox.outbox.mail import queue_mail_to_members
from farebox.payments import payment_store
from farebox.payments.books import Books
from farebox.payments.statements import statement_store as store
from farebox.payments.statements.content import Billed, Content, Issuer, Movement, Spend, Sum, differences
from farebox.payments.statements.month import after, begin_of, month_of, months, name_of
from farebox.payments.statements.statement_store import Due, Span
from farebox.storage.database import Connection

# A job's entries have the job's id, which is from when it began; what began earlier is found by a second look.
_BEGAN_BEFORE = timedelta(days=7)


class _MadeMeanwhile(Exception):
    """Somebody else states this account."""


async def state_account(connection: Connection, books: Books, due: Due, end: date, *, page_url: str) -> int:
    """Make the statements of an account for all months before `end`, which is over; how many were made.

    Killed anywhere, the months that were made stand and the next run goes on after them. Raises LedgerError when a
    statement would not add up.
    """
    async with connection.transaction():
        await payment_store.lock_account(connection, due.account_id)
        due = msgspec.structs.replace(due, newest=await store.newest_version(connection, due.account_id))
    first, made = due.until_month or await _first_month(connection, due.account_id), 0
    if first >= end:
        # It has begun in this month: nobody need look at it again before the next.
        await store.mark(connection, due.account_id, end, 0, 0)
    for month in months(first, end):
        if due.version == due.newest and not due.balance_nano:
            # Nothing to state until there is an entry again.
            await store.mark(connection, due.account_id, end, due.version, 0)
            break
        try:
            due, is_made = await _state_month(connection, books, due, month, page_url if after(month) == end else "")
        except _MadeMeanwhile:
            break
        made += is_made
    return made


async def _first_month(connection: Connection, account_id: UUID) -> date:
    first = await store.first_posted(connection, account_id)
    assert first is not None
    return month_of(first)


async def _state_month(connection: Connection, books: Books, due: Due, month: date, page_url: str) -> tuple[Due, bool]:
    span, closing_nano = await _span(connection, due, month)
    content = None
    if closing_nano or due.balance_nano or span.last_version > due.version:
        content = await _content(connection, books, due, month, span, closing_nano)
        problems = differences(content)
        if problems:
            raise LedgerError(f"the statement for {name_of(month)} does not add up: {'; '.join(problems)}")
    async with connection.transaction():
        # Whoever makes statements at the same time waits for the number, and finds the mark moved.
        number = 0 if content is None else await store.next_number(connection)
        if not await store.mark(connection, due.account_id, after(month), span.last_version, closing_nano):
            raise _MadeMeanwhile
        if content is not None:
            statement_id = books.ids.new()
            await store.insert(connection, statement_id, number, due.account_id, month, content)
            if page_url:
                await _tell(connection, books, due.account_id, statement_id, month, page_url)
    moved = msgspec.structs.replace(due, until_month=after(month), version=span.last_version, balance_nano=closing_nano)
    return moved, content is not None


async def _span(connection: Connection, due: Due, month: date) -> tuple[Span, int]:
    """The entries of a month, and the balance after them."""
    begun = begin_of(month) - _BEGAN_BEFORE
    for from_id in (first_id_at(int(begun.timestamp() * 1000)), NIL):
        last, is_last_known = await store.last_version(
            connection, due.account_id, due.version, from_id, begin_of(after(month))
        )
        span = Span(due.account_id, due.version, from_id, last)
        entries, balance_nano = await store.closing(connection, span)
        if entries == last - due.version and (is_last_known or last == due.newest):
            return span, due.balance_nano if balance_nano is None else balance_nano
    raise LedgerError(f"there is a gap among the entries after version {due.version}")


async def _content(
    connection: Connection, books: Books, due: Due, month: date, span: Span, closing_nano: int
) -> Content:
    site, details = books.policy.site, await show_details(connection, due.account_id)
    billing = details.billing
    return Content(
        unit=books.policy.unit,
        month=name_of(month),
        account_id=due.account_id,
        issuer=Issuer(site.name, site.operator, site.contact_mail),
        billed=Billed(details.name, billing.name, billing.tax_id, billing.address, billing.country),
        opening=format_amount(due.balance_nano),
        closing=format_amount(closing_nano),
        sums=tuple(
            Sum(row["kind"], row["count"], format_amount(row["amount_nano"]))
            for row in await store.sums(connection, span)
        ),
        spend=tuple(
            Spend(row["model"], row["jobs"], format_amount(row["amount_nano"]))
            for row in await store.spend(connection, span)
        ),
        movements=tuple(_movement(row) for row in await store.movements(connection, span)),
        first_version=due.version + 1,
        last_version=span.last_version,
    )


def _movement(row: Any) -> Movement:
    return Movement(
        at=row["at"],
        kind=row["kind"],
        amount=format_amount(row["amount_nano"]),
        balance_after=format_amount(row["balance_after_nano"]),
        reference=row["reference"],
        price_minor=row["price_minor"],
        tax_minor=row["tax_minor"],
        currency=row["currency"],
        invoice_url=row["invoice_url"],
    )


async def _tell(
    connection: Connection, books: Books, account_id: UUID, statement_id: UUID, month: date, page_url: str
) -> None:
    await queue_mail_to_members(
        connection,
        books.ids,
        "statement_ready",
        account_id,
        {"period": name_of(month), "link": page_url},
        dedupe_key=f"statement_ready:{statement_id}",
        roles=("owner", "billing"),
    )
