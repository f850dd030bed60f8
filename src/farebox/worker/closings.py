"""Takes closings a step further when their last calls have ended or their money is back; erases whose time is up."""

from farebox.aftersale import closing, closing_store
from farebox.aftersale.desk import Desk
from farebox.audit.record import system
from farebox.kit.logging import Logger
from farebox.storage.database import Connection

_ACTOR = system("closings")
_AT_ONCE = 500


class Closings:
    """One transaction per account; killed in between, the next turn goes on."""

    def __init__(self, desk: Desk, logger: Logger) -> None:
        self._desk = desk
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        for closing_id in await closing_store.to_advance(connection, _AT_ONCE):
            await closing.advance(connection, self._desk, closing_id)
        kept_days = self._desk.policy.closing.contact_kept_days
        for closing_id in await closing_store.to_erase(connection, kept_days, _AT_ONCE):
            await closing.erase(connection, self._desk, closing_id, _ACTOR)
            self._logger.info("closed_account_erased", closing_id=str(closing_id))
