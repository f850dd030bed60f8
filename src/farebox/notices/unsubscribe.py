"""Links that switch one kind of mail off for one person, without signing in. They hold both, sealed."""

import base64
import binascii
from uuid import UUID

import msgspec

from farebox.domain.errors import ActionRefused
from farebox.kit.crypto import Seal, SealError
from farebox.notices.kinds import NON_ESSENTIAL

PATH = "/unsubscribe"
_PURPOSE = b"unsubscribe"


class Wish(msgspec.Struct, frozen=True):
    """Who does not want what."""

    person_id: UUID
    kind: str


def token_of(seal: Seal, person_id: UUID, kind: str) -> str:
    sealed = seal.seal(person_id.bytes + kind.encode(), purpose=_PURPOSE)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_token(seal: Seal, token: str) -> Wish:
    """What a link asks for; ActionRefused when it is none of ours."""
    try:
        opened = seal.open(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)), purpose=_PURPOSE)
        wish = Wish(UUID(bytes=opened[:16]), opened[16:].decode())
    except (SealError, ValueError, binascii.Error):
        raise _broken() from None
    if wish.kind not in NON_ESSENTIAL:
        raise _broken()
    return wish


def _broken() -> ActionRefused:
    return ActionRefused("bad_link", "This link is broken. Change your notices in the console.", status=404)
