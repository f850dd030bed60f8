"""The daily comparison: what providers list, what is known of payments, and what the wash book holds.

A payment that was missed is applied like any other fact, and credited; that it had to be found this way is a case. Each
comparison is a line of the audit trail, so that "nothing differs" can be told from "nobody looked".
"""

from datetime import UTC, datetime, timedelta

from farebox.audit.record import record, system
from farebox.cases.case import open_case
from farebox.domain.errors import LedgerError
from farebox.domain.money import format_amount
from farebox.kit.logging import Logger
from farebox.ledger.posting import Paid
from farebox.payments import payment_store, reconcile_store
from farebox.payments.books import Books
from farebox.payments.fact import PaymentFact
from farebox.payments.merging import apply_fact
from farebox.payments.provider import PaymentProvider
from farebox.payments.reconcile_store import KnownPayment
from farebox.storage.database import Connection

_LOOK_BACK = timedelta(days=7)
# A payment of the last minutes may be on its way to either side.
_SETTLED = timedelta(minutes=30)
_MOST_SHOWN = 20
COMPARED = "reconciliation.compare"
_DUTY = system("reconciliation")


async def reconcile_provider(connection: Connection, books: Books, provider: PaymentProvider) -> list[str]:
    """Compare the payments of the last days one by one; the differences, of which a case has been made.

    Raises ProviderAway or ProviderRefused when the provider does not list them.
    """
    now = await payment_store.now(connection)
    since = now - _LOOK_BACK
    known = await reconcile_store.load_known(connection, provider.name, since)
    listed: set[str] = set()
    found = []
    async for fact in provider.list_payments(since):
        if fact.state == "paid":
            listed.add(fact.payment_ref)
        ours = known.get(fact.payment_ref) or await reconcile_store.load_one(
            connection, provider.name, fact.payment_ref
        )
        difference = _difference(fact, ours)
        if difference and fact.occurred_at < now - _SETTLED:
            found.append(f"{fact.payment_ref}: {difference}")
        try:
            if difference:
                await apply_fact(connection, books, fact)
        except LedgerError as error:
            # One that cannot be posted must not keep the others from being compared.
            found.append(f"{fact.payment_ref}: {error}")
    # The ends of the span may be cut differently over there.
    inner = await reconcile_store.load_known(connection, provider.name, since + _SETTLED)
    found += [f"{ref}: the provider does not list it" for ref in inner if ref not in listed and ref in known]
    await _report(connection, books, provider.name, len(known.keys() | listed), found)
    return found


async def note_away(connection: Connection, books: Books, provider: str, error: str) -> None:
    """A provider that did not tell its payments was not compared, and whoever looks has to see that."""
    await record(
        connection, books.ids, _DUTY, COMPARED, target=f"payments:{provider}", after={"compared": 0, "failure": error}
    )


async def reconcile_wash(connection: Connection, books: Books, logger: Logger) -> list[str]:
    """Compare what payments have posted with the wash book, per provider and currency."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        posted = await reconcile_store.load_posted(connection)
        washed = await reconcile_store.load_washed(connection)
    found = []
    for (provider, currency), minor in sorted(posted.items()):
        held_nano = washed.get(f"{provider}:{currency}", 0)
        wanted_nano = Paid(provider, minor, currency).nano
        if held_nano != wanted_nano:
            said, held = format_amount(wanted_nano), format_amount(held_nano)
            found.append(f"{provider}:{currency}: payments say {said}, the wash book {held}")
    if found:
        logger.critical("wash_book_differs", problems=found)
    await _report(connection, books, "wash", len(posted), found)
    return found


def _difference(fact: PaymentFact, known: KnownPayment | None) -> str:
    if known is None:
        # A refund or a dispute of what is not listed as paid, and not known: something else is sold there, too.
        return "no event has told of it" if fact.state == "paid" else ""
    if fact.gross_minor is not None and (fact.gross_minor, fact.currency) != (known.gross_minor, known.currency):
        return f"{fact.gross_minor} {fact.currency} there, {known.gross_minor} {known.currency} here"
    if fact.refund is not None and f"{fact.refund.ref} {fact.refund.state}" not in known.refunds:
        return f"refund {fact.refund.ref} is {fact.refund.state} there"
    if fact.dispute is not None and f"{fact.dispute.ref} {fact.dispute.state}" not in known.disputes:
        return f"dispute {fact.dispute.ref} is {fact.dispute.state} there"
    if fact.refunded_minor is not None and fact.refunded_minor != known.refunded_minor:
        return f"{fact.refunded_minor} refunded there, {known.refunded_minor} here"
    return ""


async def _report(connection: Connection, books: Books, what: str, compared: int, found: list[str]) -> None:
    shown = found[:_MOST_SHOWN]
    async with connection.transaction():
        await record(
            connection,
            books.ids,
            _DUTY,
            COMPARED,
            target=f"payments:{what}",
            after={"compared": compared, "differences": len(found), "found": shown},
        )
        if found:
            await open_case(
                connection,
                books.ids,
                "reconciliation",
                f"payments:{what}",
                facts={"found": len(found), f"on {datetime.now(UTC).date()}": shown},
            )
