"""What a code looks like: five groups of five, without letters that look like digits, with a checksum at the end. Pure.

Twenty-two characters are random (110 bits), three are a checksum, by which a slip of the pen is told from a code that
is not ours. The first four are kept as a hint; what they leave, 90 bits, is still more than can be guessed.
"""

import hashlib
import secrets

from farebox.domain.errors import ActionRefused

# Crockford's: no I, L, O, which are read as 1 and 0, and no U.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None, "\u2010": None, "\u2011": None})
_GROUPS, _PER_GROUP, _CHECKS, _HINT = 5, 5, 3, 4
_LENGTH = _GROUPS * _PER_GROUP
# Of what people type, with whatever they put between the groups.
LONGEST = 60


def new_code() -> str:
    """A code as it is shown, such as 7M2QX-0RWDC-ZK91T-E5HBN-4VGAJ."""
    random = "".join(_ALPHABET[byte % 32] for byte in secrets.token_bytes(_LENGTH - _CHECKS))
    code = random + _checksum(random)
    return "-".join(code[at : at + _PER_GROUP] for at in range(0, _LENGTH, _PER_GROUP))


def hint_of(code: str) -> str:
    """How a code begins: by that it can be named without being told."""
    return _plain(code)[:_HINT]


def hash_of(code: str) -> bytes:
    """SHA-256 of a code however it was typed; ActionRefused when it cannot be one of ours."""
    plain = _plain(code)
    if len(plain) != _LENGTH or not set(plain) <= set(_ALPHABET) or _checksum(plain[:-_CHECKS]) != plain[-_CHECKS:]:
        raise ActionRefused(
            "code_mistyped",
            "This is not a code of ours: compare it with what you were given, character by character.",
            status=422,
            field="code",
        )
    return hashlib.sha256(plain.encode()).digest()


def _plain(code: str) -> str:
    return code.strip().upper().translate(_READ_AS)


def _checksum(random: str) -> str:
    number = int.from_bytes(hashlib.sha256(b"code:" + random.encode()).digest()[:4], "big")
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_CHECKS))
