"""SQL of the log of calls: three sources, each read backwards along (account_id, id) between two ids.

What a filter leaves out is left out above the LIMIT, so that it bounds what is looked at and not only what is found.
"""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from farebox.storage.database import Connection

_JOBS = """
WITH seen AS MATERIALIZED (
    SELECT * FROM job WHERE account_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4
), page AS (
    SELECT seen.id, seen.status, outcome, endpoint, model, stream, key_id, coalesce(api_key.prefix, '') AS key_prefix,
           coalesce(api_key.name, '') AS key_name, seen.created_at, finished_at, first_byte_ms, latency_ms,
           input_tokens, cached_input_tokens, output_tokens, reasoning_tokens, usage_source, hold_nano, charge_nano
    FROM seen LEFT JOIN api_key ON api_key.id = seen.key_id
    WHERE ($6::uuid IS NULL OR seen.key_id = $6) AND ($7::text IS NULL OR seen.model = $7)
      AND ($8::text IS NULL OR seen.status = $8) AND ($9::text IS NULL OR seen.outcome = $9)
      AND ($10::boolean IS NULL OR seen.stream = $10) AND ($11::bigint IS NULL OR seen.charge_nano >= $11)
    ORDER BY seen.id DESC LIMIT $5
)
SELECT looked_at, last, page.*
FROM (
    SELECT (SELECT count(*) FROM seen)::integer AS looked_at, (SELECT id FROM seen ORDER BY id LIMIT 1) AS last
) AS counted LEFT JOIN page ON true
ORDER BY page.id DESC
"""

_HOLDS = """
WITH seen AS MATERIALIZED (
    SELECT * FROM hold WHERE account_id = $1 AND job_id < $2 AND job_id >= $3 ORDER BY job_id DESC LIMIT $4
), page AS (
    SELECT seen.job_id AS id, 'open' AS status, endpoint, model, stream, key_id,
           coalesce(api_key.prefix, '') AS key_prefix, coalesce(api_key.name, '') AS key_name,
           admitted_at AS created_at, amount_nano AS hold_nano
    FROM seen LEFT JOIN api_key ON api_key.id = seen.key_id
    WHERE ($6::uuid IS NULL OR seen.key_id = $6) AND ($7::text IS NULL OR seen.model = $7)
      AND ($8::boolean IS NULL OR seen.stream = $8)
    ORDER BY seen.job_id DESC LIMIT $5
)
SELECT looked_at, last, page.*
FROM (
    SELECT (SELECT count(*) FROM seen)::integer AS looked_at, (SELECT job_id FROM seen ORDER BY job_id LIMIT 1) AS last
) AS counted LEFT JOIN page ON true
ORDER BY page.id DESC
"""

_REFUSALS = """
WITH seen AS MATERIALIZED (
    SELECT * FROM refusal WHERE account_id = $1 AND id < $2 AND id >= $3 ORDER BY id DESC LIMIT $4
), page AS (
    SELECT seen.id, 'refused' AS status, code, seen.status AS http_status, endpoint, model, key_id,
           coalesce(api_key.prefix, '') AS key_prefix, coalesce(api_key.name, '') AS key_name, at AS created_at
    FROM seen LEFT JOIN api_key ON api_key.id = seen.key_id
    WHERE ($6::uuid IS NULL OR seen.key_id = $6) AND ($7::text IS NULL OR seen.model = $7)
      AND ($8::text IS NULL OR seen.code = $8)
    ORDER BY seen.id DESC LIMIT $5
)
SELECT looked_at, last, page.*
FROM (
    SELECT (SELECT count(*) FROM seen)::integer AS looked_at, (SELECT id FROM seen ORDER BY id LIMIT 1) AS last
) AS counted LEFT JOIN page ON true
ORDER BY page.id DESC
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


# The tables of calls, each with the statement that reads it.
Source = Literal["jobs", "holds", "refusals"]
_ROWS: dict[Source, str] = {"jobs": _JOBS, "holds": _HOLDS, "refusals": _REFUSALS}


async def load(
    connection: Connection,
    source: Source,
    account_id: UUID,
    upper: UUID,
    lower: UUID,
    most_looked_at: int,
    filters: Sequence[Any],
    limit: int,
) -> tuple[list[dict[str, Any]], int, UUID]:
    """Rows from below `upper` down to `lower`, newest first, that pass the source's filters.

    Also how many rows were looked at, and the id of the oldest of these (`lower` when there were none).
    """
    rows = await connection.fetch(_ROWS[source], account_id, upper, lower, most_looked_at, limit, *filters)
    found = [dict(row) for row in rows if row["id"] is not None]
    for row in found:
        del row["looked_at"], row["last"]
    return found, rows[0]["looked_at"], rows[0]["last"] or lower


async def load_refusal(connection: Connection, account_id: UUID, call_id: UUID) -> Any:
    """The row of a refused call, or None."""
    return await connection.fetchrow(_REFUSAL, account_id, call_id)


async def load_adjusted(connection: Connection, account_id: UUID, job_id: UUID) -> int:
    """What adjustments have given back of a job's charge."""
    nano: int = await connection.fetchval(_ADJUSTED, account_id, f"job:{job_id}")
    return nano
