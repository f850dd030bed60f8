"""What goes over the wire about sessions."""

from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from farebox.control.passkeys.schemas import UsedPasskey
from farebox.control.text import EmailText, PasswordText
from farebox.identity.second_factor import Method, Shown
from farebox.identity.session_store import SessionLine
from farebox.identity.visitor import FRESH, Role, Visitor


class SignIn(BaseModel):
    """Credentials."""

    model_config = ConfigDict(extra="forbid")

    email: EmailText
    password: PasswordText


class FactorShown(BaseModel):
    """One second factor: the code of an authenticator app, a backup code, or a passkey's answer."""

    model_config = ConfigDict(extra="forbid")

    totp: Annotated[str, Field(pattern=r"^[0-9]{6}$", examples=["492039"])] | None = None
    backup_code: Annotated[str, Field(pattern=r"^[A-Za-z0-9 -]{1,40}$", examples=["abcd-efgh-ijkl-mnop"])] | None = None
    passkey: UsedPasskey | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if sum(each is not None for each in (self.totp, self.backup_code, self.passkey)) != 1:
            raise ValueError("show exactly one of totp, backup_code, passkey")
        return self


class ChosenAccount(BaseModel):
    """The account to look at."""

    model_config = ConfigDict(extra="forbid")

    account_id: UUID


class SecondFactorNeeded(BaseModel):
    """The first factor was right. Show one of these within ten minutes."""

    methods: list[Method]


class SessionView(BaseModel):
    """Who is signed in, and what is open to them."""

    person_id: UUID
    email: str
    email_verified: bool
    display_name: str
    language: str
    account_id: UUID | None
    role: Role | None
    scopes: list[str]
    has_second_factor: bool
    proved_until: datetime | None = Field(description="Until when dangerous actions need no second factor again.")


class OpenSession(BaseModel):
    """A session as its owner sees it; the country and the device are as coarse as recognising it needs."""

    id: UUID
    is_this: bool
    signed_in_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    country: str
    device: str


class OpenSessions(BaseModel):
    """All open sessions, the last used first."""

    data: list[OpenSession]


class SessionsEnded(BaseModel):
    """How many were ended."""

    ended: int


def session_view(visitor: Visitor) -> SessionView:
    return SessionView(
        person_id=visitor.person_id,
        email=visitor.email,
        email_verified=visitor.email_verified,
        display_name=visitor.display_name,
        language=visitor.language,
        account_id=visitor.account_id,
        role=visitor.role,
        scopes=list(visitor.scopes),
        has_second_factor=visitor.has_second_factor,
        proved_until=_end_of(visitor.proved_at, FRESH),
    )


def open_session(line: SessionLine, visitor: Visitor) -> OpenSession:
    return OpenSession(
        id=line.id,
        is_this=line.id == visitor.session_id,
        signed_in_at=line.created_at,
        last_seen_at=line.seen_at,
        expires_at=line.expires_at,
        country=line.country,
        device=line.device,
    )


def shown_of(body: FactorShown) -> Shown:
    if body.totp is not None:
        return Shown("totp", body.totp)
    if body.backup_code is not None:
        return Shown("backup_code", body.backup_code)
    assert body.passkey is not None
    return Shown("passkey", body.passkey.model_dump(exclude_none=True))


def _end_of(start: datetime | None, span: timedelta) -> datetime | None:
    return None if start is None else start + span
