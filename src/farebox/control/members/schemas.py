"""What goes over the wire about members."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from farebox.identity.member import MemberOf
from farebox.identity.visitor import Role


class MemberView(BaseModel):
    """Somebody who belongs to the account."""

    person_id: UUID
    email: str
    display_name: str
    role: Role
    since: datetime


class Members(BaseModel):
    """All of them, the longest-standing first."""

    data: list[MemberView]


class NewRole(BaseModel):
    """What a member may do from now on."""

    model_config = ConfigDict(extra="forbid")

    role: Role


def members_view(members: list[MemberOf]) -> Members:
    return Members(
        data=[
            MemberView(
                person_id=each.person_id,
                email=each.email,
                display_name=each.display_name,
                role=each.role,
                since=each.since,
            )
            for each in members
        ]
    )
