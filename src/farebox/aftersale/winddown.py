"""Winding the service down: the list of balances to repay, by payment, and what has become of each account.

Money itself goes back by refunds, closings and withdrawals; the list says who is still to be repaid. What is left is
read anew each time, so that the list never says more than the ledger.
"""

from collections.abc import AsyncIterator
from typing import Literal
from uuid import UUID

from farebox.aftersale import account_store
from farebox.aftersale import winddown_store as store
from farebox.aftersale.desk import Desk, note
from farebox.aftersale.winddown_store import Listed, ListedLot
from farebox.audit.record import Actor
from farebox.domain.errors import ActionRefused
from farebox.storage.database import Connection, Pool

WindDownState = Literal["open", "paid", "unreachable"]
_AT_ONCE = 500


async def refresh(connection: Connection, desk: Desk, actor: Actor) -> int:
    """Put every account with bought credit on the list; how many are new. Nothing that was marked is lost."""
    async with connection.transaction():
        added = await store.refresh(connection)
        await note(connection, desk, actor, "wind_down.list", "wind_down", None, after={"added": added})
        return added


async def show(connection: Connection, account_id: UUID) -> Listed:
    """An account of the list; ActionRefused (404) when it is not on it."""
    found = await store.load(connection, account_id)
    if found is None:
        raise _not_listed()
    return found


async def mark(
    connection: Connection, desk: Desk, account_id: UUID, actor: Actor, *, state: WindDownState, words: str
) -> Listed:
    """Say what has become of an account. Paid is only who has no bought credit left."""
    async with connection.transaction():
        await account_store.lock_accounts(connection, account_id)
        before = await store.lock(connection, account_id)
        found = await show(connection, account_id)
        if state == "paid" and found.refundable_nano:
            raise ActionRefused(
                "balance_left", "Bought credit is left on this account: refund it, or close the account and return it."
            )
        await store.mark(connection, account_id, state, words, actor.id)
        target, after = f"wind_down:{account_id}", {"state": state}
        await note(
            connection, desk, actor, "wind_down.mark", target, account_id, before=before, after=after, reason=words
        )
        return await show(connection, account_id)


async def every_lot(pool: Pool, account_id: UUID | None = None) -> AsyncIterator[list[ListedLot]]:
    """All lots to repay, page by page; no connection is kept between pages."""
    after: tuple[UUID, UUID] | None = None
    while True:
        async with pool.acquire() as connection:
            found = await store.lots(connection, after, account_id=account_id, limit=_AT_ONCE)
        if found:
            yield found
        if len(found) < _AT_ONCE:
            return
        after = (found[-1].account_id, found[-1].lot_id)


def _not_listed() -> ActionRefused:
    return ActionRefused("not_found", "This account is not on the wind-down list.", status=404)
