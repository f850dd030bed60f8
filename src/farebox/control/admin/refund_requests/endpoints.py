"""/admin/refund-requests: the queue of refunds that customers ask for, with the facts for a decision."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.aftersale import refund_request
from farebox.aftersale.refund_request import RefundRequest, RefundState, RefundWish
from farebox.control.access import Staff, operator
from farebox.control.admin.refund_requests.schemas import (
    FiledRefund,
    QueuedRefundRequest,
    RefundApproval,
    RefundDecline,
    RefundReview,
    queued_view,
    review_view,
)
from farebox.control.admin.standing import load_standing
from farebox.control.desk import desk_of
from farebox.control.disputes_of_charges.schemas import nano_or_none
from farebox.control.page import Page, Paging, page_of
from farebox.control.payment_source import source_of, tell_providers
from farebox.control.repeat import Once
from farebox.control.services import Here, Services
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/refund-requests", tags=["Operator: refunds"])
Reader = Annotated[Staff, operator("money:read")]
Writer = Annotated[Staff, operator("money:write")]


@router.get("")
async def list_refund_queue(
    _: Reader, services: Here, paging: Paging, state: RefundState | None = None, account_id: UUID | None = None
) -> Page[QueuedRefundRequest]:
    """The newest requests first; `state=open` are those that wait, of which the oldest come first."""
    async with services.pool.acquire() as connection:
        found = await refund_request.list_requests(
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
async def file_refund(body: FiledRefund, staff: Writer, services: Here, once: Once) -> RefundReview:
    """File a request for a customer who wrote by mail, or at the operator's discretion."""

    async def work(connection: Connection) -> RefundReview:
        wish = RefundWish(
            account_id=body.account_id,
            payment_id=body.payment_id,
            prefers=body.prefers,
            asked_nano=nano_or_none(body.amount),
            reason=body.reason,
            filed_by=staff.actor.id,
            is_filed=True,
        )
        asked = await refund_request.ask(connection, desk_of(services), source_of(services), wish, staff.actor)
        return await _review(connection, services, asked)

    return await once.run(staff.owner_key, work, RefundReview, status=201)


@router.get("/{request_id}")
async def review_refund(request_id: UUID, _: Reader, services: Here) -> RefundReview:
    """One request with the facts: payment, credit used from it, behaviour, provider cost, disputes, lots."""
    async with services.pool.acquire() as connection:
        return await _review(connection, services, await refund_request.show(connection, request_id))


@router.post("/{request_id}/approve")
async def approve_refund(
    request_id: UUID,
    body: RefundApproval,
    staff: Annotated[Staff, operator("money:write", fresh=True)],
    services: Here,
    once: Once,
) -> RefundReview:
    """Give back unused credit to where it came from, or a payment made twice as the customer prefers."""

    async def work(connection: Connection) -> RefundReview:
        approved = await refund_request.approve(
            connection,
            desk_of(services),
            source_of(services),
            request_id,
            staff.actor,
            amount_nano=nano_or_none(body.amount),
            to=body.to,
            words=body.note,
        )
        return await _review(connection, services, approved)

    answer = await once.run(staff.owner_key, work, RefundReview)
    # Killed before this, the refund is reserved and the worker's duty tells the provider.
    if answer.refund_id is not None:
        await tell_providers(services, [answer.refund_id])
    return answer


@router.post("/{request_id}/decline")
async def decline_refund(
    request_id: UUID, body: RefundDecline, staff: Writer, services: Here, once: Once
) -> RefundReview:
    """Give nothing back and say why; the customer gets a mail."""

    async def work(connection: Connection) -> RefundReview:
        declined = await refund_request.decline(
            connection, desk_of(services), source_of(services), request_id, staff.actor, words=body.note
        )
        return await _review(connection, services, declined)

    return await once.run(staff.owner_key, work, RefundReview)


async def _review(connection: Connection, services: Services, request: RefundRequest) -> RefundReview:
    found = await refund_request.review(connection, source_of(services), request)
    standing = await load_standing(connection, request.account_id)
    return review_view(request, found, standing, services.policy.refund, datetime.now(UTC))
