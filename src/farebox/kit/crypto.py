"""Sealing small secrets at rest: AES-256-GCM under the deployment's secret key."""

import hashlib
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_VERSION = b"\x01"


class SealError(Exception):
    """What was sealed cannot be opened: another key, or changed bytes."""


class Seal:
    """Seals and opens secrets with one key.

    The purpose is authenticated with the secret, so that a value sealed for one column cannot be moved into another.
    Sealed bytes are: one version byte, 12 bytes of nonce, ciphertext and tag.
    """

    def __init__(self, secret_key: bytes, *, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        # Whatever its length, the configured key becomes 32 bytes; it is already uniformly random (boot makes it).
        self._cipher = AESGCM(hashlib.sha256(b"farebox seal v1:" + secret_key).digest())
        self._random_bytes = random_bytes

    def seal(self, plain: bytes, *, purpose: bytes) -> bytes:
        nonce = self._random_bytes(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, purpose)

    def open(self, sealed: bytes, *, purpose: bytes) -> bytes:
        """The secret; raises SealError when it was not sealed by this key for this purpose."""
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _VERSION:
            raise SealError("sealed by an unknown version")
        try:
            return self._cipher.decrypt(nonce, ciphertext, purpose)
        except InvalidTag as error:
            raise SealError("the deployment's secret key does not open this secret") from error
