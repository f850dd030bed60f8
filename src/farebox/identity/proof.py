"""Proof of work (ALTCHA): a challenge that costs a browser a second or so, and us a few milliseconds.

Challenges are signed, not stored; a solved one is remembered until it would be over, so that each opens one door.
"""

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import altcha

from farebox.domain.errors import ActionRefused
from farebox.identity import proof_store as store
from farebox.storage.database import Connection

LIFETIME = timedelta(minutes=20)
LONGEST = 4_000
_ALGORITHM = "PBKDF2/SHA-256"
_COST = 5_000
_PREFIX = "00"  # of the derived key: 256 tries on average


def new_challenge(salt: bytes, now: datetime) -> dict[str, Any]:
    """What ALTCHA's widget takes, as JSON values."""
    made = altcha.create_challenge(
        _ALGORITHM, _COST, key_prefix=_PREFIX, expires_at=now + LIFETIME, hmac_secret=_secret(salt)
    )
    told: dict[str, Any] = made.to_dict()
    return told


async def spend_proof(connection: Connection, salt: bytes, payload: str | None) -> None:
    """Takes the widget's answer, once; ActionRefused when it is missing, wrong, over or used."""
    if not payload:
        raise ActionRefused("proof_missing", "Solve the challenge first.", status=422, field="proof")
    solved = _read(payload)
    # Checking derives a key, which takes longer than others should wait for the loop.
    result = None if solved is None else await asyncio.to_thread(altcha.verify_solution, solved, _secret(salt))
    if result is not None and result.expired:
        raise ActionRefused("proof_over", "This challenge is over: solve a new one.", status=422, field="proof")
    if solved is None or result is None or not result.verified:
        raise ActionRefused("proof_wrong", "The challenge is not solved: try a new one.", status=422, field="proof")
    # The signature tells challenges apart, and only one spelling of it verifies.
    used = hashlib.sha256(str(solved.challenge.signature).encode()).digest()
    if not await store.use(connection, used, datetime.now(UTC) + LIFETIME):
        raise ActionRefused("proof_used", "This challenge was used: solve a new one.", status=422, field="proof")


def _read(payload: str) -> altcha.Payload | None:
    try:
        return altcha.Payload.from_base64(payload)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _secret(salt: bytes) -> bytes:
    return hashlib.sha256(b"farebox proof v1:" + salt).digest()
