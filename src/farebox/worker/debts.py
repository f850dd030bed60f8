"""Repays debts from credit that open holds needed when the debt arose, and that they have let go since."""

from farebox.kit.logging import Logger
from farebox.ledger.service import Ledger
from farebox.ledger.store import load_indebted
from farebox.storage.database import Connection

_AT_ONCE = 500


class Debts:
    """One transaction per account; what was repaid is not there to be repaid again."""

    def __init__(self, ledger: Ledger, logger: Logger) -> None:
        self._ledger = ledger
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        for account_id in await load_indebted(connection, _AT_ONCE):
            if await self._ledger.collect(connection, account_id) is not None:
                self._logger.info("debt_repaid", account_id=str(account_id))
