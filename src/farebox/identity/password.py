"""Passwords: argon2id, hashed in a thread so that nobody else waits, and one bound on their length."""

import asyncio
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from farebox.domain.errors import ActionRefused

LEAST_CHARACTERS = 10
MOST_CHARACTERS = 200  # enough for anybody, and too few to make hashing a weapon


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(),))


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("nobody has this password")


def check_strength(password: str) -> None:
    """Raises ActionRefused for what nobody should use."""
    if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise ActionRefused(
            "weak_password",
            f"A password needs {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters.",
            status=422,
            field="password",
        )


async def hash_password(password: str) -> str:
    """What is stored; the caller has checked the strength."""
    return await asyncio.to_thread(_hasher().hash, password)


async def is_password(password: str, stored: str | None) -> bool:
    """Whether it is the one; without a stored hash it takes as long and says no, so that nobody learns who exists."""
    if len(password) > MOST_CHARACTERS:
        return False
    matches = await asyncio.to_thread(_verify, password, stored)
    return matches and stored is not None


def _verify(password: str, stored: str | None) -> bool:
    return _hasher().verify(password, stored or _nobodys_hash())
