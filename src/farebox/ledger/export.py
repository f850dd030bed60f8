"""The whole ledger as text, for spreadsheets (csv) and plain-text accounting (beancount, hledger).

Streams from the server, so that a ledger of any size fits. In the books of the exports an operator's accountant expects
the usual signs: assets and expenses positive, liabilities and income negative; that is the ledger's own sign turned.
"""

import csv
import io
import re
from collections.abc import AsyncIterator, Iterable
from typing import Any, Literal

from farebox.domain.money import format_amount
from farebox.ledger import audit_store
from farebox.storage.database import Connection

Format = Literal["csv", "beancount", "hledger"]

_CSV_HEADER = (
    "posted_at",
    "txn_id",
    "kind",
    "account_id",
    "seq",
    "book",
    "detail",
    "unit",
    "amount",
    "balance_after",
    "version",
)

# Where each book stands in a chart of accounts.
_CHART = {
    "customer": "Liabilities:Customers",
    "revenue": "Income:Revenue",
    "promo": "Expenses:Promotions",
    "adjustments": "Expenses:Adjustments",
    "breakage": "Income:Breakage",
    "write-off": "Expenses:WriteOff",
    "receivable": "Assets:Receivable",
    "wash": "Assets:Wash",
    "exchange": "Equity:Exchange",
}
_OF_ONE_ACCOUNT = ("customer", "receivable")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9]+")


async def export(connection: Connection, output: Format) -> AsyncIterator[str]:
    """Pieces of text that together are the export, as of one moment."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if output == "csv":
            yield _csv_line(_CSV_HEADER)
            async for row in audit_store.all_entries(connection):
                yield _csv_line(_csv_values(row))
            return
        for line in _opening(output, await audit_store.load_books(connection)):
            yield line
        async for text in _transactions(connection, output):
            yield text


def _csv_values(row: Any) -> tuple[str, ...]:
    after_nano, version = row["balance_after_nano"], row["version"]
    return (
        row["posted_at"].isoformat(),
        str(row["txn_id"]),
        row["kind"],
        str(row["account_id"]),
        str(row["seq"]),
        row["book"],
        row["detail"],
        row["unit"],
        format_amount(row["amount_nano"]),
        "" if after_nano is None else format_amount(after_nano),
        "" if version is None else str(version),
    )


def _csv_line(values: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(values)
    return line.getvalue()


def _opening(output: Format, books: list[Any]) -> Iterable[str]:
    if output == "beancount":
        yield 'option "title" "Farebox"\n'
    # Two details may share a name once they are spelled as names.
    for name in dict.fromkeys(_account_name(row["book"], row["detail"], row["account_id"]) for row in books):
        yield f"1970-01-01 open {name}\n" if output == "beancount" else f"account {name}\n"


async def _transactions(connection: Connection, output: Format) -> AsyncIterator[str]:
    current: Any = None
    async for row in audit_store.all_entries(connection):
        if row["txn_id"] != current:
            current = row["txn_id"]
            yield _heading(output, row)
        name = _account_name(row["book"], row["detail"], row["account_id"])
        yield f"  {name}  {format_amount(-row['amount_nano'])} {_commodity(row['unit'])}\n"


def _heading(output: Format, row: Any) -> str:
    date, kind, txn_id = row["posted_at"].date().isoformat(), row["kind"], row["txn_id"]
    if output == "beancount":
        return f'\n{date} * "{kind}"\n  txn: "{txn_id}"\n'
    return f"\n{date} * {kind}  ; txn:{txn_id}\n"


def _account_name(book: str, detail: str, account_id: Any) -> str:
    parts = [_CHART[book]]
    if book in _OF_ONE_ACCOUNT:
        # The details of these books mark single entries (an overrun), they do not divide the book.
        parts.append(f"A-{account_id}")
    else:
        parts += [_part(word) for word in detail.split(":") if word]
    return ":".join(parts)


def _part(word: str) -> str:
    """A name as both tools take it: letters, digits and dashes, the first a capital or a digit."""
    plain = _NOT_IN_A_NAME.sub("-", word).strip("-") or "Other"
    return plain[0].upper() + plain[1:]


def _commodity(unit: str) -> str:
    return _NOT_IN_A_NAME.sub("", unit).upper()
