"""Admin tokens: secrets of programs that act for the operator, with scopes and an end."""

import hashlib
import secrets

from farebox.identity import admin_token_store as store
from farebox.identity.visitor import AdminToken
from farebox.storage.database import Connection

PREFIX = "fb_admin_"
SHOWN_CHARACTERS = 16


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """What is stored: SHA-256 of the whole token."""
    return hashlib.sha256(secret.encode()).digest()


async def resolve(connection: Connection, secret: str) -> AdminToken | None:
    """The token; None when it is unknown, over or revoked."""
    if not secret.startswith(PREFIX):
        return None
    return await store.load(connection, hash_of(secret))
