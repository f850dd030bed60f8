"""SQL of the provider calls of a job, for the operator: which channels were asked, and what that has cost."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

_CALLS_OF = """
SELECT channel.name AS channel, job.outcome AS result, job.cost_nano
FROM job LEFT JOIN channel ON channel.id = job.channel_id
WHERE job.id = $1 AND job.channel_id IS NOT NULL
UNION ALL
SELECT channel.name, job_hedge.result, job_hedge.cost_nano
FROM job
JOIN job_hedge ON job_hedge.account_id = job.account_id AND job_hedge.job_id = job.id
LEFT JOIN channel ON channel.id = job_hedge.channel_id
WHERE job.id = $1
"""


async def calls_of(connection: Any, job_id: UUID) -> Sequence[Any]:
    """Channel, result and cost: first of the call that counts, then of the one beside it."""
    return list(await connection.fetch(_CALLS_OF, job_id))
