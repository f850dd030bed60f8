"""Finding accounts: by what somebody tells of them, by status and by balance."""

import re
from datetime import datetime
from uuid import UUID

import msgspec

from farebox.accounts import search_store as store
from farebox.accounts.account import AccountStatus
from farebox.storage.database import Connection

_NO_PATTERN = re.compile(r"([\\%_])")


class AccountFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which accounts are asked for; None asks for all.

    `words` is an account's id, or the beginning of an address, a name or an API key; or a member's whole address.
    """

    words: str | None = None
    status: AccountStatus | None = None
    least_nano: int | None = None
    most_nano: int | None = None


class FoundAccount(msgspec.Struct, frozen=True):
    """An account in a list; '' where the contact was erased."""

    id: UUID
    email: str
    name: str
    status: AccountStatus
    status_reason: str
    balance_nano: int
    held_nano: int
    owed_nano: int
    open_jobs: int
    created_at: datetime | None


async def find(connection: Connection, wanted: AccountFilter, before: UUID | None, limit: int) -> list[FoundAccount]:
    """The newest first, those before the cursor `before`."""
    bounds = (before, wanted.status, wanted.least_nano, wanted.most_nano, limit)
    if wanted.words is None:
        rows = await connection.fetch(store.ALL, *bounds)
    else:
        words = wanted.words.strip()
        prefix = _NO_PATTERN.sub(r"\\\1", words) + "%"
        rows = await connection.fetch(store.MATCHING, *bounds, _id_in(words), prefix.lower(), prefix, words.lower())
    return [FoundAccount(**row) for row in rows]


def _id_in(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
