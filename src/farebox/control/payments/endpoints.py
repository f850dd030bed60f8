"""/api/payments: what the account has paid."""

from uuid import UUID

from fastapi import APIRouter

from farebox.control.access import AnyMember
from farebox.control.page import Page, Paging, page_of
from farebox.control.payments.schemas import PaymentView, payment_view
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.payments import payment_store

router = APIRouter(prefix="/api/payments", tags=["Payments"])


@router.get("")
async def list_payments(member: AnyMember, services: Here, paging: Paging) -> Page[PaymentView]:
    """The newest payments first."""
    async with services.pool.acquire() as connection:
        found = await payment_store.page(connection, member.account_id, paging.after, paging.limit + 1)
    return page_of(found, paging, payment_view, lambda payment: payment.id)


@router.get("/{payment_id}")
async def show_payment(payment_id: UUID, member: AnyMember, services: Here) -> PaymentView:
    """One payment."""
    async with services.pool.acquire() as connection:
        payment = await payment_store.load(connection, payment_id)
    if payment is None or payment.account_id != member.account_id:
        raise ActionRefused("not_found", "There is no such payment.", status=404)
    return payment_view(payment)
