"""What goes over the wire about API keys."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from farebox.accounts.account import ApiKey
from farebox.accounts.key_store import KeyUse
from farebox.accounts.keys import KeyTerms
from farebox.control.limits import LimitsView, limits_from, limits_view
from farebox.control.moment import Moment
from farebox.control.text import Line, Words
from farebox.domain.job import KeyKind
from farebox.domain.money import format_amount

_Item = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Items = Annotated[list[_Item], Field(max_length=200)]


class KeySettings(BaseModel):
    """What a key may do. An empty list restricts nothing; without CORS origins no browser may use it."""

    model_config = ConfigDict(extra="forbid")

    name: Line = ""
    expires_at: Moment | None = None
    models: _Items = []
    networks: Annotated[_Items, Field(examples=[["203.0.113.0/24"]])] = []
    cors_origins: Annotated[_Items, Field(examples=[["https://app.example.com"]])] = []
    sees_balance: bool = True
    limits: LimitsView = LimitsView()


class NewKey(KeySettings):
    """A key to be made."""

    kind: KeyKind = "live"


class KeyView(KeySettings):
    """A key without its secret, with what it has used."""

    id: UUID
    kind: KeyKind
    prefix: str
    status: Literal["active", "revoked"]
    created_at: datetime
    last_used_at: datetime | None
    spent_today: str
    spent: str


class KeyMade(BaseModel):
    """A new key. The secret is shown this once: it is stored as a hash only."""

    key: KeyView
    secret: str


class LeakReport(BaseModel):
    """What is known about the use by others."""

    model_config = ConfigDict(extra="forbid")

    description: Words = ""


def key_view(key: ApiKey, use: KeyUse | None) -> KeyView:
    return KeyView(
        id=key.id,
        kind=key.kind,
        prefix=key.prefix,
        status=key.status,
        created_at=key.created_at,
        name=key.name,
        expires_at=key.expires_at,
        models=list(key.models),
        networks=list(key.cidrs),
        cors_origins=list(key.cors_origins),
        sees_balance=key.sees_balance,
        limits=limits_view(key.limits),
        last_used_at=None if use is None else use.last_used_at,
        spent_today=format_amount(0 if use is None else use.day_nano),
        spent=format_amount(0 if use is None else use.total_nano),
    )


def terms_of(body: NewKey) -> KeyTerms:
    return KeyTerms(
        kind=body.kind,
        name=body.name,
        expires_at=body.expires_at,
        models=tuple(body.models),
        cidrs=tuple(body.networks),
        sees_balance=body.sees_balance,
        cors_origins=tuple(body.cors_origins),
        limits=limits_from(body.limits),
    )
