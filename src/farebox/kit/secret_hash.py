"""How a secret that we made is kept: keys, tokens, links, cookies."""

import hashlib


def secret_hash(secret: str) -> bytes:
    """SHA-256, under which it is stored and looked up. Not for passwords: those can be found by trying."""
    return hashlib.sha256(secret.encode()).digest()
