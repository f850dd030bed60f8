"""Notices that a provider takes none of a channel's keys any more: our account there has ended, or is out of credit.

A key rests for moments when it is busy, too: only a pool of which no key was fit for a while is told of. Where the
provider has refused keys, the case names the calls that it complained of, by what the provider itself calls them, and
whose they were; by policy customers whose calls it had denied are frozen as well.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from farebox.accounts.service import freeze
from farebox.domain.policies.risk import RiskPolicy, RiskRule
from farebox.kit.ids import IdSource, first_id_at
from farebox.kit.logging import Logger
from farebox.risk.measures_store import Finding
from farebox.risk.signal import case_subject, raise_signal
from farebox.risk.store import now as database_now
from farebox.storage.database import Connection
from farebox.worker import alarm_watch_store as store
from farebox.worker.alarm import Alarm, Alarms

PATIENCE = timedelta(minutes=5)
_DAY = timedelta(days=1)
_TOLD = 20


class ProviderAccounts:
    """What it remembers is since when pools are dead; another node that takes over begins to wait anew."""

    def __init__(self, policy: RiskPolicy, ids: IdSource, logger: Logger, *, patience: timedelta = PATIENCE) -> None:
        self._policy = policy
        self._ids = ids
        self._logger = logger
        self._alarms = Alarms(ids, logger)
        self._patience = patience
        self._dead_since: dict[UUID, datetime] = {}

    async def work(self, connection: Connection) -> None:
        now = await database_now(connection)
        dead = await store.dead_pools(connection)
        self._dead_since = {row["id"]: self._dead_since.get(row["id"], now) for row in dead}
        lasting = [row for row in dead if now - self._dead_since[row["id"]] >= self._patience]
        ended = [row for row in lasting if row["auth_faults"]]
        resting = [_resting(row) for row in lasting if not row["auth_faults"]]
        await self._alarms.settle(connection, "channel", "keys:", resting)
        await self._alarms.settle(
            connection, "provider_account", "", [await self._ended(connection, row, now) for row in ended]
        )
        if self._policy.provider_account_ended == "suspend":
            for row in ended:
                await self._suspend(connection, row, now)

    async def _ended(self, connection: Connection, row: Any, now: datetime) -> Alarm:
        found = await store.complaints(connection, row["id"], _id_before(now), _TOLD)
        calls = [
            {
                "job_id": str(each["id"]),
                "account_id": str(each["account_id"]),
                "outcome": each["outcome"],
                "provider_request_id": each["provider_request_id"],
                "at": each["created_at"].isoformat(),
            }
            for each in found
        ]
        denied = await store.denied(connection, row["id"], _id_before(now))
        return Alarm(
            kind="provider_account",
            subject=f"channel:{row['id']}",
            title=f"{row['provider']} refuses the keys of the channel {row['name']}",
            text=f"None of its {row['keys']} keys works. The account there may be ended, restricted or out of credit; "
            "the case names the calls that it complained of, by its own ids.",
            facts={
                "channel": row["name"],
                "provider": row["provider"],
                "calls": calls,
                "denied": {str(account_id): count for account_id, count in denied[:_TOLD]},
            },
        )

    async def _suspend(self, connection: Connection, row: Any, now: datetime) -> None:
        rule = RiskRule(signal="provider_denial", threshold=1, window_minutes=1440, action="freeze")
        for account_id, count in await store.denied(connection, row["id"], _id_before(now)):
            finding = Finding(account_id, case_subject(account_id), count, {"provider_account_ended": row["name"]})
            if await raise_signal(connection, self._ids, rule, finding, now, freeze):
                self._logger.warning("suspended_over_provider", account_id=str(account_id), channel=row["name"])


def _resting(row: Any) -> Alarm:
    return Alarm(
        kind="channel",
        subject=f"keys:{row['id']}",
        title=f"No key of the channel {row['name']} is fit",
        text=f"All {row['keys']} keys rest because {row['provider']} is too busy for them. Add keys, or a channel.",
        facts={"channel": row["name"], "keys": row["keys"]},
    )


def _id_before(now: datetime) -> UUID:
    return first_id_at(int((now - _DAY).timestamp() * 1000))
