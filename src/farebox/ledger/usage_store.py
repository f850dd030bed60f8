"""SQL of an account's usage: rollup below the mark, jobs above it, in one statement and so as of one moment."""

from datetime import datetime
from typing import Any
from uuid import UUID

from farebox.storage.database import Connection

_SERIES = """
WITH piece AS (
    SELECT hour AS at, key_id, model, jobs, voided, input_tokens, cached_input_tokens, cache_write_tokens,
           output_tokens, reasoning_tokens, charge_nano
    FROM usage_hour WHERE account_id = $1 AND hour >= $4 AND hour < $5
    UNION ALL
    SELECT farebox_id_at(id), key_id, model, (status = 'settled')::integer, (status = 'voided')::integer,
           input_tokens, cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, charge_nano
    FROM job
    WHERE account_id = $1 AND id >= (SELECT until_id FROM usage_mark) AND id >= $6 AND id < $7
)
SELECT date_trunc($2, at, 'UTC') AS at,
       CASE $3 WHEN 'model' THEN model WHEN 'key' THEN key_id::text
               WHEN 'member' THEN coalesce((SELECT made_by FROM api_key WHERE id = key_id)::text, '') ELSE '' END
           AS label,
       sum(jobs)::bigint AS jobs, sum(voided)::bigint AS voided, sum(input_tokens)::bigint AS input_tokens,
       sum(cached_input_tokens)::bigint AS cached_input_tokens, sum(cache_write_tokens)::bigint AS cache_write_tokens,
       sum(output_tokens)::bigint AS output_tokens, sum(reasoning_tokens)::bigint AS reasoning_tokens,
       sum(charge_nano)::bigint AS charge_nano
FROM piece
GROUP BY 1, 2
HAVING sum(jobs) + sum(voided) > 0
ORDER BY 1, 2
LIMIT $8
"""

_SPENT = """
WITH piece AS (
    SELECT hour AS at, charge_nano FROM usage_hour WHERE account_id = $1 AND hour >= $2
    UNION ALL
    SELECT farebox_id_at(id), charge_nano FROM job
    WHERE account_id = $1 AND id >= (SELECT until_id FROM usage_mark) AND id >= $3
)
SELECT coalesce(sum(charge_nano) FILTER (WHERE at >= $4), 0)::bigint AS today_nano,
       coalesce(sum(charge_nano) FILTER (WHERE at >= $5), 0)::bigint AS month_nano,
       coalesce(sum(charge_nano) FILTER (WHERE at >= $6), 0)::bigint AS week_nano
FROM piece
"""


async def load_series(
    connection: Connection,
    account_id: UUID,
    step: str,
    split: str,
    since: datetime,
    until: datetime,
    ids: tuple[UUID, UUID],
    most: int,
) -> list[Any]:
    """Sums by step and label; one row more than `most` when there are more."""
    return list(await connection.fetch(_SERIES, account_id, step, split, since, until, *ids, most + 1))


async def load_spent(
    connection: Connection,
    account_id: UUID,
    begin: datetime,
    begin_id: UUID,
    today: datetime,
    month: datetime,
    week: datetime,
) -> dict[str, int]:
    """Charges since three moments, none of them before `begin`."""
    row = await connection.fetchrow(_SPENT, account_id, begin, begin_id, today, month, week)
    assert row is not None
    return dict(row)
