"""SQL of the rows that receipts are made of: jobs that have ended, and holds of those that run."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from farebox.kit.ids import NIL, first_id_at

# What an operator may want to make good for.
Doubt = Literal["delivery_unknown", "written_off"]

ENDED = """
SELECT job.id, job.status, job.outcome, job.endpoint, job.model, job.stream, api_key.prefix, api_key.kind AS key_kind,
       job.created_at, job.finished_at, job.first_byte_ms, job.latency_ms, job.input_tokens, job.cached_input_tokens,
       job.cache_write_tokens, job.output_tokens, job.reasoning_tokens, job.usage_extra::text AS usage_extra,
       job.usage_source, job.rate_card_id, job.factor_ppm, job.hold_nano, job.charge_nano, job.write_off_nano,
       job.balance_after_nano, job.delivery_unknown
FROM job JOIN api_key ON api_key.id = job.key_id
"""

OPEN = """
SELECT hold.job_id AS id, hold.endpoint, hold.model, hold.stream, api_key.prefix, hold.admitted_at AS created_at,
       hold.rate_card_id, hold.factor_ppm, hold.amount_nano AS hold_nano
FROM hold JOIN api_key ON api_key.id = hold.key_id
"""

# By id, and so by time, there is no index but the days: the bound keeps a page of a busy deployment from sorting all.
_ENDED_SINCE = f"{ENDED} WHERE job.id >= $2 ORDER BY job.id DESC LIMIT $1"
_ENDED_OF_ACCOUNT = f"{ENDED} WHERE job.account_id = $2 ORDER BY job.id DESC LIMIT $1"
_ENDED_ONE = f"{ENDED} WHERE job.id = $1"
_ENDED_ONE_OF_ACCOUNT = f"{ENDED} WHERE job.id = $1 AND job.account_id = $2"
_OPEN_ALL = f"{OPEN} ORDER BY hold.job_id DESC LIMIT $1"
_OPEN_OF_ACCOUNT = f"{OPEN} WHERE hold.account_id = $2 ORDER BY hold.job_id DESC LIMIT $1"
_OPEN_ONE = f"{OPEN} WHERE hold.job_id = $1"
_OPEN_ONE_OF_ACCOUNT = f"{OPEN} WHERE hold.job_id = $1 AND hold.account_id = $2"

# Each has an index that holds such jobs only.
_IN_DOUBT: dict[Doubt, str] = {
    "delivery_unknown": (
        f"{ENDED} WHERE job.delivery_unknown AND ($2::uuid IS NULL OR job.account_id = $2) "
        "ORDER BY job.id DESC LIMIT $1"
    ),
    "written_off": (
        f"{ENDED} WHERE job.write_off_nano > 0 AND ($2::uuid IS NULL OR job.account_id = $2) "
        "ORDER BY job.id DESC LIMIT $1"
    ),
}

_MINUTE_MS = 60_000
_LOOK_BACK_MS = (_MINUTE_MS, 60 * _MINUTE_MS, 24 * 60 * _MINUTE_MS, 30 * 24 * 60 * _MINUTE_MS)


async def load_ended(connection: Any, job_id: UUID, account_id: UUID | None = None) -> Any:
    """The row of an ended job, of this account if one is given; or None."""
    if account_id is None:
        return await connection.fetchrow(_ENDED_ONE, job_id)
    return await connection.fetchrow(_ENDED_ONE_OF_ACCOUNT, job_id, account_id)


async def load_open(connection: Any, job_id: UUID, account_id: UUID | None = None) -> Any:
    """The hold of a running job, of this account if one is given; or None."""
    if account_id is None:
        return await connection.fetchrow(_OPEN_ONE, job_id)
    return await connection.fetchrow(_OPEN_ONE_OF_ACCOUNT, job_id, account_id)


async def newest_open(connection: Any, account_id: UUID | None, limit: int) -> Sequence[Any]:
    if account_id is None:
        return list(await connection.fetch(_OPEN_ALL, limit))
    return list(await connection.fetch(_OPEN_OF_ACCOUNT, limit, account_id))


async def newest_ended(connection: Any, account_id: UUID | None, limit: int, *, now_ms: int) -> Sequence[Any]:
    """The newest ended jobs of one account or, as of about `now_ms`, of all."""
    if account_id is not None:
        return list(await connection.fetch(_ENDED_OF_ACCOUNT, limit, account_id))
    # Further and further back until there are enough.
    for back_ms in _LOOK_BACK_MS:
        rows: list[Any] = await connection.fetch(_ENDED_SINCE, limit, first_id_at(now_ms - back_ms))
        if len(rows) >= limit:
            return rows
    return list(await connection.fetch(_ENDED_SINCE, limit, NIL))


async def newest_in_doubt(connection: Any, doubt: Doubt, account_id: UUID | None, limit: int) -> Sequence[Any]:
    """The newest jobs of one account or of all that were charged and perhaps not delivered, or not charged in full."""
    return list(await connection.fetch(_IN_DOUBT[doubt], limit, account_id))
