"""How the deployment is doing just now: calls of the last minutes, queues, stops, workers."""

from datetime import datetime

import msgspec

from farebox.kit.ids import first_id_at
from farebox.ledger import pulse_store as store
from farebox.storage.database import Connection

_WINDOW_MS = 5 * 60_000


class Calls(msgspec.Struct, frozen=True):
    """Calls that began within the last minutes; `failed`: voided by a fault of ours or a provider's."""

    ended: int
    failed: int
    refused: int
    open_jobs: int


class Stop(msgspec.Struct, frozen=True):
    """An emergency stop in force."""

    scope: str
    target: str
    reason: str
    created_at: datetime


class WorkerHealth(msgspec.Struct, frozen=True):
    """A gateway or background worker that has not ended; `silent_s` since its last beat."""

    id: str
    started_at: datetime
    silent_s: float


class Pulse(msgspec.Struct, frozen=True):
    """As of one moment; `window_s` is the span of `calls`."""

    window_s: int
    calls: Calls
    open_cases: dict[str, int]
    waiting_mail: int
    delivery_unknown: int
    stops: list[Stop]
    workers: list[WorkerHealth]


async def take(connection: Connection, now_ms: int) -> Pulse:
    """Bounded reads only: the last minutes of jobs, and tables that stay small."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        calls = await connection.fetchrow(store.CALLS, first_id_at(now_ms - _WINDOW_MS))
        assert calls is not None
        cases = await connection.fetch(store.OPEN_CASES)
        queues = await connection.fetchrow(store.QUEUES)
        assert queues is not None
        stops = await connection.fetch(store.STOPS)
        workers = await connection.fetch(store.WORKERS)
    return Pulse(
        window_s=_WINDOW_MS // 1000,
        calls=Calls(**calls),
        open_cases={row["kind"]: row["count"] for row in cases},
        waiting_mail=queues["waiting_mail"],
        delivery_unknown=queues["delivery_unknown"],
        stops=[Stop(**row) for row in stops],
        workers=[WorkerHealth(**row) for row in workers],
    )
