"""Passwords: argon2id, hashed in threads so that nobody else waits, and one bound on their length.

Each hash takes 64 MB and all cores for a moment, so few are made at once, however many people sign in.
"""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING

from farebox.domain.errors import ActionRefused

if TYPE_CHECKING:
    from pwdlib import PasswordHash

LEAST_CHARACTERS = 10
MOST_CHARACTERS = 200  # enough for anybody, and too few to make hashing a weapon
_LEAST_DIFFERENT = 5
_AT_ONCE = 2


@cache
def _hasher() -> "PasswordHash":
    # Loaded with the first password: a start should not wait for it.
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    return PasswordHash((Argon2Hasher(),))


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="password")


@cache
def _nobodys_hash() -> str:
    return _hasher().hash("nobody has this password")


def check_strength(password: str, *, email: str = "") -> None:
    """Raises ActionRefused for what nobody should use: too short, too few characters, one's own address."""
    if not LEAST_CHARACTERS <= len(password) <= MOST_CHARACTERS:
        raise _weak(f"A password needs {LEAST_CHARACTERS} to {MOST_CHARACTERS} characters.")
    if len(set(password)) < _LEAST_DIFFERENT:
        raise _weak(f"A password needs at least {_LEAST_DIFFERENT} different characters.")
    if email and password.lower() in (email.lower(), email.lower().partition("@")[0]):
        raise _weak("Your e-mail address is not a password; choose another.")


def _weak(message: str) -> ActionRefused:
    # One sentence says all of it in other languages: whoever meets one of these bounds should know the others.
    bounds = {"least": LEAST_CHARACTERS, "most": MOST_CHARACTERS, "different": _LEAST_DIFFERENT}
    return ActionRefused("weak_password", message, status=422, field="password", values=bounds)


async def hash_password(password: str) -> str:
    """What is stored; the caller has checked the strength."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), _hash, password)


async def is_password(password: str, stored: str | None) -> bool:
    """Whether it is the one; without a stored hash it takes as long and says no, so that nobody learns who exists."""
    if len(password) > MOST_CHARACTERS:
        return False
    matches = await asyncio.get_running_loop().run_in_executor(_threads(), _verify, password, stored)
    return matches and stored is not None


def _hash(password: str) -> str:
    return _hasher().hash(_normalised(password))


def _verify(password: str, stored: str | None) -> bool:
    return _hasher().verify(_normalised(password), stored or _nobodys_hash())


def _normalised(password: str) -> str:
    # The same letters typed on another system may come as other code points.
    return unicodedata.normalize("NFKC", password)
