"""The second factors of a person: an authenticator app, passkeys, and backup codes for when those are out of reach.

Who has one needs it at every sign-in by password or elsewhere, and again for what is dangerous. Changing them needs a
factor just shown; the first is enrolled with the password, or right after signing in without one.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.identity import backup_codes, passkey, throttle, totp
from farebox.identity import second_factor_store as store
from farebox.identity.password import is_password
from farebox.identity.second_factor_store import WaysIn
from farebox.identity.site import Site
from farebox.identity.visitor import Visitor
from farebox.kit.clock import Clock
from farebox.kit.crypto import Seal
from farebox.storage.database import Connection

Method = Literal["totp", "backup_code", "passkey"]


class Means(msgspec.Struct, frozen=True, kw_only=True):
    """What judging a factor takes."""

    seal: Seal
    clock: Clock
    site: Site
    salt: bytes


class Shown(msgspec.Struct, frozen=True):
    """A factor that somebody shows: a code, a backup code, or a passkey's answer. It prints without its value."""

    method: Method
    value: str | passkey.Credential

    def __repr__(self) -> str:
        return f"Shown({self.method})"


async def check(connection: Connection, means: Means, person_id: UUID, shown: Shown) -> None:
    """Uses up what is shown; ActionRefused unless it is right. Not in a transaction: what failed stays counted."""
    subject = throttle.for_second_factor(person_id)
    await throttle.attempt(connection, means.salt, subject)
    if not await _is_right(connection, means, person_id, shown):
        raise ActionRefused(
            "wrong_second_factor", "This code is wrong or was used already. Wait for the next one.", status=401
        )
    await throttle.forgive(connection, means.salt, subject)


async def _is_right(connection: Connection, means: Means, person_id: UUID, shown: Shown) -> bool:
    if isinstance(shown.value, str):
        if shown.method == "totp":
            return await totp.use(connection, means.seal, means.clock, person_id, shown.value)
        return await backup_codes.use(connection, person_id, shown.value)
    return await passkey.use(connection, means.site, shown.value) == person_id


async def ways_in(connection: Connection, person_id: UUID) -> WaysIn:
    """All that a person can sign in with."""
    return await store.load(connection, person_id)


def methods_of(ways: WaysIn) -> list[Method]:
    """Which second factors can be shown; empty: none is enrolled, and none is asked for."""
    if not ways.has_second_factor:
        return []
    found: list[Method] = ["totp"] if ways.has_totp else []
    found += ["passkey"] if ways.passkeys else []
    found += ["backup_code"] if ways.backup_codes_left else []
    return found


async def check_may_enrol(
    connection: Connection, salt: bytes, visitor: Visitor, password: str | None, now: datetime
) -> None:
    """Whether a factor or another way in may be added: ActionRefused says what has to be shown first."""
    if not visitor.email_verified:
        # Else who signs up with the address of another could keep a way into that person's account.
        raise ActionRefused("email_not_verified", "Confirm your e-mail address first.", status=403)
    if visitor.has_second_factor:
        check_fresh(visitor, now)
        return
    stored = await store.password_hash(connection, visitor.person_id)
    if stored is None:
        if not visitor.has_just_signed_in(now):
            raise ActionRefused("sign_in_again", "Sign out and in again, then repeat this.", status=403)
        return
    await check_password(connection, salt, visitor, stored, password)


async def check_password(
    connection: Connection, salt: bytes, visitor: Visitor, stored: str | None, password: str | None
) -> None:
    """The password of somebody who is signed in, throttled as at sign-in. Not in a transaction."""
    subject = throttle.for_sign_in(visitor.email)
    await throttle.attempt(connection, salt, subject)
    if not await is_password(password or "", stored):
        raise ActionRefused("wrong_password", "This is not your password.", status=403, field="password")
    await throttle.forgive(connection, salt, subject)


def check_fresh(visitor: Visitor, now: datetime) -> None:
    """For changes to factors: one of them shown a moment ago."""
    if not visitor.is_fresh(now):
        raise ActionRefused("second_factor_required", "Show your second factor again for this.", status=403)


async def settle_backup_codes(connection: Connection, person_id: UUID, *, first: bool) -> list[str]:
    """New codes along with the first factor, none later; in the transaction that added it."""
    return await backup_codes.replace(connection, person_id) if first else []


async def after_removal(connection: Connection, person_id: UUID) -> None:
    """In the transaction that removed one: a way to sign in must be left, and codes stand in for a factor only."""
    left = await store.load_locked(connection, person_id)
    if not (left.has_password or left.passkeys or left.oidc):
        raise ActionRefused("last_way_in", "This is the only way to sign in that you have. Add another first.")
    if not left.has_second_factor:
        await backup_codes.remove(connection, person_id)


async def remove_all(connection: Connection, person_id: UUID) -> None:
    """For somebody who has lost them all and was recognised otherwise; and for a person who is erased."""
    await store.remove_all(connection, person_id)
