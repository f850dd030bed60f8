"""Pages of lists: `limit` and `after`, newest first (what waits: oldest first), and the cursor of the next page."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

MOST_PER_PAGE = 200
Item = TypeVar("Item")
Row = TypeVar("Row")


class Cursor(BaseModel):
    """What page is asked for."""

    limit: int
    after: UUID | None


def _cursor(
    limit: Annotated[int, Query(ge=1, le=MOST_PER_PAGE, description="How many at most.")] = 50,
    after: Annotated[UUID | None, Query(description="The `next` of the page before.")] = None,
) -> Cursor:
    return Cursor(limit=limit, after=after)


Paging = Annotated[Cursor, Depends(_cursor)]


class Page(BaseModel, Generic[Item]):
    """One page; `next` is null on the last."""

    data: list[Item]
    next: UUID | None = Field(default=None, description="Ask for the next page with `after` set to this.")


def page_of(
    rows: Sequence[Row], cursor: Cursor, shown: Callable[[Row], Item], id_of: Callable[[Row], UUID]
) -> Page[Item]:
    """The page of up to `limit` rows when `limit + 1` were asked for: one more row means that there is a next page."""
    data = rows[: cursor.limit]
    return Page(data=[shown(row) for row in data], next=id_of(data[-1]) if len(rows) > cursor.limit else None)
