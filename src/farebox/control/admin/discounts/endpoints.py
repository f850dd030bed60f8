"""/admin/discounts: planned with start and end, ended early; jobs keep what they were admitted with."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.audit.record import record
from farebox.catalog import discounts
from farebox.control.access import Staff, operator
from farebox.control.admin.discounts.schemas import DiscountView, Ending, NewDiscount, discount_view
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.domain.money import PPM, parse_percent

router = APIRouter(prefix="/admin/discounts", tags=["Operator: prices"])


@router.get("")
async def list_discounts(
    _: Annotated[Staff, operator("catalogue:read")], services: Here, paging: Paging
) -> Page[DiscountView]:
    """The newest first, those that have ended among them."""
    async with services.pool.acquire() as connection:
        found = await discounts.list_discounts(connection, paging.after, paging.limit + 1)
    now = datetime.now(UTC)
    return page_of(found, paging, lambda row: discount_view(row, now), lambda row: row.id)


@router.post("", status_code=201)
async def plan_discount(
    body: NewDiscount, staff: Annotated[Staff, operator("catalogue:write")], services: Here
) -> DiscountView:
    """Plan a discount; it begins and ends on the dot, by the database's clock."""
    off_ppm = parse_percent(body.off_percent)
    if not 0 < off_ppm <= PPM:
        raise ActionRefused(
            "invalid_percentage", "A discount is above 0 and at most 100 per cent.", status=422, field="off_percent"
        )
    async with services.pool.acquire() as connection, connection.transaction():
        row = await discounts.plan_discount(
            connection,
            services.ids,
            name=body.name,
            patterns=body.models,
            off_ppm=off_ppm,
            starts_at=body.starts_at,
            ends_at=body.ends_at,
        )
        view = discount_view(row, datetime.now(UTC))
        await record(
            connection,
            services.ids,
            staff.actor,
            "discount.add",
            target=f"discount:{row.id}",
            after=view.model_dump(mode="json", exclude={"state"}),
        )
    return view


@router.post("/{discount_id}/end")
async def end_discount(
    discount_id: UUID, body: Ending, staff: Annotated[Staff, operator("catalogue:write")], services: Here
) -> DiscountView:
    """End a discount now or at another moment; one that is to come can be called off."""
    async with services.pool.acquire() as connection, connection.transaction():
        before, after = await discounts.end_discount(connection, discount_id, body.ends_at)
        await record(
            connection,
            services.ids,
            staff.actor,
            "discount.end",
            target=f"discount:{discount_id}",
            before={"ends_at": None if before.ends_at is None else before.ends_at.isoformat()},
            after={"ends_at": None if after.ends_at is None else after.ends_at.isoformat()},
        )
    return discount_view(after, datetime.now(UTC))
