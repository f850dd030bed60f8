"""SQL of customer groups."""

from typing import Any

import msgspec

LOCK = "SELECT name, factor_ppm, description FROM customer_group WHERE name = $1 FOR UPDATE"

UPSERT = """
INSERT INTO customer_group (name, factor_ppm, description) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET factor_ppm = excluded.factor_ppm, description = excluded.description
RETURNING name, factor_ppm, description
"""

HAS_ACCOUNTS = "SELECT EXISTS (SELECT FROM account WHERE customer_group = $1)"

DELETE = "DELETE FROM customer_group WHERE name = $1"

GROUPS = """
SELECT name, factor_ppm, description, (SELECT count(*) FROM account WHERE customer_group = name) AS accounts
FROM customer_group ORDER BY name
"""


class GroupRow(msgspec.Struct, frozen=True):
    """A group, its factor in parts per million, and, where it was asked for, how many accounts it has."""

    name: str
    factor_ppm: int
    description: str
    accounts: int = 0


async def lock(connection: Any, name: str) -> GroupRow | None:
    row = await connection.fetchrow(LOCK, name)
    return None if row is None else GroupRow(**row)


async def upsert(connection: Any, name: str, factor_ppm: int, description: str) -> GroupRow:
    return GroupRow(**await connection.fetchrow(UPSERT, name, factor_ppm, description))


async def has_accounts(connection: Any, name: str) -> bool:
    return bool(await connection.fetchval(HAS_ACCOUNTS, name))


async def delete(connection: Any, name: str) -> None:
    await connection.execute(DELETE, name)


async def load_groups(connection: Any) -> list[GroupRow]:
    """All groups by name, with their accounts counted."""
    return [GroupRow(**row) for row in await connection.fetch(GROUPS)]
