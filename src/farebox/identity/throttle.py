"""Throttling of guesses: who fails often waits, twice as long each time, whether or not what is guessed at exists.

An attempt is counted before it is judged, in one statement, so that a thousand at once get no more guesses than one
after the other. What turns out to be right is taken back. While a subject waits, right answers are refused as well:
else waiting would tell nothing and guessing go on. The wait has a bound, so that nobody can lock others out for long,
and it ends by itself.
"""

import hashlib
import hmac
from ipaddress import ip_address, ip_network

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.identity import throttle_store as store
from farebox.storage.database import Connection

LONGEST_WAIT_S = 900
_IPV6_SITE_BITS = 64  # what one customer of a network operator gets, and can draw any address from


class Subject(msgspec.Struct, frozen=True):
    """Whom attempts are counted for, and how many may fail before waiting begins."""

    kind: str
    value: str
    free: int
    forget_s: int = 86_400

    def digest(self, salt: bytes) -> bytes:
        told = f"{self.kind}:{self.value.strip().lower()}".encode()
        return hmac.digest(salt, told, hashlib.sha256)


def for_sign_in(email: str) -> Subject:
    return Subject("sign_in", email, free=5)


def for_second_factor(person_id: object) -> Subject:
    return Subject("second_factor", str(person_id), free=5)


def for_mail_to(email: str) -> Subject:
    """Messages that anybody can have sent to an address."""
    return Subject("mail", email, free=3, forget_s=3_600)


def from_address(address: str | None, *, kind: str = "address", free: int = 30) -> Subject:
    """A network address; of IPv6 the site. Those of unknown address wait together."""
    return Subject(kind, "" if address is None else _site(address), free=free, forget_s=3_600)


def _site(address: str) -> str:
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if known.version == 4:
        return str(known)
    return str(ip_network((known, _IPV6_SITE_BITS), strict=False))


async def attempt(connection: Connection, salt: bytes, *subjects: Subject) -> None:
    """Counts an attempt of each; ActionRefused (429) when one of them has to wait. Outside of a transaction."""
    for subject in subjects:
        wait_s = await store.count(
            connection, subject.digest(salt), subject.free, subject.forget_s, longest_wait_s=LONGEST_WAIT_S
        )
        if wait_s is not None:
            raise ActionRefused(
                "too_many_attempts",
                f"Too many attempts. Try again in {wait_s} s.",
                status=429,
                retry_after_s=wait_s,
                values={"seconds": wait_s},
            )


async def take_back(connection: Connection, salt: bytes, *subjects: Subject) -> None:
    """The attempt was no guess: it does not count. Earlier failures of an address stay, its visitors may be many."""
    for subject in subjects:
        await store.take_back(connection, subject.digest(salt), subject.free)


async def forgive(connection: Connection, salt: bytes, *subjects: Subject) -> None:
    """Forgets all failures: the one whom they concern has come."""
    for subject in subjects:
        await store.forgive(connection, subject.digest(salt))
