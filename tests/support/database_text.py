"""All that a database holds, as texts: for tests that show that nothing was changed."""

import asyncpg
from tests.support.postgres import TestDatabase

# What changes with any request: when a session was last seen, how many attempts there were.
_RESTLESS = frozenset(("session", "throttle"))
_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""


async def everything(database: TestDatabase) -> dict[str, set[str]]:
    """The rows of every table, but for those that any request changes."""
    connection = await asyncpg.connect(database.owner_url)
    try:
        tables = {row["relname"] for row in await connection.fetch(_TABLES)} - _RESTLESS
        return {
            table: {row[0] for row in await connection.fetch(f'SELECT t::text FROM public."{table}" t')}
            for table in tables
        }
    finally:
        await connection.close()
