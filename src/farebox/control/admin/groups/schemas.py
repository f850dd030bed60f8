"""What goes over the wire about customer groups."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from farebox.catalog.groups_store import GroupRow
from farebox.control.percent import PercentText
from farebox.control.text import Line
from farebox.domain.money import format_percent

GroupName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$"), Field(examples=["partners"])]


class GroupBody(BaseModel):
    """What accounts of the group are charged of the price, discounts taken off already: 80 is a fifth less."""

    model_config = ConfigDict(extra="forbid")

    price_percent: PercentText
    description: Line = ""


class GroupView(BaseModel):
    """A group."""

    name: str
    price_percent: str
    description: str
    accounts: int


class GroupList(BaseModel):
    """All groups, by name."""

    data: list[GroupView]


class Assigning(BaseModel):
    """The group of an account; null is none."""

    model_config = ConfigDict(extra="forbid")

    group: GroupName | None


class Assigned(BaseModel):
    """The group that an account belongs to now."""

    account_id: UUID
    group: str | None


def group_view(row: GroupRow) -> GroupView:
    return GroupView(
        name=row.name,
        price_percent=format_percent(row.factor_ppm),
        description=row.description,
        accounts=row.accounts,
    )
