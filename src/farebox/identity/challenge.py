"""Challenges: random values that a browser has to bring back once, within minutes. Stored as hashes."""

import hashlib
import secrets
from datetime import timedelta
from typing import Literal
from uuid import UUID

import msgspec

from farebox.identity import challenge_store as store
from farebox.storage.database import Connection

Purpose = Literal["passkey_new", "passkey_use", "oidc"]
LIFETIME = timedelta(minutes=10)
_RANDOM_BYTES = 32


class Challenge(msgspec.Struct, frozen=True):
    """One that was answered: whom it was put to, if known, and what was to be remembered (sealed)."""

    person_id: UUID | None
    sealed: bytes | None


async def put(
    connection: Connection, purpose: Purpose, *, person_id: UUID | None = None, sealed: bytes | None = None
) -> bytes:
    """A new one's value."""
    value = secrets.token_bytes(_RANDOM_BYTES)
    await store.insert(connection, _hash(value), purpose, person_id, sealed, LIFETIME)
    return value


async def take(connection: Connection, purpose: Purpose, value: bytes) -> Challenge | None:
    """The one that was put with this value; it is gone now, whatever comes of it. None: unknown, over or answered."""
    row = await store.delete(connection, _hash(value), purpose)
    return None if row is None else Challenge(row["person_id"], row["sealed"])


def _hash(value: bytes) -> bytes:
    return hashlib.sha256(value).digest()
