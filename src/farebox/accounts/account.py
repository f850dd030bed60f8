"""Accounts and API keys as administration sees them: frozen values without the meters that admission keeps."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from farebox.domain.job import KeyKind
from farebox.domain.limits import Limits

AccountStatus = Literal["active", "frozen", "closed"]


class Account(msgspec.Struct, frozen=True):
    """The prepaid customer. `held_nano` is the part of the balance that open jobs have set aside."""

    id: UUID
    email: str
    name: str
    status: AccountStatus
    status_reason: str
    balance_nano: int
    held_nano: int
    open_jobs: int
    created_at: datetime
    limits: Limits


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key without its secret. Empty `models` and `cidrs` restrict nothing; no `cors_origins` means no browser."""

    id: UUID
    account_id: UUID
    kind: KeyKind
    prefix: str
    created_at: datetime
    name: str = ""
    status: Literal["active", "revoked"] = "active"
    expires_at: datetime | None = None
    models: tuple[str, ...] = ()
    cidrs: tuple[str, ...] = ()
    sees_balance: bool = True
    cors_origins: tuple[str, ...] = ()
    limits: Limits = Limits()


class NewApiKey(msgspec.Struct, frozen=True):
    """A key just made, with the secret that is shown this once."""

    key: ApiKey
    secret: str

    def __repr__(self) -> str:
        return f"NewApiKey({self.key.prefix})"
