"""SQL of the administration of accounts and API keys: rare statements by people, not by traffic."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from farebox.accounts.account import Account, ApiKey
from farebox.domain.limits import Limits
from farebox.storage.account_lock import ACCOUNT_LOCK_SQL, account_lock_keys

INSERT_ACCOUNT = """
INSERT INTO account (id, requests_per_minute, tokens_per_minute, concurrency, daily_nano, monthly_nano,
                     total_limit_nano)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

INSERT_CONTACT = "INSERT INTO account_contact (account_id, email, name) VALUES ($1, $2, $3)"

_ACCOUNT_COLUMNS = """
SELECT account.id, email, name, status, status_reason, balance_nano, held_nano, open_jobs, created_at,
       requests_per_minute, tokens_per_minute, concurrency, daily_nano, monthly_nano, total_limit_nano
FROM account JOIN account_contact ON account_contact.account_id = account.id
"""

ACCOUNT = f"{_ACCOUNT_COLUMNS} WHERE account.id = $1"

ACCOUNTS = f"{_ACCOUNT_COLUMNS} ORDER BY account.id DESC LIMIT $1"

LOCK_ACCOUNT = "SELECT status FROM account WHERE id = $1 FOR UPDATE"

SET_STATUS = "UPDATE account SET status = $2, status_reason = $3 WHERE id = $1"

SET_LIMITS = """
UPDATE account SET requests_per_minute = $2, tokens_per_minute = $3, concurrency = $4, daily_nano = $5,
                   monthly_nano = $6, total_limit_nano = $7
WHERE id = $1
"""

INSERT_KEY = """
INSERT INTO api_key (id, account_id, kind, name, prefix, hash, expires_at, models, cidrs, sees_balance, cors_origins,
                     requests_per_minute, tokens_per_minute, concurrency, daily_nano, monthly_nano, total_limit_nano)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
"""

_KEY_COLUMNS = """
SELECT id, account_id, kind, name, prefix, status, expires_at, models, cidrs::text[], sees_balance, cors_origins,
       created_at, requests_per_minute, tokens_per_minute, concurrency, daily_nano, monthly_nano,
       total_limit_nano
FROM api_key
"""

KEYS_OF = f"{_KEY_COLUMNS} WHERE account_id = $1 ORDER BY id DESC LIMIT $2"

KEY_PAGE = f"""
{_KEY_COLUMNS} WHERE account_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
"""

KEYS = f"{_KEY_COLUMNS} ORDER BY id DESC LIMIT $1"

KEY = f"{_KEY_COLUMNS} WHERE id = $1"

# Accounts before keys, as everywhere: the account's row is locked by then.
REVOKE = "UPDATE api_key SET status = 'revoked' WHERE id = $1 AND status = 'active'"

REVOKE_ALL = "UPDATE api_key SET status = 'revoked' WHERE account_id = $1 AND status = 'active'"


async def insert_account(connection: Any, account_id: UUID, email: str, name: str, limits: Limits) -> None:
    await connection.execute(INSERT_ACCOUNT, account_id, *_limit_values(limits))
    await connection.execute(INSERT_CONTACT, account_id, email, name)


async def load_account(connection: Any, account_id: UUID) -> Account | None:
    row = await connection.fetchrow(ACCOUNT, account_id)
    return None if row is None else _account(row)


async def load_accounts(connection: Any, limit: int) -> list[Account]:
    """The newest accounts first."""
    return [_account(row) for row in await connection.fetch(ACCOUNTS, limit)]


async def lock_account(connection: Any, account_id: UUID) -> str | None:
    """The account's status, locked until the transaction ends; None when there is no such account."""
    await connection.fetch(ACCOUNT_LOCK_SQL, account_lock_keys([account_id]))
    status: str | None = await connection.fetchval(LOCK_ACCOUNT, account_id)
    return status


async def set_status(connection: Any, account_id: UUID, status: str, reason: str) -> None:
    await connection.execute(SET_STATUS, account_id, status, reason)


async def set_limits(connection: Any, account_id: UUID, limits: Limits) -> None:
    await connection.execute(SET_LIMITS, account_id, *_limit_values(limits))


async def insert_key(connection: Any, key: ApiKey, key_hash: bytes) -> None:
    await connection.execute(
        INSERT_KEY,
        key.id,
        key.account_id,
        key.kind,
        key.name,
        key.prefix,
        key_hash,
        key.expires_at,
        _or_null(key.models),
        _or_null(key.cidrs),
        key.sees_balance,
        _or_null(key.cors_origins),
        *_limit_values(key.limits),
    )


async def load_key(connection: Any, key_id: UUID) -> ApiKey | None:
    row = await connection.fetchrow(KEY, key_id)
    return None if row is None else _key(row)


async def load_keys(connection: Any, account_id: UUID | None, limit: int) -> list[ApiKey]:
    """The newest keys first, of one account or of all."""
    if account_id is None:
        rows = await connection.fetch(KEYS, limit)
    else:
        rows = await connection.fetch(KEYS_OF, account_id, limit)
    return [_key(row) for row in rows]


async def load_key_page(connection: Any, account_id: UUID, after: UUID | None, limit: int) -> list[ApiKey]:
    """The newest keys of an account first, those before the cursor `after`."""
    return [_key(row) for row in await connection.fetch(KEY_PAGE, account_id, after, limit)]


async def revoke_key(connection: Any, key_id: UUID) -> None:
    await connection.execute(REVOKE, key_id)


async def revoke_all_keys(connection: Any, account_id: UUID) -> None:
    await connection.execute(REVOKE_ALL, account_id)


def _limit_values(limits: Limits) -> Sequence[int | None]:
    return (
        limits.requests_per_minute,
        limits.tokens_per_minute,
        limits.concurrency,
        limits.daily_nano,
        limits.monthly_nano,
        limits.total_nano,
    )


def _limits(row: Any) -> Limits:
    return Limits(
        requests_per_minute=row["requests_per_minute"],
        tokens_per_minute=row["tokens_per_minute"],
        concurrency=row["concurrency"],
        daily_nano=row["daily_nano"],
        monthly_nano=row["monthly_nano"],
        total_nano=row["total_limit_nano"],
    )


def _account(row: Any) -> Account:
    return Account(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        status=row["status"],
        status_reason=row["status_reason"],
        balance_nano=row["balance_nano"],
        held_nano=row["held_nano"],
        open_jobs=row["open_jobs"],
        created_at=row["created_at"],
        limits=_limits(row),
    )


def _key(row: Any) -> ApiKey:
    return ApiKey(
        id=row["id"],
        account_id=row["account_id"],
        kind=row["kind"],
        name=row["name"],
        prefix=row["prefix"],
        status=row["status"],
        expires_at=row["expires_at"],
        models=tuple(row["models"] or ()),
        cidrs=tuple(row["cidrs"] or ()),
        sees_balance=row["sees_balance"],
        cors_origins=tuple(row["cors_origins"] or ()),
        created_at=row["created_at"],
        limits=_limits(row),
    )


def _or_null(values: Sequence[str]) -> list[str] | None:
    # No restriction is null, not an empty list: an empty list would allow nothing.
    return list(values) or None
