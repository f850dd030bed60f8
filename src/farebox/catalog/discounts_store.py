"""SQL of discounts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

NOW = "SELECT clock_timestamp()"

INSERT = """
INSERT INTO discount (id, name, patterns, off_ppm, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6)
RETURNING id, name, patterns, off_ppm, starts_at, ends_at, created_at
"""

LOCK = """
SELECT id, name, patterns, off_ppm, starts_at, ends_at, created_at FROM discount WHERE id = $1 FOR UPDATE
"""

SET_END = """
UPDATE discount SET ends_at = $2 WHERE id = $1
RETURNING id, name, patterns, off_ppm, starts_at, ends_at, created_at
"""

PAGE = """
SELECT id, name, patterns, off_ppm, starts_at, ends_at, created_at FROM discount
WHERE $1::uuid IS NULL OR id < $1
ORDER BY id DESC LIMIT $2
"""

RUNNING = """
SELECT id, name, patterns, off_ppm, starts_at, ends_at, created_at FROM discount
WHERE starts_at <= clock_timestamp() AND (ends_at IS NULL OR ends_at > clock_timestamp())
ORDER BY off_ppm DESC, id
"""


class DiscountRow(msgspec.Struct, frozen=True):
    """So much less, in parts per million, for models whose name fits, from a moment until before another."""

    id: UUID
    name: str
    patterns: tuple[str, ...]
    off_ppm: int
    starts_at: datetime
    ends_at: datetime | None
    created_at: datetime


async def load_now(connection: Any) -> datetime:
    now: datetime = await connection.fetchval(NOW)
    return now


async def insert(
    connection: Any,
    discount_id: UUID,
    name: str,
    patterns: Sequence[str],
    off_ppm: int,
    starts_at: datetime,
    ends_at: datetime | None,
) -> DiscountRow:
    return _row(await connection.fetchrow(INSERT, discount_id, name, list(patterns), off_ppm, starts_at, ends_at))


async def lock(connection: Any, discount_id: UUID) -> DiscountRow | None:
    """Locked until the transaction ends; None when there is no such discount."""
    row = await connection.fetchrow(LOCK, discount_id)
    return None if row is None else _row(row)


async def set_end(connection: Any, discount_id: UUID, ends_at: datetime) -> DiscountRow:
    return _row(await connection.fetchrow(SET_END, discount_id, ends_at))


async def load_page(connection: Any, after: UUID | None, limit: int) -> list[DiscountRow]:
    return [_row(row) for row in await connection.fetch(PAGE, after, limit)]


async def load_running(connection: Any) -> list[DiscountRow]:
    return [_row(row) for row in await connection.fetch(RUNNING)]


def _row(row: Any) -> DiscountRow:
    return DiscountRow(**dict(row) | {"patterns": tuple(row["patterns"])})
