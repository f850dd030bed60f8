"""What is done to accounts and API keys, one transaction each.

Every change is made under the lock of the account's row, which admission takes as well: the next admission sees it,
wherever it runs. Credit is the ledger's, and is given by whoever composes the two.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from farebox.accounts import admin_store as store
from farebox.accounts.account import Account, AccountStatus, ApiKey, NewApiKey
from farebox.accounts.api_key import api_key_hash, new_api_key, shown_prefix
from farebox.domain.errors import CommandError
from farebox.domain.job import KeyKind
from farebox.domain.limits import Limits
from farebox.kit.ids import IdSource

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(?:\.[^@\s.]+)*")
_LONGEST_EMAIL = 254
# As a browser sends it: scheme, host and port of the page, without a path; '*' is every page.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.ASCII)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_LONGEST_TEXT = 500


class KeyTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a new key may do. Empty `models` and `cidrs` restrict nothing; no `cors_origins` means no browser."""

    kind: KeyKind = "live"
    name: str = ""
    expires_at: datetime | None = None
    models: tuple[str, ...] = ()
    cidrs: tuple[str, ...] = ()
    sees_balance: bool = True
    cors_origins: tuple[str, ...] = ()
    limits: Limits = Limits()


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
            await store.insert_account(connection, account_id, email, _bounded(name), limits or Limits())
    except asyncpg.UniqueViolationError:
        raise CommandError(f"there is an account with the e-mail address {email} already") from None
    return account_id


async def show_account(connection: Any, account_id: UUID) -> Account:
    account = await store.load_account(connection, account_id)
    if account is None:
        raise _no_account(account_id)
    return account


async def change_limits(connection: Any, account_id: UUID, changes: Mapping[str, int | None]) -> Limits:
    """The account's limits afterwards; `changes` by field of Limits, None lifts a limit, what is not named stays."""
    async with connection.transaction():
        # The lock first: two people who change different limits at once both get theirs.
        if await store.lock_account(connection, account_id) is None:
            raise _no_account(account_id)
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


async def create_key(
    connection: Any,
    ids: IdSource,
    account_id: UUID,
    terms: KeyTerms,
    *,
    prefix: str,
    now: datetime,
    new_secret: Callable[[str, KeyKind], str] = new_api_key,
) -> NewApiKey:
    """A new key of an account that is not closed, with its secret; `prefix` is the profile's."""
    if terms.expires_at is not None and terms.expires_at <= now:
        raise CommandError("the key would have expired already: give a moment in the future")
    secret = new_secret(prefix, terms.kind)
    key = ApiKey(
        id=ids.new(),
        account_id=account_id,
        kind=terms.kind,
        name=_bounded(terms.name),
        prefix=shown_prefix(secret),
        created_at=now,
        expires_at=terms.expires_at,
        models=terms.models,
        cidrs=tuple(_network(text) for text in terms.cidrs),
        sees_balance=terms.sees_balance,
        cors_origins=tuple(_origin(text) for text in terms.cors_origins),
        limits=terms.limits,
    )
    async with connection.transaction():
        status = await store.lock_account(connection, account_id)
        if status is None:
            raise _no_account(account_id)
        if status == "closed":
            raise CommandError(f"account {account_id} is closed and gets no new keys")
        await store.insert_key(connection, key, api_key_hash(secret))
    return NewApiKey(key, secret)


async def revoke_key(connection: Any, key_id: UUID) -> ApiKey:
    """Refused from the next call on, everywhere; revoking it again changes nothing."""
    async with connection.transaction():
        key = await store.load_key(connection, key_id)
        if key is None:
            raise CommandError(f"there is no API key {key_id}")
        await store.lock_account(connection, key.account_id)
        await store.revoke_key(connection, key_id)
    return msgspec.structs.replace(key, status="revoked")


async def _change_status(
    connection: Any, account_id: UUID, allowed: tuple[AccountStatus, ...], status: AccountStatus, reason: str
) -> None:
    async with connection.transaction():
        current = await store.lock_account(connection, account_id)
        if current is None:
            raise _no_account(account_id)
        if current not in allowed:
            raise CommandError(f"account {account_id} is {current}")
        await store.set_status(connection, account_id, status, _bounded(reason))


def _no_account(account_id: UUID) -> CommandError:
    return CommandError(f"there is no account {account_id}")


def _bounded(text: str) -> str:
    text = text.strip()
    if len(text) > _LONGEST_TEXT or "\0" in text:
        raise CommandError(f"a name or reason must have at most {_LONGEST_TEXT} characters")
    return text


def _network(text: str) -> str:
    try:
        return str(ip_network(text.strip()))
    except ValueError:
        raise CommandError(f"{text[:60]!r} is not a network such as 203.0.113.0/24") from None


def _origin(text: str) -> str:
    origin = text.strip().lower()
    if origin != "*" and not _ORIGIN.fullmatch(origin):
        raise CommandError(
            f"{text[:80]!r} is not the origin of a page, such as https://app.example.com (no path), or *"
        )
    # A browser leaves the scheme's own port out, and ours is compared with what it sends.
    return origin.removesuffix(_DEFAULT_PORTS.get(origin.partition("://")[0], ""))
