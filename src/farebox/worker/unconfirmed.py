"""Ends sign-ups that were never confirmed: the account is closed, and the person, who may not know of it, erased."""

from datetime import timedelta

from farebox.accounts.service import close
from farebox.audit.record import record, system
from farebox.identity import personal_data
from farebox.identity.verification_store import load_unconfirmed
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.storage.database import Connection

_WAITED = timedelta(days=30)
_AT_ONCE = 200
_ACTOR = system("unconfirmed")


class Unconfirmed:
    """Each in a transaction of its own, so that it can be stopped anywhere and done again."""

    def __init__(self, ids: IdSource, logger: Logger) -> None:
        self._ids = ids
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        found = await load_unconfirmed(connection, _WAITED, _AT_ONCE)
        for person_id, account_id in found:
            async with connection.transaction():
                await close(connection, account_id, "never confirmed")
                await personal_data.erase(connection, person_id)
                target = f"person:{person_id}"
                await record(connection, self._ids, _ACTOR, "person.erase", target=target, account_id=account_id)
        if found:
            self._logger.info("unconfirmed_ended", people=len(found))
