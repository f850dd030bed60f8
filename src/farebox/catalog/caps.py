"""What the operator changes of caps and switches: of models, channels and providers. One transaction each.

Every change raises the catalogue's version, which the till compares in its own transaction: it is in force for the
next admission. It must not know how a cap is shared out among workers (till/leases.py).
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from farebox.catalog import admin_store as store
from farebox.domain.errors import CommandError

# By field of the caps below: None lifts a cap, what is not named stays.
Changes = Mapping[str, int | None]


class ModelCaps(msgspec.Struct, frozen=True):
    """What a model may earn on a day, in charges: from all accounts together, and from each.

    `account_requests_per_minute` is of each account, and meant for models that cost nothing.
    """

    daily_nano: int | None
    account_daily_nano: int | None
    account_requests_per_minute: int | None = None


class SupplyCaps(msgspec.Struct, frozen=True):
    """What a channel or a provider may cost on a day, in provider cost, and how many jobs it may serve at once."""

    daily_nano: int | None
    concurrency: int | None


async def cap_model(connection: Any, name: str, changes: Changes) -> ModelCaps:
    """The model's caps afterwards; CommandError when there is no such model."""
    async with connection.transaction():
        found = await store.lock_model_caps(connection, name)
        if found is None:
            raise CommandError(f"there is no model {name}")
        caps = msgspec.structs.replace(ModelCaps(*found), **changes)
        await store.set_model_caps(connection, name, *msgspec.structs.astuple(caps))
    return caps


async def cap_channel(connection: Any, name: str, changes: Changes) -> SupplyCaps:
    """The channel's caps afterwards; CommandError when there is no such channel."""
    async with connection.transaction():
        found = await store.lock_channel_caps(connection, name)
        if found is None:
            raise CommandError(f"there is no channel named {name}")
        caps = msgspec.structs.replace(SupplyCaps(*found), **changes)
        await store.set_channel_caps(connection, name, caps.daily_nano, caps.concurrency)
    return caps


async def cap_provider(connection: Any, name: str, changes: Changes) -> SupplyCaps:
    """The provider's caps afterwards, over all its channels; CommandError when no channel is its."""
    async with connection.transaction():
        # A cap on a misspelt provider would look like one that works.
        if not await store.provider_exists(connection, name):
            raise CommandError(f"no channel belongs to a provider named {name}")
        caps = msgspec.structs.replace(SupplyCaps(*await store.lock_provider_caps(connection, name)), **changes)
        await store.set_provider_caps(connection, name, caps.daily_nano, caps.concurrency)
    return caps


async def set_model_enabled(connection: Any, name: str, *, enabled: bool) -> None:
    """Puts a model on sale or takes it off; jobs that run already end normally."""
    if not await store.set_model_enabled(connection, name, enabled=enabled):
        raise CommandError(f"there is no model {name}")
