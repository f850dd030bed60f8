"""What goes over the wire about oneself."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from farebox.control.text import Line, PasswordText
from farebox.identity.person import Language, Person
from farebox.identity.visitor import Role


class PersonSettings(BaseModel):
    """What somebody is called, and in which language they are written to."""

    model_config = ConfigDict(extra="forbid")

    display_name: Line = ""
    language: Language = "en"


class MembershipView(BaseModel):
    """A place in an account; `name` is the account's, its address where it has none."""

    account_id: UUID
    role: Role
    name: str


class PersonView(BaseModel):
    """Somebody, with the accounts that they belong to."""

    id: UUID
    email: str
    email_verified: bool
    display_name: str
    language: str
    status: Literal["active", "suspended", "erased"]
    created_at: datetime
    memberships: list[MembershipView]


class PersonalData(BaseModel):
    """Everything that is stored about a person, by subject; no secrets."""

    exported_at: datetime
    data: dict[str, Any]


class Erasure(BaseModel):
    """A last proof; without a password, show a second factor first (POST /api/session/prove)."""

    model_config = ConfigDict(extra="forbid")

    password: PasswordText | None = None


class Erased(BaseModel):
    """Nothing is left but an id."""

    status: Literal["erased"] = "erased"


def person_view(person: Person) -> PersonView:
    return PersonView(
        id=person.id,
        email=person.email,
        email_verified=person.is_confirmed,
        display_name=person.display_name,
        language=person.language,
        status=person.status,
        created_at=person.created_at,
        memberships=[
            MembershipView(account_id=each.account_id, role=each.role, name=each.name) for each in person.memberships
        ],
    )
