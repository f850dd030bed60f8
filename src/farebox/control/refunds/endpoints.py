"""/api/refunds: unused credit and payments made twice that the account wants back."""

from uuid import UUID

from fastapi import APIRouter

from farebox.aftersale import refund_request
from farebox.aftersale.refund_request import RefundState, RefundWish
from farebox.control.access import AnyMember, Billing
from farebox.control.desk import desk_of
from farebox.control.disputes_of_charges.schemas import nano_or_none
from farebox.control.page import Page, Paging, page_of
from farebox.control.payment_source import source_of
from farebox.control.refunds.schemas import (
    NewRefundRequest,
    RefundablePayments,
    RefundRequestView,
    refund_view,
    refundable_payment,
)
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/refunds", tags=["Refunds"])


@router.get("")
async def list_refunds(
    member: AnyMember, services: Here, paging: Paging, state: RefundState | None = None
) -> Page[RefundRequestView]:
    """The account's newest requests first."""
    async with services.pool.acquire() as connection:
        found = await refund_request.list_requests(
            connection, paging.after, limit=paging.limit + 1, account_id=member.account_id, state=state
        )
    return page_of(found, paging, refund_view, lambda request: request.id)


@router.get("/refundable")
async def list_refundable(member: AnyMember, services: Here) -> RefundablePayments:
    """What can be asked back now, by payment."""
    async with services.pool.acquire() as connection:
        payments = await source_of(services).payments_of(connection, member.account_id)
    return RefundablePayments(data=[refundable_payment(facts) for facts in payments])


@router.post("", status_code=201)
async def ask_refund(body: NewRefundRequest, member: Billing, services: Here, once: Once) -> RefundRequestView:
    """Ask for unused credit, or for a payment made twice; an operator decides."""

    async def work(connection: Connection) -> RefundRequestView:
        wish = RefundWish(
            account_id=member.account_id,
            payment_id=body.payment_id,
            prefers=body.prefers,
            asked_nano=nano_or_none(body.amount),
            reason=body.reason,
            requested_by=member.person_id,
        )
        asked = await refund_request.ask(connection, desk_of(services), source_of(services), wish, member.actor)
        return refund_view(asked)

    return await once.run(f"person:{member.person_id}", work, RefundRequestView, status=201)


@router.get("/{request_id}")
async def show_refund(request_id: UUID, member: AnyMember, services: Here) -> RefundRequestView:
    """One request."""
    async with services.pool.acquire() as connection:
        return refund_view(await refund_request.show(connection, request_id, member.account_id))


@router.post("/{request_id}/withdraw")
async def withdraw_refund(request_id: UUID, member: Billing, services: Here) -> RefundRequestView:
    """Not ask any more."""
    async with services.pool.acquire() as connection:
        return refund_view(
            await refund_request.withdraw(connection, desk_of(services), request_id, member.account_id, member.actor)
        )
