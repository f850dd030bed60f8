"""Signatures of thoughts: what the provider hands out, insists on and recognises again without remembering it.

A signature proves that it was made here and for this text; an altered signature or text does not pass.
"""

import base64
import binascii
import hashlib

KEY = b"simulated-provider"
TAG_BYTES = 32
NOISE_BYTES = 96  # real ones are long, and a buffer that holds only short ones should be found out


def sign(kind: str, text: str) -> str:
    """The signature of `text` as padded base64."""
    return base64.b64encode(_tag(kind, text)).decode()


def is_signed(kind: str, text: str, signature: str) -> bool:
    """Whether `signature` is the one that was made for `text`, in either alphabet of base64."""
    return _decoded(signature) == _tag(kind, text)


def seal(kind: str, text: str) -> str:
    """`text` in a form that only the provider reads, as encrypted or redacted thoughts are."""
    body = text.encode("utf-8", "surrogatepass")
    return base64.urlsafe_b64encode(_tag(kind, text) + body).decode()


def is_sealed(kind: str, sealed: str) -> bool:
    """Whether `sealed` was made here and came back unchanged."""
    raw = _decoded(sealed)
    if raw is None:
        return False
    size = TAG_BYTES + NOISE_BYTES
    return raw[:size] == _tag(kind, raw[size:].decode("utf-8", "replace"))


def _tag(kind: str, text: str) -> bytes:
    message = f"{kind}:{text}".encode("utf-8", "surrogatepass")
    tag = hashlib.blake2b(message, key=KEY, digest_size=TAG_BYTES).digest()
    return tag + hashlib.shake_128(tag).digest(NOISE_BYTES)


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        return None
