"""Opens a case for every request after the sale whose answer is overdue, and closes it when it was answered."""

from contextlib import suppress

from farebox.cases.case import close_case, open_case
from farebox.domain.errors import ActionRefused
from farebox.kit.ids import IdSource
from farebox.kit.logging import Logger
from farebox.storage.database import Connection
from farebox.worker import overdue_store as store

_AT_ONCE = 500


class OverdueRequests:
    """One open case per request, whoever runs this and how often."""

    def __init__(self, ids: IdSource, logger: Logger) -> None:
        self._ids = ids
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        for late in await store.new(connection, _AT_ONCE):
            facts = {"queue": late.queue, "request_id": str(late.id), "due_at": late.due_at.isoformat()}
            await open_case(
                connection,
                self._ids,
                "overdue",
                late.subject,
                account_id=late.account_id,
                facts=facts,
                due_at=late.due_at,
            )
            self._logger.warning("request_overdue", queue=late.queue, request_id=str(late.id))
        for case_id in await store.over(connection, _AT_ONCE):
            # An operator may have been quicker.
            with suppress(ActionRefused):
                await close_case(connection, case_id, decision="answered")
