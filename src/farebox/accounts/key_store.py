"""SQL of changing API keys, and of what they have used."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.accounts.account import ApiKey

UPDATE = """
UPDATE api_key SET name = $2, expires_at = $3, models = $4, cidrs = $5, sees_balance = $6, cors_origins = $7,
                   requests_per_minute = $8, tokens_per_minute = $9, concurrency = $10, daily_nano = $11,
                   monthly_nano = $12, total_limit_nano = $13
WHERE id = $1
"""

# All of the old row but its name, its secret and the jobs that run on it.
COPY = """
INSERT INTO api_key (id, account_id, kind, name, prefix, hash, expires_at, models, cidrs, sees_balance, cors_origins,
                     requests_per_minute, tokens_per_minute, concurrency, daily_nano, monthly_nano, total_limit_nano,
                     last_us, minute, requests, requests_before, tokens, tokens_before, day, day_nano, month,
                     month_nano, total_nano, made_by)
SELECT $2, account_id, kind, name, $3, $4, expires_at, models, cidrs, sees_balance, cors_origins,
       requests_per_minute, tokens_per_minute, concurrency, daily_nano, monthly_nano, total_limit_nano,
       last_us, minute, requests, requests_before, tokens, tokens_before, day, day_nano, month, month_nano, total_nano,
       made_by
FROM api_key WHERE id = $1
"""

SET_MAKER = "UPDATE api_key SET made_by = $2 WHERE id = $1"

COUNT_ACTIVE = "SELECT count(*) FROM api_key WHERE account_id = $1 AND status = 'active'"

USAGE = """
SELECT id, last_us, total_nano,
       CASE WHEN day = extract(epoch FROM now())::bigint / 86400 THEN day_nano ELSE 0 END AS day_nano
FROM api_key WHERE account_id = $1 AND id = ANY ($2::uuid[])
"""


class KeyUse(msgspec.Struct, frozen=True):
    """What a key has used: when its last call was admitted, and its spend with what is held."""

    last_used_at: datetime | None
    day_nano: int
    total_nano: int


async def update_key(connection: Any, key: ApiKey) -> None:
    limits = key.limits
    await connection.execute(
        UPDATE,
        key.id,
        key.name,
        key.expires_at,
        list(key.models) or None,
        list(key.cidrs) or None,
        key.sees_balance,
        list(key.cors_origins) or None,
        limits.requests_per_minute,
        limits.tokens_per_minute,
        limits.concurrency,
        limits.daily_nano,
        limits.monthly_nano,
        limits.total_nano,
    )


async def copy_key(connection: Any, key_id: UUID, new_id: UUID, prefix: str, secret_hash: bytes) -> None:
    await connection.execute(COPY, key_id, new_id, prefix, secret_hash)


async def set_maker(connection: Any, key_id: UUID, person_id: UUID) -> None:
    """The member whose usage the key's counts as."""
    await connection.execute(SET_MAKER, key_id, person_id)


async def count_active(connection: Any, account_id: UUID) -> int:
    count: int = await connection.fetchval(COUNT_ACTIVE, account_id)
    return count


async def load_use(connection: Any, account_id: UUID, key_ids: list[UUID]) -> dict[UUID, KeyUse]:
    """By key; a key that was never called has no time of last use."""
    rows = await connection.fetch(USAGE, account_id, key_ids)
    return {
        row["id"]: KeyUse(
            datetime.fromtimestamp(row["last_us"] / 1_000_000, UTC) if row["last_us"] else None,
            row["day_nano"],
            row["total_nano"],
        )
        for row in rows
    }
