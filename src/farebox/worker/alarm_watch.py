"""Looks for what operators have to know at once: failing channels, losses, overdue queues, deliveries in doubt."""

from typing import Any

from farebox.domain.money import format_amount, parse_amount
from farebox.domain.policies.risk import AlarmPolicy
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.worker import alarm_watch_store as store
from farebox.worker.alarm import Alarm, Alarms


class AlarmWatch:
    """Looks at all of it in each turn; each alarm has a transaction of its own."""

    def __init__(self, policy: AlarmPolicy, unit: str, ids: IdSource, logger: Logger) -> None:
        self._policy = policy
        self._unit = unit
        self._alarms = Alarms(ids, logger)

    async def work(self, connection: Connection) -> None:
        await self._channels(connection)
        await self._losses(connection)
        await self._deliveries(connection)
        await self._queues(connection)

    async def _channels(self, connection: Connection) -> None:
        least, percent = self._policy.channel_least_calls, self._policy.channel_faults
        failing = await store.failing_channels(connection, least, percent)
        await self._alarms.settle(connection, "channel", "channel:", [_failing(row) for row in failing])

    async def _losses(self, connection: Connection) -> None:
        losses = await store.losses(connection, parse_amount(self._policy.day_loss))
        await self._alarms.settle(connection, "margin", "", [self._loss(row) for row in losses])

    def _loss(self, row: Any) -> Alarm:
        charge, cost = format_amount(row["charge_nano"]), format_amount(row["cost_nano"])
        return Alarm(
            kind="margin",
            subject=f"{row['what']}:{row['id']}",
            title=f"The {row['what']} {row['name']} costs more than it brings",
            text=f"Over the last day it was charged {charge} {self._unit} and cost {cost}. Look at its prices.",
            facts={"charge": charge, "cost": cost},
        )

    async def _deliveries(self, connection: Connection) -> None:
        count = await store.delivery_unknown(connection)
        unknown = Alarm(
            kind="delivery_unknown",
            subject="jobs",
            title="Answers may not have arrived",
            text="Jobs were charged whose last byte may not have reached the client, since a worker died. Look at them "
            "with `farebox jobs list --delivery-unknown`, and give back what has to be.",
            facts={"jobs": count},
        )
        await self._alarms.settle(connection, "delivery_unknown", "", [unknown] if count else [])

    async def _queues(self, connection: Connection) -> None:
        # Each request has a case of its own; a mail tells of all of a queue, once a day.
        for row in await store.overdue(connection):
            async with connection.transaction():
                await self._alarms.tell(
                    connection,
                    f"{row['count']} overdue in the queue {row['queue']}",
                    f"The oldest answer was due at {row['oldest_due_at'].isoformat()}.",
                    occasion=f"overdue:{row['queue']}:{await store.today(connection)}",
                )


def _failing(row: Any) -> Alarm:
    return Alarm(
        kind="channel",
        subject=f"channel:{row['id']}",
        title=f"The channel {row['name']} fails",
        text=f"{row['faults']} of its last {row['calls']} calls to {row['provider']} failed.",
        facts={"channel": row["name"], "calls": row["calls"], "faults": row["faults"], "percent": row["percent"]},
    )
