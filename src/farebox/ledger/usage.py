"""What an account used and was charged, by day or hour, split by model, key or member.

Read from the rollup, and from the jobs themselves above its mark: together every job that has ended, once.
"""

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.kit.ids import first_id_at
from farebox.ledger import usage_store as store
from farebox.ledger.rollup import HOUR_MS
from farebox.storage.database import Connection

Step = Literal["hour", "day"]
Split = Literal["nothing", "model", "key", "member"]

_LONGEST_DAYS: dict[Step, int] = {"hour": 31, "day": 400}
_DAY_MS = 24 * HOUR_MS
MOST_POINTS = 20_000


class Span(msgspec.Struct, frozen=True):
    """From a whole hour (UTC) to before another."""

    since: datetime
    until: datetime

    @property
    def ids(self) -> tuple[UUID, UUID]:
        """The smallest id in it, and the smallest after it."""
        return first_id_at(_ms(self.since)), first_id_at(_ms(self.until))


class UsagePoint(msgspec.Struct, frozen=True):
    """One step of one label: a model, or the id of a key or a member; '' when it is not split, or nobody's."""

    at: datetime
    label: str
    jobs: int
    voided: int
    input_tokens: int
    cached_input_tokens: int
    cache_write_tokens: int
    output_tokens: int
    reasoning_tokens: int
    charge_nano: int


class Spent(msgspec.Struct, frozen=True):
    """What was charged today, this month, and in the last seven days (UTC)."""

    today_nano: int
    month_nano: int
    week_nano: int


def span_of(step: Step, since: datetime | None, until: datetime | None, now: datetime) -> Span:
    """Whole hours or days that hold what is asked for; without a beginning, the last day or the last thirty."""
    whole_ms = HOUR_MS if step == "hour" else _DAY_MS
    end_ms = -(-_ms(until or now) // whole_ms) * whole_ms
    default_ms = end_ms - (_DAY_MS if step == "hour" else 30 * _DAY_MS)
    begin_ms = default_ms if since is None else _ms(since) // whole_ms * whole_ms
    if begin_ms >= end_ms:
        raise ActionRefused("invalid_request", "The span must end after it begins.", status=422, field="until")
    if end_ms - begin_ms > (_LONGEST_DAYS[step] + 1) * _DAY_MS:
        raise ActionRefused(
            "invalid_request", f"By the {step}, ask for at most {_LONGEST_DAYS[step]} days.", status=422, field="since"
        )
    return Span(_moment(begin_ms), _moment(end_ms))


async def load_series(
    connection: Connection, account_id: UUID, step: Step, split: Split, span: Span
) -> list[UsagePoint]:
    """Points in the order of time, then label; steps without calls are left out."""
    rows = await store.load_series(connection, account_id, step, split, span.since, span.until, span.ids, MOST_POINTS)
    if len(rows) > MOST_POINTS:
        raise ActionRefused(
            "too_many_points", "This is more than one answer holds: ask for a shorter span.", status=422, field="since"
        )
    return [UsagePoint(**row) for row in rows]


async def load_spent(connection: Connection, account_id: UUID, now: datetime) -> Spent:
    """Charges of calls that began in these spans."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    month = today.replace(day=1)
    week = _moment(_ms(now) // HOUR_MS * HOUR_MS - 7 * _DAY_MS)
    begin = min(month, week)
    return Spent(**await store.load_spent(connection, account_id, begin, first_id_at(_ms(begin)), today, month, week))


def _ms(moment: datetime) -> int:
    return max(0, int(moment.timestamp() * 1000))


def _moment(unix_ms: int) -> datetime:
    return datetime.fromtimestamp(unix_ms / 1000, UTC)
