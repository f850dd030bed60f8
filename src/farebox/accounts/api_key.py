"""The text of an API key: `<prefix>_live_<43 url-safe characters>`.

43 base64url characters carry 258 bits: 256 random ones, and in the two spare bits of the last character a checksum.
The length is fixed by the wire contract, so the checksum can be no longer; with the exact form it refuses most garbage
without a query, and look-ups of the rest are coalesced (gateway/authenticate.py).
"""

import base64
import hashlib
import os
import re
from collections.abc import Callable

from farebox.domain.job import KeyKind
from farebox.kit.secret_hash import secret_hash

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_FORM = re.compile(r"([a-z0-9]{1,16}_(?:live|test)_)([A-Za-z0-9_-]{42})([A-Za-z0-9_-])", re.ASCII)
_LONGEST = 80
SHOWN_CHARACTERS = 12


def new_api_key(prefix: str, kind: KeyKind, random_bytes: Callable[[int], bytes] = os.urandom) -> str:
    """A new secret. It is shown once; only its hash and its first 12 characters are kept."""
    head = f"{prefix}_{kind}_"
    body = base64.urlsafe_b64encode(random_bytes(32)).rstrip(b"=").decode()
    last = _ALPHABET.index(body[42])
    return head + body[:42] + _ALPHABET[last | _checksum(head + body[:42], last)]


def is_well_formed(text: str) -> bool:
    """Whether this could be a key at all: form and checksum."""
    if len(text) > _LONGEST:
        return False
    match = _FORM.fullmatch(text)
    if match is None:
        return False
    last = _ALPHABET.index(match[3])
    return last & 0b11 == _checksum(match[1] + match[2], last & 0b111100)


def api_key_hash(text: str) -> bytes:
    """What is stored and looked up: SHA-256 of the whole key. A hash is no key: it never authenticates."""
    return secret_hash(text)


def shown_prefix(text: str) -> str:
    """The part that may appear in lists, logs and errors."""
    return text[:SHOWN_CHARACTERS]


def _checksum(text: str, last: int) -> int:
    return hashlib.sha256(f"{text}{last}".encode()).digest()[0] & 0b11
