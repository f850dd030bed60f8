"""SQL of accounts as requests after the sale see them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.storage.account_lock import ACCOUNT_LOCK_SQL, account_lock_keys
from farebox.storage.database import Connection

STANDING = "SELECT status, status_reason, balance_nano, held_nano, open_jobs FROM account WHERE id = $1"

BY_EMAIL = "SELECT account_id FROM account_contact WHERE lower(email) = lower($1)"


class Standing(msgspec.Struct, frozen=True):
    """An account's money and status; under its lock they stay so."""

    status: Literal["active", "frozen", "closed"]
    status_reason: str
    balance_nano: int
    held_nano: int
    open_jobs: int


async def lock_accounts(connection: Connection, *account_ids: UUID) -> None:
    """Before any row of a request: everything that changes an account's money comes one after the other."""
    await connection.execute(ACCOUNT_LOCK_SQL, account_lock_keys(account_ids))


async def now(connection: Connection) -> datetime:
    """The database's time, which all windows and due times go by."""
    moment: datetime = await connection.fetchval("SELECT clock_timestamp()")
    return moment


async def load_standing(connection: Connection, account_id: UUID) -> Standing | None:
    row = await connection.fetchrow(STANDING, account_id)
    return None if row is None else Standing(**row)


async def find_by_email(connection: Connection, email: str) -> UUID | None:
    found: UUID | None = await connection.fetchval(BY_EMAIL, email)
    return found
