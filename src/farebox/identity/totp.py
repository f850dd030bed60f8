"""Codes of an authenticator app (TOTP, RFC 6238): six digits, half a minute each, none accepted twice.

The secret is sealed at rest. Clocks may be off by one step either way.
"""

import base64
import hmac
import secrets
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.identity import totp_store as store
from farebox.kit.clock import Clock
from farebox.kit.crypto import Seal
from farebox.storage.database import Connection

STEP_S = 30
_STEPS_OFF = (0, -1, 1)
_SECRET_BYTES = 20


class Enrolment(msgspec.Struct, frozen=True):
    """What an authenticator app is given, shown once. It is a secret, and prints as none."""

    secret: str  # base32
    uri: str  # otpauth://, for a QR code

    def __repr__(self) -> str:
        return "Enrolment()"


async def enrol(connection: Connection, seal: Seal, person_id: UUID, *, email: str, issuer: str) -> Enrolment:
    """Begins an enrolment, which counts once a code has confirmed it; begun again, the former secret is void."""
    from pyotp import TOTP

    secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    sealed = seal.seal(secret.encode(), purpose=_purpose(person_id))
    if not await store.begin(connection, person_id, sealed):
        raise ActionRefused("already_enrolled", "An authenticator app is enrolled. Remove it first to use another.")
    return Enrolment(secret, TOTP(secret).provisioning_uri(name=email, issuer_name=issuer))


async def confirm(connection: Connection, seal: Seal, clock: Clock, person_id: UUID, code: str) -> None:
    """Ends the enrolment, in a transaction; the code counts as used."""
    sealed = await store.load_unconfirmed(connection, person_id)
    if sealed is None:
        raise ActionRefused("not_enrolling", "Start the enrolment of an authenticator app first.")
    step = _step_of(_opened(seal, person_id, sealed), clock, code)
    if step is None:
        raise ActionRefused(
            "wrong_code", "This code does not fit. Check the time of your device.", status=422, field="code"
        )
    await store.confirm(connection, person_id, step)


async def use(connection: Connection, seal: Seal, clock: Clock, person_id: UUID, code: str) -> bool:
    """Whether the code is right and was not used before; from now on it is used, and so is every older one."""
    sealed = await store.load(connection, person_id)
    if sealed is None:
        return False
    step = _step_of(_opened(seal, person_id, sealed), clock, code)
    return step is not None and await store.use(connection, person_id, step)


async def remove(connection: Connection, person_id: UUID) -> bool:
    """False when there was none."""
    return await store.delete(connection, person_id)


def _step_of(secret: str, clock: Clock, code: str) -> int | None:
    from pyotp import TOTP

    now = clock.unix_ms() // 1000 // STEP_S
    totp = TOTP(secret)
    found = [now + off for off in _STEPS_OFF if hmac.compare_digest(totp.generate_otp(now + off), code)]
    return found[0] if found else None


def _opened(seal: Seal, person_id: UUID, sealed: bytes) -> str:
    return seal.open(sealed, purpose=_purpose(person_id)).decode()


def _purpose(person_id: UUID) -> bytes:
    return b"totp:" + person_id.bytes
