"""What a prepared stop is confirmed with: the stop itself, sealed, for this operator and a minute.

Nothing is stored: a stop that is confirmed twice is one stop.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

import msgspec

from farebox.catalog.admin import StopScope
from farebox.domain.errors import ActionRefused
from farebox.kit.crypto import Seal, SealError

LIFETIME = timedelta(seconds=60)
_PURPOSE = b"emergency stop"


class Ticket(msgspec.Struct, frozen=True):
    """A stop, who prepared it, and until when it can be confirmed."""

    scope: StopScope
    target: str
    reason: str
    now: bool
    actor: str
    expires_at: datetime


def sealed(seal: Seal, ticket: Ticket) -> str:
    return urlsafe_b64encode(seal.seal(msgspec.json.encode(ticket), purpose=_PURPOSE)).decode()


def opened(seal: Seal, token: str, *, actor: str, now: datetime) -> Ticket:
    """The stop that was prepared; ActionRefused when it was not, by somebody else, or too long ago."""
    try:
        ticket = msgspec.json.decode(seal.open(urlsafe_b64decode(token), purpose=_PURPOSE), type=Ticket)
    except (ValueError, SealError):
        raise ActionRefused(
            "invalid_token", "This is no token of a prepared stop.", status=422, field="token"
        ) from None
    if ticket.actor != actor:
        raise ActionRefused("invalid_token", "Somebody else prepared this stop.", status=422, field="token")
    if ticket.expires_at <= now:
        raise ActionRefused("token_expired", "This took longer than a minute: prepare the stop again.")
    return ticket
