"""What goes over the wire about operators."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from farebox.control.text import EmailText, Words
from farebox.identity.operators_store import Operator

ScopeText = Annotated[str, Field(pattern=r"^(\*|[a-z]+:(read|write))$", max_length=40)]
Scopes = Annotated[list[ScopeText], Field(min_length=1, max_length=40, examples=[["money:read", "support:write"]])]


class NewOperator(BaseModel):
    """Somebody who is to be an operator; who is nobody here yet is invited by mail."""

    model_config = ConfigDict(extra="forbid")

    email: EmailText
    scopes: Scopes
    reason: Words = ""


class ScopesChange(BaseModel):
    """The scopes from now on."""

    model_config = ConfigDict(extra="forbid")

    scopes: Scopes
    reason: Words = ""


class Revocation(BaseModel):
    """Why."""

    model_config = ConfigDict(extra="forbid")

    reason: Words = ""


class OperatorView(BaseModel):
    """An operator."""

    person_id: UUID
    email: str
    display_name: str
    scopes: list[str]
    created_at: datetime
    has_second_factor: bool


class Operators(BaseModel):
    """All operators, the oldest first, and the scopes there are."""

    data: list[OperatorView]
    scopes: list[str]


def operator_view(operator: Operator) -> OperatorView:
    return OperatorView(
        person_id=operator.person_id,
        email=operator.email,
        display_name=operator.display_name,
        scopes=list(operator.scopes),
        created_at=operator.created_at,
        has_second_factor=operator.has_second_factor,
    )
