"""What is done to API keys, one transaction each.

Every change is made under the lock of the account's row, which admission takes as well: a key that was revoked, rotated
or limited is so for the next call, wherever it runs.
"""

import re
from collections.abc import Callable
from datetime import datetime
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import msgspec

from farebox.accounts import admin_store as store
from farebox.accounts import key_store
from farebox.accounts.account import ApiKey, NewApiKey
from farebox.accounts.api_key import api_key_hash, new_api_key, shown_prefix
from farebox.accounts.service import bounded, no_account
from farebox.domain.errors import ActionRefused, CommandError
from farebox.domain.job import KeyKind
from farebox.domain.limits import Limits
from farebox.kit.ids import IdSource

# As a browser sends it: scheme, host and port of the page, without a path; '*' is every page.
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.ASCII)
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
# Enough for every program of a customer; a loop that makes keys without end is stopped.
_MOST_ACTIVE_KEYS = 1_000


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
        name=bounded(terms.name),
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
            raise no_account(account_id)
        if status == "closed":
            raise CommandError(f"account {account_id} is closed and gets no new keys")
        if await key_store.count_active(connection, account_id) >= _MOST_ACTIVE_KEYS:
            raise ActionRefused(
                "too_many_keys",
                f"An account has at most {_MOST_ACTIVE_KEYS} keys: revoke some first.",
                values={"most": _MOST_ACTIVE_KEYS},
            )
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


async def own_key(connection: Any, account_id: UUID, key_id: UUID) -> ApiKey:
    """A key of the account; somebody else's is as good as missing."""
    key = await store.load_key(connection, key_id)
    if key is None or key.account_id != account_id:
        raise ActionRefused("not_found", "There is no such API key.", status=404)
    return key


async def change_key(connection: Any, account_id: UUID, key_id: UUID, changed: ApiKey) -> ApiKey:
    """Name, limits, models, networks, origins and expiry of an active key, as `changed` has them."""
    async with connection.transaction():
        await store.lock_account(connection, account_id)
        key = await own_key(connection, account_id, key_id)
        if key.status != "active":
            raise ActionRefused("key_revoked", "This key was revoked and cannot be changed: create a new one.")
        kept = msgspec.structs.replace(
            key,
            name=bounded(changed.name),
            expires_at=changed.expires_at,
            models=changed.models,
            cidrs=tuple(_network(text) for text in changed.cidrs),
            sees_balance=changed.sees_balance,
            cors_origins=tuple(_origin(text) for text in changed.cors_origins),
            limits=changed.limits,
        )
        await key_store.update_key(connection, kept)
    return kept


async def rotate_key(
    connection: Any,
    ids: IdSource,
    account_id: UUID,
    key_id: UUID,
    *,
    prefix: str,
    new_secret: Callable[[str, KeyKind], str] = new_api_key,
) -> NewApiKey:
    """A new key in place of an active one, which is refused from its next call on.

    It has the same terms, and what the old one has used counts on: rotating is no way around a limit.
    """
    async with connection.transaction():
        await store.lock_account(connection, account_id)
        key = await own_key(connection, account_id, key_id)
        if key.status != "active":
            raise ActionRefused("key_revoked", "This key was revoked already: create a new one.")
        secret = new_secret(prefix, key.kind)
        new_id = ids.new()
        await key_store.copy_key(connection, key_id, new_id, shown_prefix(secret), api_key_hash(secret))
        await store.revoke_key(connection, key_id)
        made = await store.load_key(connection, new_id)
    assert made is not None
    return NewApiKey(made, secret)


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
