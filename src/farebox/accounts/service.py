"""What is done to accounts, one transaction each.

Every change is made under the lock of the account's row, which admission takes as well: the next admission sees it,
wherever it runs. Credit is the ledger's, and is given by whoever composes the two.
"""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from farebox.accounts import admin_store as store
from farebox.accounts.account import Account, AccountStatus
from farebox.domain.errors import ActionRefused, CommandError
from farebox.domain.limits import Limits
from farebox.kit.ids import IdSource

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)*")
_LONGEST_EMAIL = 254
_LONGEST_TEXT = 500


async def create_account(
    connection: Any, ids: IdSource, *, email: str, name: str = "", limits: Limits | None = None
) -> UUID:
    """A new active account without credit; CommandError when the address is none or is taken."""
    email = email.strip()
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        raise CommandError(f"{email[:80]!r} is not an e-mail address")
    account_id = ids.new()
    try:
        async with connection.transaction():
            await store.insert_account(connection, account_id, email, bounded(name), limits or Limits())
    except asyncpg.UniqueViolationError:
        raise CommandError(f"there is an account with the e-mail address {email} already") from None
    return account_id


async def show_account(connection: Any, account_id: UUID) -> Account:
    account = await store.load_account(connection, account_id)
    if account is None:
        raise no_account(account_id)
    return account


async def change_limits(connection: Any, account_id: UUID, changes: Mapping[str, int | None]) -> Limits:
    """The account's limits afterwards; `changes` by field of Limits, None lifts a limit, what is not named stays."""
    async with connection.transaction():
        # The lock first: two people who change different limits at once both get theirs.
        if await store.lock_account(connection, account_id) is None:
            raise no_account(account_id)
        account = await show_account(connection, account_id)
        limits = msgspec.structs.replace(account.limits, **changes)
        await store.set_limits(connection, account_id, limits)
    return limits


async def freeze(connection: Any, account_id: UUID, reason: str) -> None:
    """No new job from now on; running ones end normally and the balance stays."""
    await _change_status(connection, account_id, ("active", "frozen"), "frozen", reason)


async def unfreeze(connection: Any, account_id: UUID, reason: str) -> None:
    await _change_status(connection, account_id, ("frozen",), "active", reason)


async def close(connection: Any, account_id: UUID, reason: str) -> None:
    """The end of an account: all keys are revoked. What is left of the balance stays on the ledger for a decision."""
    async with connection.transaction():
        await _change_status(connection, account_id, ("active", "frozen"), "closed", reason)
        await store.revoke_all_keys(connection, account_id)


async def _change_status(
    connection: Any, account_id: UUID, allowed: tuple[AccountStatus, ...], status: AccountStatus, reason: str
) -> None:
    async with connection.transaction():
        current = await store.lock_account(connection, account_id)
        if current is None:
            raise no_account(account_id)
        if current not in allowed:
            raise CommandError(f"account {account_id} is {current}")
        await store.set_status(connection, account_id, status, bounded(reason))


def no_account(account_id: UUID) -> CommandError:
    """The error of an id that no account has."""
    return ActionRefused("not_found", f"there is no account {account_id}", status=404)


def bounded(text: str) -> str:
    """A name or reason without blanks around it; CommandError when it is too long."""
    text = text.strip()
    if len(text) > _LONGEST_TEXT or "\0" in text:
        raise CommandError(f"a name or reason must have at most {_LONGEST_TEXT} characters")
    return text
