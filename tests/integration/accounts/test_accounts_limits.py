"""Limits of an account, changed while others change them too."""

import asyncio

from tests.support.postgres import TestDatabase

from farebox.accounts import service
from farebox.domain.limits import Limits
from farebox.kit.ids import IdSource
from farebox.storage.account_lock import ACCOUNT_LOCK_SQL, account_lock_keys
from farebox.storage.database import connect


async def test_limits_are_changed_under_the_lock_that_admission_takes(database: TestDatabase) -> None:
    """Two people who change different limits at once both get theirs, and neither change passes an admission."""
    holder, one, two = await asyncio.gather(*(connect(database.app_url, application_name="test") for _ in range(3)))
    try:
        account_id = await service.create_account(holder, IdSource(), email="ann@example.com")
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        async with holder.transaction():
            await holder.fetch(ACCOUNT_LOCK_SQL, account_lock_keys([account_id]))
            both = [
                asyncio.create_task(service.change_limits(connection, account_id, changes))
                for connection, changes in ((one, {"concurrency": 3}), (two, {"daily_nano": 5}))
            ]
            async with asyncio.timeout(10):
                while await holder.fetchval(waiting) < 2:
                    assert not any(task.done() for task in both)
        await asyncio.gather(*both)
        account = await service.show_account(holder, account_id)
        assert account.limits == Limits(concurrency=3, daily_nano=5)
    finally:
        for connection in (holder, one, two):
            await connection.close()
