"""Who is asking: a person, as a session has it, or a program with an admin token."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from farebox.audit.record import Actor
from farebox.identity.scopes import Scope, permits

# How long a second factor counts as just shown.
FRESH = timedelta(minutes=10)

Role = Literal["owner", "developer", "billing"]


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Who a session stands for. Without an account, only what concerns the person is open to them."""

    session_id: UUID
    person_id: UUID
    email: str
    email_verified: bool
    display_name: str
    language: str
    account_id: UUID | None
    role: Role | None
    scopes: tuple[str, ...]  # of an operator; empty for everybody else
    proved_at: datetime | None
    has_second_factor: bool
    signed_in_at: datetime

    @property
    def actor(self) -> Actor:
        return Actor("operator" if self.scopes else "member", self.person_id)

    def may(self, scope: Scope) -> bool:
        return permits(self.scopes, scope)

    def is_fresh(self, now: datetime) -> bool:
        """Whether a second factor was shown a moment ago."""
        return self.proved_at is not None and now - self.proved_at < FRESH

    def has_just_signed_in(self, now: datetime) -> bool:
        return now - self.signed_in_at < FRESH


class AdminToken(msgspec.Struct, frozen=True):
    """A token that is in force."""

    id: UUID
    name: str
    scopes: tuple[str, ...]
    made_by: UUID | None

    def may(self, scope: Scope) -> bool:
        return permits(self.scopes, scope)
