"""Forgets what the business need not remember: facts of mail, stored answers, events, short-lived metadata.

What identity keeps for a while (links, sessions, counters) leaves in forgetting.py; what the fare path keeps leaves in
retention.py.
"""

from datetime import timedelta

from farebox.domain.policies.conduct import RetentionPolicy
from farebox.kit.logging import Logger
from farebox.notices import delivery_store, mail_store
from farebox.payments import attempt_store
from farebox.payments.event_store import forget_raw
from farebox.storage.database import Connection
from farebox.storage.partitions import PartitionedTable, drop_partitions_before
from farebox.worker import business_retention_store as store
from farebox.worker import expiry_notice_store
from farebox.worker.store import today

# An answer is worth repeating while a client may try again; a message is its reader's after a month, and its key keeps
# it from being queued twice for as long as anybody would.
_ANSWERS_KEPT = timedelta(hours=24)
_FACTS_KEPT, _MAIL_KEPT = timedelta(days=30), timedelta(days=400)
_EVENTS_KEPT = timedelta(days=30)
_AT_ONCE = 2_000
# Where calls and sign-ins came from, and which calls were refused.
_BY_DAY: tuple[PartitionedTable, ...] = ("trace", "refusal")


class BusinessRetention:
    """Deletes in small steps, so that no lock is held for long."""

    def __init__(self, policy: RetentionPolicy, logger: Logger) -> None:
        self._policy = policy
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        while await store.forget_answers(connection, _ANSWERS_KEPT, _AT_ONCE) == _AT_ONCE:
            pass
        while await mail_store.forget_facts(connection, _FACTS_KEPT, _AT_ONCE) == _AT_ONCE:
            pass
        while await mail_store.forget(connection, _MAIL_KEPT, _AT_ONCE) == _AT_ONCE:
            pass
        while await delivery_store.forget(connection, _EVENTS_KEPT, _AT_ONCE) == _AT_ONCE:
            pass
        await expiry_notice_store.forget(connection)
        await forget_raw(connection, self._policy.metadata_days)
        await attempt_store.forget(connection, self._policy.metadata_days)
        await self._drop_days(connection)

    async def _drop_days(self, connection: Connection) -> None:
        # A day leaves when its first moment is so many days old; the day before today may still be written to.
        before = await today(connection) - timedelta(days=max(self._policy.metadata_days - 1, 1))
        for table in _BY_DAY:
            dropped = await drop_partitions_before(connection, table, before)
            if dropped:
                self._logger.info("days_dropped", partitions=list(dropped))
