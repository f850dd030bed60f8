"""Which customer group an account belongs to. Whether there is such a group is the catalogue's to say."""

from typing import Any
from uuid import UUID

from farebox.accounts import grouping_store as store
from farebox.accounts.admin_store import lock_account
from farebox.domain.errors import ActionRefused


async def assign_group(connection: Any, account_id: UUID, group: str | None) -> str | None:
    """The group before; the new one is in force for the next admission, jobs under way keep their prices."""
    async with connection.transaction():
        # Under the lock that admission takes: no quote for the old group is admitted after this has committed.
        if await lock_account(connection, account_id) is None:
            raise ActionRefused("not_found", f"There is no account {account_id}.", status=404)
        before = await store.load_group(connection, account_id)
        await store.set_group(connection, account_id, group)
    return before
