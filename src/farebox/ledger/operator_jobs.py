"""The log of jobs over all accounts, with what only the operator sees: channel, cost, write-off, delivery in doubt.

One account's jobs are read along its ids, jobs in doubt by the indexes that hold nothing else. All others have no index
but the time inside their ids: they are read piece of time by piece of time, and the rollup of margins tells which hours
have any of the kind that is asked for.
"""

from datetime import UTC, datetime
from uuid import UUID

import msgspec

from farebox.kit.ids import NIL, first_id_at, unix_ms_of
from farebox.ledger import operator_jobs_store as store
from farebox.ledger.job_page import LAST_ID
from farebox.ledger.operator_jobs_store import JobFilter, OperatorJob
from farebox.ledger.rollup import HOUR_MS
from farebox.storage.database import Connection

_FIRST_PIECE_MS = 60_000
_MOST_PIECES = 8
_MOST_LOOKED_AT = 20_000


class JobPage(msgspec.Struct, frozen=True):
    """Jobs, and the id to go on before; None: there are no more. A page may be short and have a next one."""

    jobs: list[OperatorJob]
    next: UUID | None


async def load_page(
    connection: Connection, wanted: JobFilter, before: UUID | None, limit: int, *, now_ms: int
) -> JobPage:
    """Up to `limit` jobs older than the one named `before`, newest first."""
    upper = before or LAST_ID
    if wanted.until is not None:
        upper = min(upper, first_id_at(_ms(wanted.until)))
    floor = NIL if wanted.since is None else first_id_at(_ms(wanted.since))
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        if wanted.doubt is not None:
            jobs = await store.load_in_doubt(connection, wanted, upper, floor, limit + 1)
            return _page(jobs, limit, None)
        if wanted.account_id is not None:
            jobs, edge = await store.load_of_account(
                connection, wanted.account_id, wanted, upper, floor, limit + 1, _MOST_LOOKED_AT
            )
            return _page(jobs, limit, edge)
        jobs, edge = await _by_time(connection, wanted, upper, floor, limit + 1, now_ms)
    return _page(jobs, limit, edge)


async def load_one(connection: Connection, job_id: UUID) -> OperatorJob | None:
    """An ended job of any account."""
    return await store.load_one(connection, job_id)


def _page(jobs: list[OperatorJob], limit: int, edge: UUID | None) -> JobPage:
    if len(jobs) > limit:
        return JobPage(jobs[:limit], jobs[limit - 1].id)
    return JobPage(jobs, edge)


async def _by_time(
    connection: Connection, wanted: JobFilter, upper: UUID, floor: UUID, most: int, now_ms: int
) -> tuple[list[OperatorJob], UUID | None]:
    found: list[OperatorJob] = []
    upper_ms, piece_ms = min(unix_ms_of(upper), now_ms), _FIRST_PIECE_MS
    for _ in range(_MOST_PIECES):
        lower_ms = max(0, upper_ms - piece_ms)
        lower = max(floor, first_id_at(lower_ms))
        found += await store.load_between(connection, wanted, upper, lower, most - len(found))
        if len(found) >= most or lower == floor:
            return found, None
        upper, upper_ms, piece_ms = lower, lower_ms, HOUR_MS
        # Whatever the rollup knows nothing of is younger than its mark, and looked at as it is.
        mark_ms = await store.load_mark_ms(connection)
        if upper_ms <= mark_ms:
            hour = await store.last_hour_with(connection, wanted, datetime.fromtimestamp(upper_ms / 1000, UTC))
            if hour is None:
                return found, None
            end_ms = _ms(hour) + HOUR_MS
            if end_ms < upper_ms:
                upper, upper_ms = first_id_at(end_ms), end_ms
            piece_ms = upper_ms - _ms(hour)
    return found, upper


def _ms(moment: datetime) -> int:
    return max(0, int(moment.timestamp() * 1000))
