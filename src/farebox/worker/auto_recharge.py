"""Recharges accounts whose balance is below what their members have set, from the card that they let us keep."""

from farebox.domain.errors import LedgerError
from farebox.kit.logging import Logger
from farebox.payments.auto_recharge import auto_recharge_store as store
from farebox.payments.auto_recharge.agreement import KEEPER, is_offered
from farebox.payments.auto_recharge.charging import begin, carry_out
from farebox.payments.books import Books
from farebox.payments.events import Providers
from farebox.storage.database import Connection

_AT_ONCE = 50


class AutoRecharges:
    """What is open is ended first, then new attempts are begun; each step may die at any await and be done again."""

    def __init__(self, books: Books, providers: Providers, page_url: str, logger: Logger) -> None:
        self._books = books
        self._providers = providers
        self._page_url = page_url
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        provider = self._providers.get(KEEPER)
        if provider is None:
            return
        for attempt in await store.open_attempts(connection, _AT_ONCE):
            try:
                await carry_out(connection, self._books, provider, attempt, self._page_url, self._logger)
            except LedgerError as error:
                # The others still have their turn, and this one has it again later.
                self._logger.error("auto_recharge_stuck", recharge=str(attempt.recharge_id), error=type(error).__name__)
        if not is_offered(self._books, self._providers):
            return
        for account_id in await store.low(connection, _AT_ONCE):
            begun = await begin(connection, self._books, provider, account_id, self._page_url)
            if begun is not None:
                await carry_out(connection, self._books, provider, begun, self._page_url, self._logger)
