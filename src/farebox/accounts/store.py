"""SQL of the look-up of API keys on the data plane."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from farebox.domain.job import KeyKind


class KeyRecord(msgspec.Struct, frozen=True):
    """Who a key belongs to. It answers who is asking and grants nothing: the till reads the live row."""

    id: UUID
    account_id: UUID
    kind: KeyKind
    hash: bytes
    prefix: str
    sees_balance: bool
    cors_origins: tuple[str, ...]
    group: str | None = None  # the account's customer group, as of the look-up


FIND_KEYS = """
SELECT api_key.id, account_id, kind, hash, prefix, sees_balance, cors_origins, customer_group
FROM api_key JOIN account ON account.id = account_id
WHERE hash = ANY($1::bytea[])
"""


async def find_keys(connection: Any, hashes: Sequence[bytes]) -> list[KeyRecord]:
    """The keys among these hashes that exist, revoked ones included, in no order."""
    rows = await connection.fetch(FIND_KEYS, list(hashes))
    return [
        KeyRecord(
            id=row["id"],
            account_id=row["account_id"],
            kind=row["kind"],
            hash=row["hash"],
            prefix=row["prefix"],
            sees_balance=row["sees_balance"],
            cors_origins=tuple(row["cors_origins"] or ()),
            group=row["customer_group"],
        )
        for row in rows
    ]
