"""SQL of the log of jobs over all accounts."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from farebox.domain.job import Outcome
from farebox.ledger.receipt_store import Doubt
from farebox.storage.database import Connection

_COLUMNS = """
SELECT job.id, job.account_id, job.key_id, job.status, job.outcome, job.endpoint, job.model, job.stream, job.created_at,
       job.finished_at, job.first_byte_ms, job.latency_ms, job.input_tokens, job.output_tokens, job.usage_source,
       job.channel_id, channel.name AS channel, job.provider_request_id, job.charge_nano,
       job.cost_nano + coalesce(job_hedge.cost_nano, 0) AS cost_nano, job.write_off_nano, job.delivery_unknown,
       (SELECT coalesce(sum(original_nano), 0)::bigint FROM lot
        WHERE lot.account_id = job.account_id AND lot.reference = 'job:' || job.id) AS adjusted_nano
"""

_BESIDE = """
LEFT JOIN job_hedge ON job_hedge.account_id = job.account_id AND job_hedge.job_id = job.id
LEFT JOIN channel ON channel.id = job.channel_id
"""

_FILTER = """
WHERE ($4::uuid IS NULL OR job.key_id = $4) AND ($5::text IS NULL OR job.model = $5)
  AND ($6::uuid IS NULL OR job.channel_id = $6 OR job_hedge.channel_id = $6)
  AND ($7::text IS NULL OR job.status = $7) AND ($8::text IS NULL OR job.outcome = $8)
  AND ($9::bigint IS NULL OR job.cost_nano + coalesce(job_hedge.cost_nano, 0) >= $9)
  AND ($10::boolean IS NULL OR (job.cost_nano + coalesce(job_hedge.cost_nano, 0) > job.charge_nano) = $10)
"""

_FROM_ACCOUNT = """
FROM (SELECT * FROM job WHERE account_id = $11 AND id < $1 AND id >= $2 ORDER BY id DESC LIMIT $12) AS job
"""

_OF_ACCOUNT = f"{_COLUMNS} {_FROM_ACCOUNT} {_BESIDE} {_FILTER} ORDER BY job.id DESC LIMIT $3"

_ACCOUNT_SEEN = """
SELECT count(*)::integer AS looked_at, (array_agg(id ORDER BY id))[1] AS last
FROM (SELECT id FROM job WHERE account_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4) AS seen
"""

_BETWEEN = f"""{_COLUMNS}
FROM job {_BESIDE} {_FILTER} AND job.id < $1 AND job.id >= $2
ORDER BY job.id DESC LIMIT $3
"""

# Each has an index that holds such jobs only.
_IN_DOUBT = {
    "delivery_unknown": f"""{_COLUMNS}
FROM job {_BESIDE} {_FILTER} AND job.id < $1 AND job.id >= $2 AND ($11::uuid IS NULL OR job.account_id = $11)
  AND job.delivery_unknown
ORDER BY job.id DESC LIMIT $3
""",
    "written_off": f"""{_COLUMNS}
FROM job {_BESIDE} {_FILTER} AND job.id < $1 AND job.id >= $2 AND ($11::uuid IS NULL OR job.account_id = $11)
  AND job.write_off_nano > 0
ORDER BY job.id DESC LIMIT $3
""",
}

_ONE = f"{_COLUMNS} FROM job {_BESIDE} WHERE job.id = $1"

_MARK = "SELECT until_ms FROM usage_mark"

_LAST_HOUR = """
SELECT hour FROM margin_hour
WHERE hour < $1 AND ($2::text IS NULL OR model = $2) AND ($3::uuid IS NULL OR channel_id = $3)
ORDER BY hour DESC LIMIT 1
"""


class JobFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which jobs are asked for; None asks for all. `since` and `until` are of the beginning."""

    account_id: UUID | None = None
    key_id: UUID | None = None
    model: str | None = None
    channel_id: UUID | None = None
    status: Literal["settled", "voided"] | None = None
    outcome: Outcome | None = None
    least_cost_nano: int | None = None
    is_loss: bool | None = None
    doubt: Doubt | None = None
    since: datetime | None = None
    until: datetime | None = None


class OperatorJob(msgspec.Struct, frozen=True):
    """One job. `cost_nano` is of both provider calls of a hedged job; `adjusted_nano` was given back of the charge."""

    id: UUID
    account_id: UUID
    key_id: UUID
    status: Literal["settled", "voided"]
    outcome: Outcome
    endpoint: str
    model: str
    stream: bool
    created_at: datetime
    finished_at: datetime
    first_byte_ms: int | None
    latency_ms: int | None
    input_tokens: int
    output_tokens: int
    usage_source: str
    channel_id: UUID | None
    channel: str | None
    provider_request_id: str | None
    charge_nano: int
    cost_nano: int
    write_off_nano: int
    delivery_unknown: bool
    adjusted_nano: int


async def load_of_account(
    connection: Connection,
    account_id: UUID,
    wanted: JobFilter,
    upper: UUID,
    lower: UUID,
    limit: int,
    most_looked_at: int,
) -> tuple[list[OperatorJob], UUID | None]:
    """Jobs of one account, and the id down to which it was looked at; None: to the end."""
    rows = await connection.fetch(_OF_ACCOUNT, upper, lower, limit, *_filters(wanted), account_id, most_looked_at)
    seen = await connection.fetchrow(_ACCOUNT_SEEN, account_id, upper, lower, most_looked_at)
    assert seen is not None
    return _jobs(rows), seen["last"] if seen["looked_at"] == most_looked_at else None


async def load_between(
    connection: Connection, wanted: JobFilter, upper: UUID, lower: UUID, limit: int
) -> list[OperatorJob]:
    """Jobs of all accounts from below `upper` down to `lower`, newest first."""
    return _jobs(await connection.fetch(_BETWEEN, upper, lower, limit, *_filters(wanted)))


async def load_in_doubt(
    connection: Connection, wanted: JobFilter, upper: UUID, lower: UUID, limit: int
) -> list[OperatorJob]:
    """Jobs that were charged and perhaps not delivered, or not charged in full."""
    assert wanted.doubt is not None
    statement = _IN_DOUBT[wanted.doubt]
    return _jobs(await connection.fetch(statement, upper, lower, limit, *_filters(wanted), wanted.account_id))


async def load_one(connection: Connection, job_id: UUID) -> OperatorJob | None:
    found = _jobs(await connection.fetch(_ONE, job_id))
    return found[0] if found else None


async def load_mark_ms(connection: Connection) -> int:
    """Up to when the rollups have everything."""
    until_ms: int = await connection.fetchval(_MARK)
    return until_ms


async def last_hour_with(connection: Connection, wanted: JobFilter, before: datetime) -> datetime | None:
    """The newest hour that began before a moment and has jobs of this model and channel."""
    hour: datetime | None = await connection.fetchval(_LAST_HOUR, before, wanted.model, wanted.channel_id)
    return hour


def _filters(wanted: JobFilter) -> tuple[Any, ...]:
    return (
        wanted.key_id,
        wanted.model,
        wanted.channel_id,
        wanted.status,
        wanted.outcome,
        wanted.least_cost_nano,
        wanted.is_loss,
    )


def _jobs(rows: list[Any]) -> list[OperatorJob]:
    return [OperatorJob(**row) for row in rows]
