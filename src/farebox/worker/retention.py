"""Forgets rows that nobody needs any more: refusals, used Idempotency-Keys, old counters, dead workers."""

from datetime import timedelta

from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.storage.partitions import drop_partitions_before
from farebox.upstream.traffic_store import forget_traffic
from farebox.worker import store

_REFUSALS_KEPT_DAYS = 30
# The status page shows 90 days of them.
_TRAFFIC_KEPT_DAYS = 100
_MOST_AT_ONCE = 5_000


class Retention:
    """Deletes in small steps, so that no lock is held for long."""

    def __init__(self, logger: Logger) -> None:
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        while await store.forget_idempotency(connection, _MOST_AT_ONCE) == _MOST_AT_ONCE:
            pass
        await store.forget_counters(connection)
        await forget_traffic(connection, _TRAFFIC_KEPT_DAYS)
        before = await store.today(connection) - timedelta(days=_REFUSALS_KEPT_DAYS)
        dropped = await drop_partitions_before(connection, "refusal", before)
        if dropped:
            self._logger.info("refusals_dropped", partitions=list(dropped))
