"""Compares payment providers, payments and the wash book, daily; differences become cases."""

from farebox.kit.logging import Logger
from farebox.payments.books import Books
from farebox.payments.events import Providers
from farebox.payments.provider import ProviderAway, ProviderRefused
from farebox.payments.reconcile import note_away, reconcile_provider, reconcile_wash
from farebox.storage.database import Connection


class Reconciliation:
    """A provider that does not answer is compared in the next turn, and keeps nobody else from it."""

    def __init__(self, books: Books, providers: Providers, logger: Logger) -> None:
        self._books = books
        self._providers = providers
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        for name, provider in self._providers.items():
            try:
                found = await reconcile_provider(connection, self._books, provider)
            except (ProviderAway, ProviderRefused) as error:
                self._logger.warning("provider_not_compared", provider=name, error=type(error).__name__)
                await note_away(connection, self._books, name, type(error).__name__)
            else:
                self._logger.info("provider_compared", provider=name, differences=len(found))
        await reconcile_wash(connection, self._books, self._logger)
