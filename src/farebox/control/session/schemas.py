"""What goes over the wire about sessions."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.identity.visitor import Role, Visitor


class SignIn(BaseModel):
    """Credentials."""

    model_config = ConfigDict(extra="forbid")

    email: str = Field(max_length=254, examples=["ada@example.com"])
    password: str = Field(max_length=200, examples=["correct horse battery"])


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
    )
