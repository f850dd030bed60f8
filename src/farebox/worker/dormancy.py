"""Accounts without a call or a recharge for as long as the policy says: warned ahead, then frozen. Balances stay.

Accounts that nobody belongs to are the operator's own and left alone: there is nobody to warn.
"""

from datetime import datetime, timedelta
from uuid import UUID

from farebox.accounts import service as accounts
from farebox.accounts.admin_store import lock_account
from farebox.audit.record import record, system
from farebox.domain.dormancy import frozen_at, next_step
from farebox.domain.policies.money import DormancyPolicy
from farebox.kit.ids import NIL, IdSource
from farebox.kit.logging import Logger
from farebox.outbox.events import queue_event
from farebox.outbox.mail import queue_mail_to_members
from farebox.storage.database import Connection
from farebox.worker import dormancy_store as store
from farebox.worker.dormancy_store import Unused

REASON = "dormant"
_AT_ONCE = 500
# The shortest month has 28 days: nobody who is due is left out of the candidates.
_LEAST_DAYS_PER_MONTH = 28


class Dormancy:
    """One transaction per account: what is broken off is done in the next turn, and nothing twice."""

    def __init__(self, policy: DormancyPolicy, ids: IdSource, logger: Logger) -> None:
        self._policy = policy
        self._ids = ids
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        if self._policy.months is None:
            return
        unused_for = timedelta(days=self._policy.months * _LEAST_DAYS_PER_MONTH - self._policy.warned_days_ahead)
        after: UUID = NIL
        while True:
            found = await store.unused(connection, unused_for, after, _AT_ONCE)
            for unused in found:
                await self._look(connection, unused)
            if len(found) < _AT_ONCE:
                return
            after = found[-1].account_id

    async def _look(self, connection: Connection, unused: Unused) -> None:
        step = next_step(unused.active_at, unused.warned_at, unused.now, self._policy)
        if step == "nothing":
            return
        async with connection.transaction():
            # Under the lock that admission takes as well: a call that was let in before it counts.
            await lock_account(connection, unused.account_id)
            now = await store.look_again(connection, unused.account_id)
            if now is None or next_step(now.active_at, now.warned_at, now.now, self._policy) != step:
                return
            if step == "warn":
                await self._warn(connection, now)
            else:
                await self._freeze(connection, now)
        self._logger.info("dormant_account", account_id=str(unused.account_id), step=step)

    async def _warn(self, connection: Connection, unused: Unused) -> None:
        await store.note_warning(connection, unused.account_id)
        frozen = frozen_at(unused.active_at, unused.now, self._policy)
        await self._note(connection, unused.account_id, "account.warn_dormant", {"frozen_at": frozen.isoformat()})
        await self._mail(connection, unused, "dormant_warning", {"frozen_at": frozen.isoformat()}, unused.now)

    async def _freeze(self, connection: Connection, unused: Unused) -> None:
        assert unused.warned_at is not None
        await accounts.freeze(connection, unused.account_id, REASON)
        await store.forget_warning(connection, unused.account_id)
        await self._note(connection, unused.account_id, "account.freeze", {"status": "frozen"})
        await self._mail(connection, unused, "dormant_frozen", {}, unused.warned_at)
        key = f"account.frozen:{unused.account_id}:{unused.warned_at.isoformat()}"
        data = {"reason": REASON}
        await queue_event(connection, self._ids, unused.account_id, "account.frozen", data, dedupe_key=key)

    async def _mail(
        self, connection: Connection, unused: Unused, kind: str, facts: dict[str, str], occasion: datetime
    ) -> None:
        told = {"months": str(self._policy.months), **facts}
        key = f"{kind}:{unused.account_id}:{occasion.isoformat()}"
        await queue_mail_to_members(connection, self._ids, kind, unused.account_id, told, dedupe_key=key)

    async def _note(self, connection: Connection, account_id: UUID, action: str, after: dict[str, str]) -> None:
        await record(
            connection,
            self._ids,
            system("dormancy"),
            action,
            target=f"account:{account_id}",
            account_id=account_id,
            after=after,
            reason=REASON,
        )
