"""A page of the log of calls: jobs that run, jobs that have ended, and calls that were refused, newest first.

The log of an account is read backwards along its ids, which are in the order of time. A filter is applied to what is
met on the way, and after so many rows the page ends, perhaps short, with a cursor to go on from: no filter makes a page
of a busy account slow. Every id is met once, for a job has the same one while it runs and afterwards.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from farebox.domain.job import Outcome
from farebox.kit.ids import NIL, first_id_at, unix_ms_of
from farebox.ledger import job_page_store as store
from farebox.ledger.job_page_store import Source
from farebox.storage.database import Connection

CallStatus = Literal["open", "settled", "voided", "refused"]

LAST_ID = UUID(int=2**128 - 1)
_DAY_MS = 86_400_000
# Each step back is one statement over as few days' partitions as will mostly do.
_STEPS_MS = (_DAY_MS, 7 * _DAY_MS, 60 * _DAY_MS)
# Rows looked at for one page when a filter may leave most of them out.
_MOST_LOOKED_AT = 5_000


class CallFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which calls are asked for; None asks for all. `since` and `until` are of the beginning of a call."""

    key_id: UUID | None = None
    model: str | None = None
    status: CallStatus | None = None
    outcome: Outcome | None = None
    code: str | None = None
    stream: bool | None = None
    least_charge_nano: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def leaves_out(self) -> bool:
        """Whether rows between `since` and `until` may be left out."""
        asked = (self.key_id, self.model, self.outcome, self.code, self.stream, self.least_charge_nano)
        return self.status in ("settled", "voided") or any(value is not None for value in asked)


class LoggedCall(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log; `code` and `http_status` are of refused calls. None is what a call has not got to."""

    id: UUID
    status: CallStatus
    outcome: Outcome | None = None
    code: str | None = None
    http_status: int | None = None
    endpoint: str
    model: str
    stream: bool | None = None
    key_id: UUID
    key_prefix: str
    key_name: str
    created_at: datetime
    finished_at: datetime | None = None
    first_byte_ms: int | None = None
    latency_ms: int | None = None
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    usage_source: str = "none"
    hold_nano: int | None = None
    charge_nano: int | None = None


class CallPage(msgspec.Struct, frozen=True):
    """Calls, and the id to go on before; None: there are no more. A page may be short and have a next one."""

    calls: list[LoggedCall]
    next: UUID | None


async def load_page(
    connection: Connection, account_id: UUID, wanted: CallFilter, before: UUID | None, limit: int, *, now_ms: int
) -> CallPage:
    """Up to `limit` calls of an account older than the one named `before`, as of one moment, about `now_ms`."""
    upper = before or LAST_ID
    if wanted.until is not None:
        upper = min(upper, first_id_at(_unix_ms(wanted.until)))
    floor = NIL if wanted.since is None else first_id_at(_unix_ms(wanted.since))
    found: list[LoggedCall] = []
    seen_down_to = NIL
    # A job that ends between two of the statements would be missed or met twice.
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        for source in _sources(wanted):
            bounds = _lower_bounds(min(unix_ms_of(upper), now_ms), floor)
            calls, edge = await _walk(connection, source, account_id, wanted, upper, bounds, limit + 1)
            found += calls
            seen_down_to = max(seen_down_to, edge)
    # Below the edge of one source, what the others have is kept for the next page.
    met = sorted((call for call in found if call.id >= seen_down_to), key=lambda call: call.id, reverse=True)
    if len(met) > limit:
        return CallPage(met[:limit], met[limit - 1].id)
    return CallPage(met, None if seen_down_to == NIL else seen_down_to)


def _sources(wanted: CallFilter) -> Iterator[Source]:
    """The tables that can hold what is asked for."""
    of_jobs = wanted.outcome is not None or wanted.least_charge_nano is not None
    if wanted.code is None:
        if wanted.status in (None, "settled", "voided"):
            yield "jobs"
        if wanted.status in (None, "open") and not of_jobs:
            yield "holds"
    if wanted.status in (None, "refused") and not of_jobs and wanted.stream is None:
        yield "refusals"


async def _walk(
    connection: Connection,
    source: Source,
    account_id: UUID,
    wanted: CallFilter,
    upper: UUID,
    lower_bounds: Iterator[UUID],
    most: int,
) -> tuple[list[LoggedCall], UUID]:
    """Up to `most` calls of one source, and the id down to which it was looked at: NIL for all of it."""
    found: list[LoggedCall] = []
    left = _MOST_LOOKED_AT if wanted.leaves_out else most
    filters = _filters(source, wanted)
    for lower in lower_bounds:
        rows, looked_at, last = await store.load(
            connection, source, account_id, upper, lower, left, filters, most - len(found)
        )
        found += [LoggedCall(**row) for row in rows]
        if len(found) >= most:
            break
        left -= looked_at
        if left <= 0:
            return found, last
        upper = lower
    return found, NIL


def _lower_bounds(from_ms: int, floor: UUID) -> Iterator[UUID]:
    """Further and further back, down to the floor."""
    for step_ms in _STEPS_MS:
        lower = first_id_at(max(0, from_ms - step_ms))
        if lower <= floor:
            break
        yield lower
    yield floor


def _filters(source: Source, wanted: CallFilter) -> tuple[Any, ...]:
    if source == "refusals":
        return wanted.key_id, wanted.model, wanted.code
    if source == "holds":
        return wanted.key_id, wanted.model, wanted.stream
    return (
        wanted.key_id,
        wanted.model,
        wanted.status,
        wanted.outcome,
        wanted.stream,
        wanted.least_charge_nano,
    )


def _unix_ms(moment: datetime) -> int:
    return max(0, int(moment.timestamp() * 1000))
