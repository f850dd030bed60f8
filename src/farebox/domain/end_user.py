"""What a provider is told of who asks: an id that names an account to nobody but us.

Account ids hold 74 random bits, so that a digest without a secret cannot be turned back by trying.
"""

import hashlib
from uuid import UUID

_PREFIX = b"farebox end user:"
_DIGITS = 40


def end_user_id(account_id: UUID) -> str:
    """The same for all calls of an account; letters and digits, as every provider takes them."""
    return hashlib.sha256(_PREFIX + account_id.bytes).hexdigest()[:_DIGITS]
