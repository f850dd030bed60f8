"""Measures customers' conduct by the policy's rules, and raises the signals that come of it."""

from datetime import datetime

from farebox.accounts.service import freeze
from farebox.domain.policies.risk import RiskPolicy, RiskRule
from farebox.identity.mail_address import is_disposable
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.risk import store
from farebox.risk.measures import measure
from farebox.risk.signal import raise_signal
from farebox.storage.database import Connection

# A rule is looked at so many times per window: one over a month need not be asked for every minute.
_LOOKS_PER_WINDOW = 60


class RiskScan:
    """One transaction per signal: what is broken off is done in the next turn, and nothing twice."""

    def __init__(self, policy: RiskPolicy, ids: IdSource, logger: Logger) -> None:
        self._rules = policy.rules
        self._ids = ids
        self._logger = logger
        self._looked: dict[RiskRule, datetime] = {}

    async def work(self, connection: Connection) -> None:
        for rule in self._rules:
            now = await store.now(connection)
            looked = self._looked.get(rule)
            if looked is not None and (now - looked).total_seconds() < rule.window_minutes * 60 / _LOOKS_PER_WINDOW:
                continue
            await self._look(connection, rule, now)
            self._looked[rule] = now

    async def _look(self, connection: Connection, rule: RiskRule, now: datetime) -> None:
        for finding in await measure(connection, rule, now, is_disposable):
            if await raise_signal(connection, self._ids, rule, finding, now, freeze):
                self._logger.warning(
                    "risk_signal",
                    signal=rule.signal,
                    account_id=str(finding.account_id),
                    measured=finding.measured,
                    action=rule.action,
                )
