"""The SQL of shared caps: taking slices of them, giving slices back.

Each call is a short transaction of its own, so that the one row that all workers share is never locked while a batch
runs. Slices of caps without a window (day 0: jobs at once) are also noted by worker, so that a dead worker's come back.
"""

from collections.abc import Sequence
from uuid import UUID

from farebox.storage.database import Connection

_ENSURE = """
INSERT INTO cap_meter (scope, day)
SELECT scope, day FROM unnest($1::text[], $2::bigint[]) AS asked (scope, day) ORDER BY scope, day
ON CONFLICT DO NOTHING
"""

_TAKE = """
WITH locked AS MATERIALIZED (
    SELECT meter.scope, meter.day, LEAST(asked.want, GREATEST(0, asked.most - meter.leased)) AS granted
    FROM cap_meter AS meter
    JOIN unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS asked (scope, day, want, most)
        ON asked.scope = meter.scope AND asked.day = meter.day
    ORDER BY meter.scope, meter.day
    FOR UPDATE OF meter
), given AS (
    UPDATE cap_meter SET leased = leased + locked.granted
    FROM locked
    WHERE cap_meter.scope = locked.scope AND cap_meter.day = locked.day AND locked.granted > 0
), noted AS (
    INSERT INTO cap_lease AS lease (worker_id, scope, leased)
    SELECT $5::uuid, scope, granted FROM locked WHERE day = 0 AND granted > 0
    ON CONFLICT (worker_id, scope) DO UPDATE SET leased = lease.leased + EXCLUDED.leased
)
SELECT scope, granted FROM locked
"""

_GIVE_BACK = """
WITH returned AS MATERIALIZED (
    SELECT meter.scope, meter.day, back.amount
    FROM cap_meter AS meter
    JOIN unnest($1::text[], $2::bigint[], $3::bigint[]) AS back (scope, day, amount)
        ON back.scope = meter.scope AND back.day = meter.day
    ORDER BY meter.scope, meter.day
    FOR UPDATE OF meter
), given AS (
    UPDATE cap_meter SET leased = leased - returned.amount
    FROM returned
    WHERE cap_meter.scope = returned.scope AND cap_meter.day = returned.day
)
UPDATE cap_lease SET leased = leased - returned.amount
FROM returned
WHERE cap_lease.worker_id = $4 AND cap_lease.scope = returned.scope AND returned.day = 0
"""

# A dead worker's jobs at once. Its rows go first, so that two sweepers cannot give them back twice.
_GIVE_BACK_OF_DEAD = """
WITH gone AS (
    DELETE FROM cap_lease WHERE worker_id = $1 RETURNING scope, leased
)
UPDATE cap_meter SET leased = cap_meter.leased - gone.leased
FROM gone
WHERE cap_meter.scope = gone.scope AND cap_meter.day = 0
"""

_NOTED = "SELECT scope, leased FROM cap_lease WHERE worker_id = $1 AND leased > 0"

Want = tuple[str, int, int, int]  # scope, day, how much, out of how much in all
Amount = tuple[str, int, int]  # scope, day, how much


async def ensure_meters(connection: Connection, scopes: Sequence[tuple[str, int]]) -> None:
    """Makes the rows of caps by scope and day where there are none yet."""
    await connection.execute(_ENSURE, *zip(*scopes, strict=True))


async def take(connection: Connection, worker_id: UUID, wants: Sequence[Want]) -> dict[str, int]:
    """What could be had of each scope: all that was wanted, the rest of the cap, or 0."""
    rows = await connection.fetch(_TAKE, *zip(*wants, strict=True), worker_id)
    return dict(rows)


async def give_back(connection: Connection, worker_id: UUID, amounts: Sequence[Amount]) -> None:
    await connection.execute(_GIVE_BACK, *zip(*amounts, strict=True), worker_id)


async def noted(connection: Connection, worker_id: UUID) -> dict[str, int]:
    """What the worker has leased of caps on jobs at once, by scope."""
    return dict(await connection.fetch(_NOTED, worker_id))


async def give_back_of_dead(connection: Connection, worker_id: UUID) -> None:
    await connection.execute(_GIVE_BACK_OF_DEAD, worker_id)
