"""Bars: why calls of an active account are refused all the same. Several may hold; the gravest is the one told.

A bar is not a freeze: it ends by what the customer does (confirming, accepting) or by the operator's approval, and
admission reads it with the account's row, so that it is in force for the next call wherever it runs.
"""

from typing import Any, Literal, get_args
from uuid import UUID

from farebox.accounts import admin_store, bars_store
from farebox.accounts.service import no_account
from farebox.domain.errors import ActionRefused
from farebox.storage.database import Connection

# The gravest first.
BarCode = Literal["region_not_served", "approval_pending", "email_not_verified", "terms_not_accepted"]
_BY_GRAVITY: tuple[str, ...] = get_args(BarCode)


async def bar(connection: Connection, account_id: UUID, code: BarCode) -> bool:
    """Refuses the account's calls from the next one on; False when this very bar held already."""
    return await _change(connection, account_id, bars_store.insert, code)


async def lift(connection: Connection, account_id: UUID, code: BarCode) -> bool:
    """Ends one bar; calls are let in again when no other holds. False when there was none."""
    return await _change(connection, account_id, bars_store.delete, code)


async def list_bars(connection: Connection, account_id: UUID) -> tuple[str, ...]:
    """Those that hold, the gravest first."""
    found = await bars_store.load(connection, account_id)
    return tuple(code for code in _BY_GRAVITY if code in found)


async def list_waiting(connection: Connection, after: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Accounts that wait for the operator: account_id, email, code, since; the oldest first, after the cursor."""
    return await bars_store.load_waiting(connection, after, limit)


async def show_waiting(connection: Connection, account_id: UUID) -> dict[str, Any]:
    """The same of one account; ActionRefused (404) when it does not wait (any more)."""
    found = await bars_store.load_one_waiting(connection, account_id)
    if found is None:
        raise ActionRefused("not_found", "No such account waits: it was decided already.", status=404)
    return found


async def _change(connection: Connection, account_id: UUID, change: bars_store.Change, code: str) -> bool:
    async with connection.transaction():
        if await admin_store.lock_account(connection, account_id) is None:
            raise no_account(account_id)
        if not await change(connection, account_id, code):
            return False
        await bars_store.tell(connection, account_id, list(_BY_GRAVITY))
        return True
