"""SQL of the shared health of channels and keys."""

from typing import Any
from uuid import UUID

OPEN = """
INSERT INTO health (subject, state, until, probe_worker, changed_at)
VALUES ($1, 'open', clock_timestamp() + make_interval(secs => $2), NULL, clock_timestamp())
ON CONFLICT (subject) DO UPDATE
SET state = 'open', until = greatest(excluded.until, CASE WHEN health.state = 'open' THEN health.until END),
    probe_worker = NULL, changed_at = excluded.changed_at
"""

CLOSE = """
UPDATE health SET state = 'closed', until = NULL, probe_worker = NULL, changed_at = clock_timestamp()
WHERE subject = $1 AND state <> 'closed'
"""

# Closed rows are kept for a while, so that every worker sees the transition.
STATES = """
SELECT subject, state, coalesce(extract(epoch FROM until - clock_timestamp()), 0)::float8 AS wait_s, probe_worker
FROM health
WHERE state <> 'closed' OR changed_at > clock_timestamp() - interval '1 minute'
"""

# A lease of ten seconds: a worker that dies while probing blocks nobody for longer.
LEASE_PROBE = """
UPDATE health
SET state = 'half_open', probe_worker = $2, until = clock_timestamp() + interval '10 seconds',
    changed_at = clock_timestamp()
WHERE subject = $1 AND state <> 'closed' AND until <= clock_timestamp()
RETURNING true
"""


async def open_subject(connection: Any, subject: str, seconds: int) -> None:
    await connection.execute(OPEN, subject, float(seconds))


async def close_subject(connection: Any, subject: str) -> None:
    await connection.execute(CLOSE, subject)


async def load_states(connection: Any) -> dict[str, tuple[str, float, UUID | None]]:
    """By subject: state, seconds until its time is over, and the worker that holds the probe."""
    rows = await connection.fetch(STATES)
    return {row["subject"]: (row["state"], row["wait_s"], row["probe_worker"]) for row in rows}


async def lease_probe(connection: Any, subject: str, worker_id: UUID) -> bool:
    return await connection.fetchval(LEASE_PROBE, subject, worker_id) is True
