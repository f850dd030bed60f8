"""/api/adjustments: charges that the account calls wrong, by job id."""

from uuid import UUID

from fastapi import APIRouter

from farebox.aftersale import adjustment
from farebox.aftersale.adjustment import Complaint, RequestState
from farebox.control.access import AnyMember
from farebox.control.desk import desk_of
from farebox.control.disputes_of_charges.schemas import AdjustmentView, NewAdjustment, adjustment_view, nano_or_none
from farebox.control.page import Page, Paging, page_of
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/adjustments", tags=["Adjustments"])


@router.get("")
async def list_adjustments(
    member: AnyMember, services: Here, paging: Paging, state: RequestState | None = None
) -> Page[AdjustmentView]:
    """The account's newest requests first."""
    async with services.pool.acquire() as connection:
        found = await adjustment.list_requests(
            connection, paging.after, limit=paging.limit + 1, account_id=member.account_id, state=state
        )
    return page_of(found, paging, adjustment_view, lambda request: request.id)


@router.post("", status_code=201)
async def ask_adjustment(body: NewAdjustment, member: AnyMember, services: Here, once: Once) -> AdjustmentView:
    """Ask for a charge, or a part of it, back."""

    async def work(connection: Connection) -> AdjustmentView:
        complaint = Complaint(
            account_id=member.account_id,
            job_id=body.job_id,
            asked_nano=nano_or_none(body.amount),
            description=body.description,
            requested_by=member.person_id,
        )
        return adjustment_view(await adjustment.ask(connection, desk_of(services), complaint, member.actor))

    return await once.run(f"person:{member.person_id}", work, AdjustmentView, status=201)


@router.get("/{request_id}")
async def show_adjustment(request_id: UUID, member: AnyMember, services: Here) -> AdjustmentView:
    """One request."""
    async with services.pool.acquire() as connection:
        return adjustment_view(await adjustment.show(connection, request_id, member.account_id))


@router.post("/{request_id}/withdraw")
async def withdraw_adjustment(request_id: UUID, member: AnyMember, services: Here) -> AdjustmentView:
    """Not ask any more."""
    async with services.pool.acquire() as connection:
        return adjustment_view(
            await adjustment.withdraw(connection, desk_of(services), request_id, member.account_id, member.actor)
        )
