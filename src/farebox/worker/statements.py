"""Makes the statements of months that are over: within the hour after the first of a month, and whatever is missing."""

from datetime import date

from farebox.cases.case import open_case
from farebox.domain.errors import LedgerError
from farebox.kit.ids import NIL
from farebox.kit.logging import Logger
from farebox.payments import payment_store
from farebox.payments.books import Books
from farebox.payments.statements import statement_store
from farebox.payments.statements.making import state_account
from farebox.payments.statements.month import month_of
from farebox.payments.statements.statement_store import Due
from farebox.storage.database import Connection

_AT_ONCE = 200


class Statements:
    """One account after the other, each month of it a transaction: broken off anywhere, it goes on there."""

    def __init__(self, books: Books, page_url: str, logger: Logger) -> None:
        self._books = books
        self._page_url = page_url
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        await self.state_until(connection, month_of(await payment_store.now(connection)))

    async def state_until(self, connection: Connection, end: date) -> None:
        """All months before `end`, by which they have to be over."""
        after, made = NIL, 0
        while True:
            found = await statement_store.load_due(connection, end, after, _AT_ONCE)
            for due in found:
                try:
                    made += await state_account(connection, self._books, due, end, page_url=self._page_url)
                except LedgerError as error:
                    await self._report(connection, due, str(error))
            if len(found) < _AT_ONCE:
                break
            after = found[-1].account_id
        if made:
            self._logger.info("statements_made", statements=made)

    async def _report(self, connection: Connection, due: Due, problem: str) -> None:
        # It is tried again in every run; the others' statements do not wait for it.
        self._logger.critical("statement_impossible", account_id=str(due.account_id), problem=problem)
        await open_case(
            connection,
            self._books.ids,
            "ledger",
            f"statement:{due.account_id}",
            account_id=due.account_id,
            facts={"problem": problem},
        )
