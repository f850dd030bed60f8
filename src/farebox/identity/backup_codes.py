"""Backup codes: ten, shown once, each good for one sign-in when the other second factors are out of reach."""

import base64
import hashlib
import secrets
from uuid import UUID

from farebox.identity import backup_codes_store as store
from farebox.storage.database import Connection

HOW_MANY = 10
_RANDOM_BYTES = 10
_GROUP = 4


async def replace(connection: Connection, person_id: UUID) -> list[str]:
    """New codes in place of all earlier ones, such as 'abcd-efgh-ijkl-mnop'."""
    codes = [_new() for _ in range(HOW_MANY)]
    await store.replace(connection, person_id, [_hash(person_id, code) for code in codes])
    return codes


async def use(connection: Connection, person_id: UUID, code: str) -> bool:
    """Whether it is one of theirs and unused; from now on it is used."""
    return await store.use(connection, person_id, _hash(person_id, code))


async def remove(connection: Connection, person_id: UUID) -> None:
    """Of somebody without a second factor: the codes stand in for nothing."""
    await store.replace(connection, person_id, [])


def _new() -> str:
    text = base64.b32encode(secrets.token_bytes(_RANDOM_BYTES)).decode().lower()
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def _hash(person_id: UUID, code: str) -> bytes:
    # 80 random bits need no slow hash. People type them with and without dashes.
    told = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(person_id.bytes + told.encode()).digest()
