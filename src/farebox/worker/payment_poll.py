"""Payments that nobody told us of: stored events that were not applied, refunds without an answer, silent checkouts."""

from farebox.domain.errors import LedgerError
from farebox.kit.logging import Logger
from farebox.payments import event_store, recharge_store
from farebox.payments.books import Books
from farebox.payments.events import Providers, apply_waiting
from farebox.payments.merging import apply_fact
from farebox.payments.provider import ProviderAway, ProviderRefused, UnreadableEvent
from farebox.payments.refunds import carry_out_asked
from farebox.storage.database import Connection

_AT_ONCE = 50


class PaymentPoll:
    """Every step may be done twice and may die at any await: each asks what is so and makes it so.

    A checkout is asked about once it is `age_s` old: by then its webhook has come, or is lost.
    """

    def __init__(self, books: Books, providers: Providers, logger: Logger, *, age_s: float = 600.0) -> None:
        self._books = books
        self._providers = providers
        self._logger = logger
        self._age_s = age_s

    async def work(self, connection: Connection) -> None:
        await apply_waiting(connection, self._books, self._providers, self._logger)
        await carry_out_asked(connection, self._books, self._providers)
        await self._look_up(connection)
        await recharge_store.expire_forsaken(connection)
        await event_store.forget_raw(connection, self._books.policy.retention.metadata_days)

    async def _look_up(self, connection: Connection) -> None:
        for found in await recharge_store.to_look_up(connection, self._age_s, _AT_ONCE):
            provider = self._providers.get(found.method)
            if provider is None:
                continue
            try:
                for fact in await provider.look_up(found.checkout_ref):
                    await apply_fact(connection, self._books, fact)
            except (ProviderAway, ProviderRefused, UnreadableEvent, LedgerError) as error:
                # The others still have their turn, and this one has it again later.
                self._logger.warning("checkout_not_found_out", recharge=str(found.id), error=type(error).__name__)
            await recharge_store.set_looked_up(connection, found.id)
