"""/admin/adjustments: the queue of charges that customers call wrong."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.aftersale import adjustment
from farebox.aftersale.adjustment import Adjustment, Complaint, RequestState
from farebox.control.access import Staff, operator
from farebox.control.admin.adjustments.schemas import (
    AdjustmentApproval,
    AdjustmentDecline,
    AdjustmentReview,
    FiledAdjustment,
    QueuedAdjustmentView,
    queued_view,
    review_view,
)
from farebox.control.admin.fresh import MayBeFresh, check_fresh_above
from farebox.control.admin.standing import load_standing
from farebox.control.desk import desk_of
from farebox.control.disputes_of_charges.schemas import nano_or_none
from farebox.control.page import Page, Paging, page_of
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/adjustments", tags=["Operator: adjustments"])
Reader = Annotated[Staff, operator("money:read")]
Writer = Annotated[Staff, operator("money:write")]


@router.get("")
async def list_adjustment_queue(
    _: Reader, services: Here, paging: Paging, state: RequestState | None = None, account_id: UUID | None = None
) -> Page[QueuedAdjustmentView]:
    """The newest requests first; `state=open` are those that wait, of which the oldest come first."""
    async with services.pool.acquire() as connection:
        found = await adjustment.list_requests(
            connection,
            paging.after,
            limit=paging.limit + 1,
            account_id=account_id,
            state=state,
            oldest_first=state == "open",
        )
    now = datetime.now(UTC)
    return page_of(found, paging, lambda request: queued_view(request, now), lambda request: request.id)


@router.post("", status_code=201)
async def file_adjustment(body: FiledAdjustment, staff: Writer, services: Here, once: Once) -> AdjustmentReview:
    """File a request for a customer who wrote by mail."""

    async def work(connection: Connection) -> AdjustmentReview:
        complaint = Complaint(
            account_id=body.account_id,
            job_id=body.job_id,
            asked_nano=nano_or_none(body.amount),
            description=body.description,
            filed_by=staff.actor.id,
            asked_at=body.asked_at,
        )
        return await _review(connection, await adjustment.ask(connection, desk_of(services), complaint, staff.actor))

    return await once.run(staff.owner_key, work, AdjustmentReview, status=201)


@router.get("/{request_id}")
async def review_adjustment(request_id: UUID, _: Reader, services: Here) -> AdjustmentReview:
    """One request with the job's charge and cost."""
    async with services.pool.acquire() as connection:
        return await _review(connection, await adjustment.show(connection, request_id))


@router.post("/{request_id}/approve")
async def approve_adjustment(
    request_id: UUID, body: AdjustmentApproval, staff: Writer, visitor: MayBeFresh, services: Here, once: Once
) -> AdjustmentReview:
    """Give back a part of the charge, or all of it; the customer gets a mail. Much of it wants a second factor."""
    given_nano = nano_or_none(body.amount)
    async with services.pool.acquire() as connection:
        request = await adjustment.show(connection, request_id)
        charge = await adjustment.charge_of(connection, request)
    check_fresh_above(services.policy.grant, given_nano or request.asked_nano or charge.left_nano, staff, visitor)

    async def work(connection: Connection) -> AdjustmentReview:
        approved = await adjustment.approve(
            connection, desk_of(services), request_id, staff.actor, amount_nano=given_nano, words=body.note
        )
        return await _review(connection, approved)

    return await once.run(staff.owner_key, work, AdjustmentReview)


@router.post("/{request_id}/decline")
async def decline_adjustment(
    request_id: UUID, body: AdjustmentDecline, staff: Writer, services: Here, once: Once
) -> AdjustmentReview:
    """Give nothing back and say why; the customer gets a mail."""

    async def work(connection: Connection) -> AdjustmentReview:
        declined = await adjustment.decline(connection, desk_of(services), request_id, staff.actor, words=body.note)
        return await _review(connection, declined)

    return await once.run(staff.owner_key, work, AdjustmentReview)


async def _review(connection: Connection, request: Adjustment) -> AdjustmentReview:
    charge = await adjustment.charge_of(connection, request)
    return review_view(request, charge, await load_standing(connection, request.account_id), datetime.now(UTC))
