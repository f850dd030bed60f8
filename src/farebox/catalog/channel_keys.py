"""The pool of keys that a channel calls its provider with: added, listed without their secrets, removed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from farebox.catalog import admin_store as store
from farebox.catalog.snapshot import channel_key_purpose
from farebox.domain.errors import CommandError
from farebox.kit.crypto import Seal
from farebox.kit.ids import IdSource

# Kinds whose provider may be one that wants no key.
_KEYLESS_KINDS = ("openai-compatible", "simulator")


class PoolKey(msgspec.Struct, frozen=True):
    """One key of a channel's pool, without its secret."""

    id: UUID
    enabled: bool
    created_at: datetime


async def add_channel_key(connection: Any, ids: IdSource, seal: Seal, channel: str, api_key: bytes) -> UUID:
    """The id of one more key of the channel; the secret is kept sealed only."""
    async with connection.transaction():
        channel_id, kind = await _locked(connection, channel)
        if kind == "simulator":
            raise CommandError(f"{channel} is the simulator inside `farebox serve` and takes no keys")
        key_id = ids.new()
        sealed = seal.seal(api_key, purpose=channel_key_purpose(key_id))
        await store.insert_channel_key(connection, key_id, channel_id, sealed)
    return key_id


async def list_channel_keys(connection: Any, channel: str) -> list[PoolKey]:
    """The keys of a channel, oldest first."""
    channel_id = await store.find_channel(connection, channel)
    if channel_id is None:
        raise CommandError(f"there is no channel named {channel}")
    return [PoolKey(**row) for row in await store.load_channel_keys(connection, channel_id)]


async def remove_channel_key(connection: Any, key_id: UUID) -> int:
    """How many keys its channel has left; the sealed secret is gone from the catalogue for good.

    The last key of a vendor's channel stays: without it every call there would fail, and look like the vendor's fault.
    """
    async with connection.transaction():
        channel_id = await store.channel_of_key(connection, key_id)
        if channel_id is None:
            raise _no_key(key_id)
        kind = await store.lock_channel(connection, channel_id)
        left = [row for row in await store.load_channel_keys(connection, channel_id) if row["id"] != key_id]
        if kind not in _KEYLESS_KINDS and not any(row["enabled"] for row in left):
            raise CommandError(f"{key_id} is the channel's last key: add another first, or disable the channel")
        if not await store.delete_channel_key(connection, key_id):
            raise _no_key(key_id)
    return len(left)


async def _locked(connection: Any, channel: str) -> tuple[UUID, str]:
    channel_id = await store.find_channel(connection, channel)
    if channel_id is None:
        raise CommandError(f"there is no channel named {channel}")
    return channel_id, await store.lock_channel(connection, channel_id)


def _no_key(key_id: UUID) -> CommandError:
    return CommandError(f"no channel has a key {key_id}")
