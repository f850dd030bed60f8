"""The account's statement: each transaction that changed the balance, with the balance after it, newest first.

Lines are in the order in which they were posted, so that each balance follows from the next line's. That order is the
entries' gapless version; a job's transaction has the job's id, which tells when it began, so pages are read along the
ids and are complete when no version is missing. A page of one kind has gaps anyway and goes by ids alone.
"""

from datetime import datetime
from itertools import pairwise
from uuid import UUID

import msgspec

from farebox.kit.ids import first_id_at
from farebox.ledger import statement_store as store
from farebox.ledger.job_page import LAST_ID
from farebox.ledger.statement_store import Row
from farebox.storage.database import Connection

# References to payments are the customer's business; what an operator noted on a grant is not.
_WITH_REFERENCE = frozenset(("recharge", "promo", "claw_back", "restore", "refund"))
# Jobs that run side by side end in another order than they began in; a late one makes us look further back.
_FIRST_LOOK = 400
_FURTHER = 8
# Ids come from the clocks of other machines.
_AHEAD_MS = 60_000


class StatementLine(msgspec.Struct, frozen=True):
    """One transaction. `job_id` is of a charge and its adjustments, `reference` names a payment."""

    txn_id: UUID
    posted_at: datetime
    kind: str
    amount_nano: int
    balance_after_nano: int
    job_id: UUID | None
    reference: str


class StatementFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines are asked for; None asks for all. Times are of posting."""

    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class StatementPage(msgspec.Struct, frozen=True):
    """Lines, and the id to go on before; None: there are no more."""

    lines: list[StatementLine]
    next: UUID | None


async def load_page(
    connection: Connection, account_id: UUID, wanted: StatementFilter, before: UUID | None, limit: int
) -> StatementPage:
    """Up to `limit` lines older than the one named `before`, as of one moment."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if wanted.kind is None:
            rows = await _all(connection, account_id, wanted, before, limit + 1)
        elif wanted.kind == "charge":
            rows = await store.load_charges(connection, account_id, *_bounds(wanted, before), limit + 1)
        else:
            rows = await store.load_kind(connection, account_id, wanted.kind, *_bounds(wanted, before), limit + 1)
    lines = [_line(row) for row in rows]
    if len(lines) > limit:
        return StatementPage(lines[:limit], lines[limit - 1].txn_id)
    return StatementPage(lines, None)


def _bounds(wanted: StatementFilter, before: UUID | None) -> tuple[UUID, datetime | None, datetime | None]:
    return before or LAST_ID, wanted.since, wanted.until


async def _all(
    connection: Connection, account_id: UUID, wanted: StatementFilter, before: UUID | None, most: int
) -> list[Row]:
    below = upper = None
    if before is not None:
        below, posted_at = await store.place_of(connection, account_id, before)
        if below is None or posted_at is None:
            return []
        upper = posted_at
    if wanted.until is not None and (upper is None or wanted.until < upper):
        upper = wanted.until
    look, ahead_ms = max(_FIRST_LOOK, 4 * most), _AHEAD_MS
    while True:
        # Whatever was posted up to then had begun by then.
        top = LAST_ID if upper is None else first_id_at(int(upper.timestamp() * 1000) + ahead_ms)
        rows, looked_at = await store.load_newest(
            connection, account_id, top, below, wanted.until, look=look, limit=most
        )
        if looked_at < look or _is_gapless(rows, below, most):
            return [row for row in rows if wanted.since is None or row.posted_at >= wanted.since]
        look, ahead_ms = look * _FURTHER, ahead_ms * _FURTHER


def _is_gapless(rows: list[Row], below: int | None, most: int) -> bool:
    """Whether no posted line can be missing among these."""
    if len(rows) < most or (below is not None and rows[0].last_version != below - 1):
        return False
    return all(row.first_version == older.last_version + 1 for row, older in pairwise(rows))


def _line(row: Row) -> StatementLine:
    job_id = None
    if row.kind == "charge":
        job_id = row.txn_id
    elif row.reference.startswith("job:"):
        job_id = UUID(row.reference.removeprefix("job:"))
    return StatementLine(
        txn_id=row.txn_id,
        posted_at=row.posted_at,
        kind=row.kind,
        amount_nano=row.amount_nano,
        balance_after_nano=row.balance_after_nano,
        job_id=job_id,
        reference=row.reference if row.kind in _WITH_REFERENCE else "",
    )
