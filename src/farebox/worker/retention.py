"""Forgets rows that nobody needs any more: used Idempotency-Keys, old counters, dead workers.

How long the others are kept is a rule of the business: they leave in business_retention.py.
"""

from farebox.storage.database import Connection
from farebox.upstream.traffic_store import forget_traffic
from farebox.worker import store

# The status page shows 90 days of them.
_TRAFFIC_KEPT_DAYS = 100
_MOST_AT_ONCE = 5_000


class Retention:
    """Deletes in small steps, so that no lock is held for long."""

    async def work(self, connection: Connection) -> None:
        while await store.forget_idempotency(connection, _MOST_AT_ONCE) == _MOST_AT_ONCE:
            pass
        await store.forget_counters(connection)
        await forget_traffic(connection, _TRAFFIC_KEPT_DAYS)
