"""Acceptance of terms by use: whoever goes on calling after a new version has taken effect accepts it. Stops nothing.

An account for which no terms were ever accepted is another thing: it is barred until a member accepts.
"""

from farebox.accounts.bars import bar, lift
from farebox.audit.record import record, system
from farebox.identity import consent_store as store
from farebox.identity.consent import terms_in_force
from farebox.identity.consent_store import TermsInForce
from farebox.kit.ids import IdSource, first_id_at
from farebox.kit.logging import Logger
from farebox.storage.database import Connection

_AT_ONCE = 500
_ACTOR = system("terms_acceptance")


class TermsAcceptance:
    """Safe to stop anywhere and to do twice: each account is recorded, with its line of the trail, once."""

    def __init__(self, ids: IdSource, logger: Logger) -> None:
        self._ids = ids
        self._logger = logger

    async def work(self, connection: Connection) -> None:
        terms = await terms_in_force(connection)
        if terms is None:
            return
        while await self._accept_by_use(connection, terms):
            pass
        while await self._bar(connection, terms):
            pass

    async def _accept_by_use(self, connection: Connection, terms: TermsInForce) -> int:
        first_job = first_id_at(int(terms.effective_at.timestamp() * 1000))
        async with connection.transaction():
            going_on = await store.going_on(connection, terms.version, first_job, _AT_ONCE)
            ids = [self._ids.new() for _ in going_on]
            accepted = await store.insert_by_use(connection, ids, going_on, terms.version)
            for account_id in accepted:
                await record(
                    connection,
                    self._ids,
                    _ACTOR,
                    "terms.accept",
                    target=f"account:{account_id}",
                    account_id=account_id,
                    after={"version": terms.version, "how": "by_use"},
                )
        if accepted:
            self._logger.info("terms_accepted_by_use", version=terms.version, accounts=len(accepted))
        return len(accepted)

    async def _bar(self, connection: Connection, terms: TermsInForce) -> int:
        found = await store.never_accepted(connection, _AT_ONCE)
        for account_id in found:
            async with connection.transaction():
                await bar(connection, account_id, "terms_not_accepted")
                # Seen under the account's lock: who accepted just before looked for a bar in vain, and must not stay
                # behind this one; who accepts from now on waits for the lock, and lifts it.
                if await store.has_any(connection, account_id):
                    await lift(connection, account_id, "terms_not_accepted")
                    continue
                await record(
                    connection,
                    self._ids,
                    _ACTOR,
                    "account.bar",
                    target=f"account:{account_id}",
                    account_id=account_id,
                    after={"barred": "terms_not_accepted", "version": terms.version},
                )
        return len(found)
