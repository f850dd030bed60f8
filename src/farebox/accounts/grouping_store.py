"""SQL of an account's customer group."""

from typing import Any
from uuid import UUID

LOAD = "SELECT customer_group FROM account WHERE id = $1"

SET = "UPDATE account SET customer_group = $2 WHERE id = $1"


async def load_group(connection: Any, account_id: UUID) -> str | None:
    group: str | None = await connection.fetchval(LOAD, account_id)
    return group


async def set_group(connection: Any, account_id: UUID, group: str | None) -> None:
    await connection.execute(SET, account_id, group)
