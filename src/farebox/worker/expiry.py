"""Takes what has expired of the lots, as far as no open hold needs it."""

from uuid import UUID

from farebox.kit.ids import NIL
from farebox.kit.logging import Logger
from farebox.ledger.service import Ledger
from farebox.storage.database import Connection
from farebox.worker import store

_AT_ONCE = 500


class Expiry:
    """One transaction per account, so that no account waits for another's."""

    def __init__(self, ledger: Ledger, logger: Logger) -> None:
        self._ledger = ledger
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        after: UUID = NIL
        while True:
            accounts = await store.accounts_with_expired_lots(connection, after, _AT_ONCE)
            for account_id in accounts:
                if await self._ledger.expire_lots(connection, account_id) is not None:
                    self._logger.info("lots_expired", account_id=str(account_id))
            if len(accounts) < _AT_ONCE:
                return
            after = accounts[-1]
