"""SQL of the log of calls: three sources, each read backwards along (account_id, id) between two ids.

What a filter leaves out is left out above the LIMIT, so that it bounds what is looked at and not only what is found.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from farebox.storage.database import Connection

_JOBS = """
SELECT seen.id, seen.status, outcome, endpoint, model, stream, key_id, coalesce(api_key.prefix, '') AS key_prefix,
       coalesce(api_key.name, '') AS key_name, seen.created_at, finished_at, first_byte_ms, latency_ms, input_tokens,
       cached_input_tokens, output_tokens, reasoning_tokens, usage_source, hold_nano, charge_nano
FROM (SELECT * FROM job WHERE account_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4) AS seen
LEFT JOIN api_key ON api_key.id = seen.key_id
WHERE ($6::uuid IS NULL OR seen.key_id = $6) AND ($7::text IS NULL OR seen.model = $7)
  AND ($8::text IS NULL OR seen.status = $8) AND ($9::text IS NULL OR seen.outcome = $9)
  AND ($10::boolean IS NULL OR seen.stream = $10) AND ($11::bigint IS NULL OR seen.charge_nano >= $11)
ORDER BY seen.id DESC LIMIT $5
"""

_JOBS_SEEN = """
SELECT count(*)::integer AS looked_at, (array_agg(id ORDER BY id))[1] AS last
FROM (SELECT id FROM job WHERE account_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4) AS seen
"""

_HOLDS = """
SELECT seen.job_id AS id, 'open' AS status, endpoint, model, stream, key_id, coalesce(api_key.prefix, '') AS key_prefix,
       coalesce(api_key.name, '') AS key_name, admitted_at AS created_at, amount_nano AS hold_nano
FROM (SELECT * FROM hold WHERE account_id = $1 AND job_id < $2 AND job_id >= $3 ORDER BY job_id DESC LIMIT $4) AS seen
LEFT JOIN api_key ON api_key.id = seen.key_id
WHERE ($6::uuid IS NULL OR seen.key_id = $6) AND ($7::text IS NULL OR seen.model = $7)
  AND ($8::boolean IS NULL OR seen.stream = $8)
ORDER BY seen.job_id DESC LIMIT $5
"""

_HOLDS_SEEN = """
SELECT count(*)::integer AS looked_at, (array_agg(job_id ORDER BY job_id))[1] AS last
FROM (SELECT job_id FROM hold WHERE account_id = $1 AND job_id < $2 AND job_id >= $3 ORDER BY job_id DESC LIMIT $4)
    AS seen
"""

_REFUSALS = """
SELECT seen.id, 'refused' AS status, code, seen.status AS http_status, endpoint, model, key_id,
       coalesce(api_key.prefix, '') AS key_prefix, coalesce(api_key.name, '') AS key_name, at AS created_at
FROM (SELECT * FROM refusal WHERE account_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4) AS seen
LEFT JOIN api_key ON api_key.id = seen.key_id
WHERE ($6::uuid IS NULL OR seen.key_id = $6) AND ($7::text IS NULL OR seen.model = $7)
  AND ($8::text IS NULL OR seen.code = $8)
ORDER BY seen.id DESC LIMIT $5
"""

_REFUSALS_SEEN = """
SELECT count(*)::integer AS looked_at, (array_agg(id ORDER BY id))[1] AS last
FROM (SELECT id FROM refusal WHERE account_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4) AS seen
"""

_REFUSAL = """
SELECT refusal.id, 'refused' AS status, code, refusal.status AS http_status, endpoint, model, key_id,
       coalesce(api_key.prefix, '') AS key_prefix, coalesce(api_key.name, '') AS key_name, at AS created_at
FROM refusal LEFT JOIN api_key ON api_key.id = refusal.key_id
WHERE refusal.account_id = $1 AND refusal.id = $2
"""

# What was given back of a job's charge: each is a lot of its own.
_ADJUSTED = """
SELECT coalesce(sum(original_nano), 0)::bigint FROM lot WHERE account_id = $1 AND reference = $2
"""


class Source(msgspec.Struct, frozen=True):
    """A table of calls: its rows that pass a filter, and how many rows there are between two ids."""

    rows: str
    seen: str


JOBS = Source(_JOBS, _JOBS_SEEN)
HOLDS = Source(_HOLDS, _HOLDS_SEEN)
REFUSALS = Source(_REFUSALS, _REFUSALS_SEEN)


async def load(
    connection: Connection,
    source: Source,
    account_id: UUID,
    upper: UUID,
    lower: UUID,
    most_looked_at: int,
    filters: Sequence[Any],
    limit: int,
) -> list[Any]:
    """Rows from below `upper` down to `lower`, newest first, that pass the source's filters."""
    return list(await connection.fetch(source.rows, account_id, upper, lower, most_looked_at, limit, *filters))


async def count(
    connection: Connection, source: Source, account_id: UUID, upper: UUID, lower: UUID, most: int
) -> tuple[int, UUID]:
    """How many rows there are, up to `most`, and the id of the oldest of these; `lower` when there are none."""
    row = await connection.fetchrow(source.seen, account_id, upper, lower, most)
    assert row is not None
    return row["looked_at"], row["last"] or lower


async def load_refusal(connection: Connection, account_id: UUID, call_id: UUID) -> Any:
    """The row of a refused call, or None."""
    return await connection.fetchrow(_REFUSAL, account_id, call_id)


async def load_adjusted(connection: Connection, account_id: UUID, job_id: UUID) -> int:
    """What adjustments have given back of a job's charge."""
    nano: int = await connection.fetchval(_ADJUSTED, account_id, f"job:{job_id}")
    return nano
