"""Cases: one per kind and subject while it is open, closed once."""

import asyncio

import pytest
from tests.support.postgres import TestDatabase

from farebox.cases.case import close_case, open_case
from farebox.domain.errors import ActionRefused
from farebox.kit.ids import IdSource
from farebox.storage.database import create_pool


async def test_what_is_noticed_twice_is_one_case_until_it_is_closed(database: TestDatabase) -> None:
    """New facts are added to the open case; after closing, the next finding opens another."""
    pool = await create_pool(database.app_url, application_name="test", max_size=8)
    ids = IdSource()

    async def notice(facts: dict[str, int]) -> object:
        async with pool.acquire() as connection:
            return await open_case(connection, ids, "risk", "key:1", facts=facts)

    try:
        found = await asyncio.gather(*(notice({f"n{number}": number}) for number in range(8)))
        assert len(set(found)) == 1
        async with pool.acquire() as connection:
            closed = await close_case(connection, found[0], decision="nothing wrong")
            assert closed.facts == {f"n{number}": number for number in range(8)}
            with pytest.raises(ActionRefused, match="closed already"):
                await close_case(connection, found[0], decision="again")
        assert await notice({}) != found[0]
    finally:
        await pool.close()
