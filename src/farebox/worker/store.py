"""The SQL of the worker's duties."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from farebox.domain.job import Endpoint
from farebox.storage.database import Connection

# ---- leadership ------------------------------------------------------------------------------------------------

_TRY_LEAD = "SELECT pg_try_advisory_lock(hashtextextended('farebox_duty:' || $1, 0))"

_STOP_LEADING = "SELECT pg_advisory_unlock(hashtextextended('farebox_duty:' || $1, 0))"

# ---- workers and their holds -----------------------------------------------------------------------------------

_NOW_S = "SELECT extract(epoch FROM clock_timestamp())::float8"

_BURY_SILENT = """
UPDATE worker SET dead_at = clock_timestamp()
WHERE dead_at IS NULL AND beat_at < clock_timestamp() - make_interval(secs => $1)
RETURNING id
"""

# Dead workers that have left anything behind.
_DEAD = """
SELECT id, node_id, beat_at < clock_timestamp() - make_interval(secs => $1) AS silent, in_delivery <> '{}' AS delivering
FROM worker
WHERE dead_at IS NOT NULL
  AND (in_delivery <> '{}' OR EXISTS (SELECT FROM hold WHERE worker_id = worker.id)
       OR EXISTS (SELECT FROM cap_lease WHERE worker_id = worker.id))
"""

_HOLDS = """
SELECT hold.account_id, hold.job_id, hold.key_id, hold.endpoint, hold.model, hold.stream, hold.rate_card_id,
       hold.factor_ppm, hold.channel_id, (extract(epoch FROM hold.admitted_at) * 1000000)::bigint,
       (extract(epoch FROM clock_timestamp()) * 1000000)::bigint, used.account_id IS NOT NULL
FROM hold
LEFT JOIN account_model_day AS used
    ON used.account_id = hold.account_id AND used.model = hold.model AND used.day = hold.day
"""

_HOLDS_OF_DEAD = _HOLDS + "WHERE hold.worker_id = ANY($1::uuid[]) LIMIT $2"

_HOLDS_OVERDUE = _HOLDS + "WHERE hold.deadline_at < clock_timestamp() LIMIT $1"

_IN_DELIVERY = "SELECT in_delivery FROM worker WHERE id = $1 AND dead_at IS NOT NULL FOR UPDATE"

# The ids are an argument, so that only the days that they lie in are read.
_MARK_UNDELIVERED = "UPDATE job SET delivery_unknown = true WHERE id = ANY($1::uuid[]) AND status = 'settled'"

_EMPTY_IN_DELIVERY = "UPDATE worker SET in_delivery = '{}' WHERE id = $1"

# ---- retention -------------------------------------------------------------------------------------------------

_FORGET_IDEMPOTENCY = """
DELETE FROM idempotency WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM idempotency WHERE created_at < clock_timestamp() - interval '25 hours' LIMIT $1
))
"""

_FORGET_MODEL_DAYS = """
DELETE FROM account_model_day WHERE day < (extract(epoch FROM clock_timestamp()) / 86400)::bigint - 35
"""

_FORGET_MODEL_MINUTES = """
DELETE FROM account_model_minute WHERE minute < (extract(epoch FROM clock_timestamp()) / 60)::bigint - 10
"""

_FORGET_CAP_DAYS = """
DELETE FROM cap_meter WHERE day <> 0 AND day < (extract(epoch FROM clock_timestamp()) / 86400)::bigint - 35
"""

_FORGET_WORKERS = """
DELETE FROM worker
WHERE dead_at < clock_timestamp() - interval '7 days' AND in_delivery = '{}'
  AND NOT EXISTS (SELECT FROM hold WHERE worker_id = worker.id)
  AND NOT EXISTS (SELECT FROM cap_lease WHERE worker_id = worker.id)
"""

_EXPIRED = """
SELECT DISTINCT account_id FROM lot
WHERE expires_at < clock_timestamp() AND remaining_nano > 0 AND account_id > $1
ORDER BY account_id LIMIT $2
"""

_TODAY = "SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date"


class DeadWorker(msgspec.Struct, frozen=True):
    """A dead worker that has left something behind; `silent`: for longer than asked about."""

    id: UUID
    node_id: UUID
    silent: bool
    delivering: bool


class OpenHold(msgspec.Struct, frozen=True):
    """A hold that somebody else has to end; `counted`: against a cap of its account and model."""

    account_id: UUID
    job_id: UUID
    key_id: UUID
    endpoint: Endpoint
    model: str
    stream: bool
    rate_card_id: int
    factor_ppm: int
    channel_id: UUID
    admitted_us: int
    now_us: int
    counted: bool


async def try_lead(connection: Connection, duty: str) -> bool:
    """Whether this session leads the duty from now on; it does until it stops or ends."""
    leads: bool = await connection.fetchval(_TRY_LEAD, duty)
    return leads


async def stop_leading(connection: Connection, duty: str) -> None:
    await connection.fetchval(_STOP_LEADING, duty)


async def database_now_s(connection: Connection) -> float:
    now_s: float = await connection.fetchval(_NOW_S)
    return now_s


async def bury_silent(connection: Connection, silence_s: float) -> list[UUID]:
    return [row[0] for row in await connection.fetch(_BURY_SILENT, silence_s)]


async def dead_workers(connection: Connection, silence_s: float) -> list[DeadWorker]:
    return [DeadWorker(*row) for row in await connection.fetch(_DEAD, silence_s)]


async def holds_of_dead(connection: Connection, worker_ids: Sequence[UUID], most: int) -> list[OpenHold]:
    return [OpenHold(*row) for row in await connection.fetch(_HOLDS_OF_DEAD, worker_ids, most)]


async def holds_overdue(connection: Connection, most: int) -> list[OpenHold]:
    return [OpenHold(*row) for row in await connection.fetch(_HOLDS_OVERDUE, most)]


async def mark_undelivered(connection: Connection, worker_id: UUID) -> int:
    """How many jobs are marked from now on."""
    # The set is emptied along with the marks, so that a mark that an operator takes away stays away.
    async with connection.transaction():
        job_ids = await connection.fetchval(_IN_DELIVERY, worker_id)
        if not job_ids:
            return 0
        marked = _count(await connection.execute(_MARK_UNDELIVERED, job_ids))
        await connection.execute(_EMPTY_IN_DELIVERY, worker_id)
    return marked


async def forget_idempotency(connection: Connection, most: int) -> int:
    """How many rows were forgotten, at most `most`."""
    return _count(await connection.execute(_FORGET_IDEMPOTENCY, most))


async def forget_counters(connection: Connection) -> None:
    for statement in (_FORGET_MODEL_DAYS, _FORGET_MODEL_MINUTES, _FORGET_CAP_DAYS, _FORGET_WORKERS):
        await connection.execute(statement)


async def accounts_with_expired_lots(connection: Connection, after: UUID, most: int) -> list[UUID]:
    """In the order of their ids, behind `after`."""
    return [row[0] for row in await connection.fetch(_EXPIRED, after, most)]


async def today(connection: Connection) -> date:
    day: date = await connection.fetchval(_TODAY)
    return day


def _count(status: str) -> int:
    """The rows that a statement changed, from what PostgreSQL says of it."""
    return int(status.rpartition(" ")[2])
