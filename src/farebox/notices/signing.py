"""Signatures of what we send to customers, in the form of the Standard Webhooks specification.

webhook-id, webhook-timestamp (seconds) and webhook-signature: "v1," and the base64 of HMAC-SHA256 over
"id.timestamp.body" under the bytes that stand as base64 behind "whsec_" in the secret. While a secret is being
replaced, both sign, with a blank between.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature(secret_texts: Iterable[str], message_id: str, timestamp_s: int, body: bytes) -> str:
    """The value of webhook-signature."""
    told = b".".join((message_id.encode(), str(timestamp_s).encode(), body))
    return " ".join(f"v1,{_digest(secret, told)}" for secret in secret_texts)


def _digest(secret: str, told: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, told, hashlib.sha256)).decode()
