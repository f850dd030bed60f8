"""What goes over the wire about admin tokens."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.admin.operators.schemas import Scopes
from farebox.control.moment import Moment
from farebox.control.text import NonEmptyLine
from farebox.identity.admin_token_store import TokenLine


class NewToken(BaseModel):
    """A token to be made."""

    model_config = ConfigDict(extra="forbid")

    name: NonEmptyLine
    scopes: Scopes
    expires_at: Moment | None = Field(default=None, description="Within a year; in 90 days if not given.")


class TokenView(BaseModel):
    """A token without its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_by: UUID | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class TokenMade(BaseModel):
    """A new token. The secret is shown this once: it is stored as a hash only."""

    token: TokenView
    secret: str


def token_view(line: TokenLine) -> TokenView:
    return TokenView(
        id=line.id,
        name=line.name,
        prefix=line.prefix,
        scopes=list(line.scopes),
        created_by=line.created_by,
        created_at=line.created_at,
        expires_at=line.expires_at,
        revoked_at=line.revoked_at,
    )
