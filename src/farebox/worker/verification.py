"""Checks every invariant of the ledger, and its chain against what was published of it, daily."""

import asyncio

from farebox.audit.record import record, system
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.ledger.verify import Report, verify
from farebox.payments.reconcile import COMPARED
from farebox.storage.database import Connection
from farebox.worker.alarm import Alarm, Alarms
from farebox.worker.sealer import Heads

_SUBJECT = "ledger"
_TOLD = 20


class Verification:
    """A finding is the loudest line of the log, a case and a mail to operators: somebody has to look at once."""

    def __init__(self, heads: Heads, ids: IdSource, logger: Logger) -> None:
        self._heads = heads
        self._ids = ids
        self._alarms = Alarms(ids, logger)
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        report = await verify(connection, await asyncio.to_thread(self._heads.read))
        await self._note(connection, report)
        if report.ok:
            self._logger.info("ledger_verified", entries=report.entries)
            await self._alarms.settle(connection, "ledger", _SUBJECT, [])
            return
        self._logger.critical("ledger_broken", problems=report.problems)
        broken = Alarm(
            kind="ledger",
            subject=_SUBJECT,
            title="The ledger is broken",
            text=f"Its check found {len(report.problems)} problems. Run `farebox ledger verify` and stop selling.",
            facts={"problems": report.problems[:_TOLD]},
        )
        await self._alarms.settle(connection, "ledger", _SUBJECT, [broken])

    async def _note(self, connection: Connection, report: Report) -> None:
        found = {"differences": len(report.problems), "found": report.problems[:_TOLD]}
        told = {"compared": report.entries, **found}
        await record(connection, self._ids, system("verification"), COMPARED, target=_SUBJECT, after=told)
