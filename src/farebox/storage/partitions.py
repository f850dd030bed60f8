"""The partitions of a day, of the tables that grow without end (partitioned_table names them).

They must exist before the day begins: rows that find none go to the default partition and stay there. The functions in
migrations/sql/0002_partitions.sql do the work, as the schema's owner.
"""

import asyncio
from datetime import date
from typing import Any, Literal

import asyncpg
import msgspec

from farebox.storage.database import Connection

_ENSURE = "SELECT partition_name, outcome FROM farebox_ensure_partitions($1, $2)"
_DROP = "SELECT farebox_drop_partitions($1, $2)"

# The functions wait 300 ms for a lock, because others wait behind them; in between, these get through.
_TRIES = 12
_PAUSE_S = 0.25

PartitionedTable = Literal["job", "refusal", "txn", "entry", "trace"]


class Ensured(msgspec.Struct, frozen=True):
    """Names of partitions; `skipped` could not be made because the default partition has rows of their day."""

    created: tuple[str, ...]
    skipped: tuple[str, ...]


async def ensure_partitions(connection: Connection, today: date, days_ahead: int) -> Ensured:
    """Makes what is missing of the partitions of today and the days ahead; any number of processes may ask at once."""
    rows = await _patiently(connection, _ENSURE, today, days_ahead + 1)
    by_outcome: dict[str, list[str]] = {"created": [], "exists": [], "skipped": []}
    for name, outcome in rows:
        by_outcome[outcome].append(name)
    return Ensured(tuple(by_outcome["created"]), tuple(by_outcome["skipped"]))


async def drop_partitions_before(connection: Connection, table: PartitionedTable, day: date) -> tuple[str, ...]:
    """Drops a table's partitions of days before `day`; answers their names. The ledger's only the owner may drop."""
    return tuple(name for (name,) in await _patiently(connection, _DROP, day, table))


async def _patiently(connection: Connection, query: str, *arguments: Any) -> list[Any]:
    """The rows; tries again while others hold the tables, and raises LockNotAvailableError in the end."""
    for _ in range(_TRIES - 1):
        try:
            # A savepoint when the caller is inside a transaction, which would otherwise be lost with the first try.
            async with connection.transaction():
                return list(await connection.fetch(query, *arguments))
        except asyncpg.LockNotAvailableError:
            await asyncio.sleep(_PAUSE_S)
    return list(await connection.fetch(query, *arguments))
