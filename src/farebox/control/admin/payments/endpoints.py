"""/admin/payments: payments, refunds of them, and the events that told of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.audit.record import record
from farebox.control.access import Staff, operator
from farebox.control.admin.payments.schemas import (
    CreditAnyway,
    EventView,
    NewRefund,
    PaymentFacts,
    PaymentFile,
    RefundEnd,
    RefundView,
    event_view,
    payment_facts,
    payment_file,
    refund_view,
)
from farebox.control.page import Page, Paging, page_of
from farebox.control.payments.books import TheBooks, TheProviders
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.domain.money import parse_amount
from farebox.payments import event_store, payment_store
from farebox.payments.decisions import credit_anyway
from farebox.payments.events import apply_event
from farebox.payments.refunds import ask_refund, carry_out, end_manual_refund, refundable
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/payments", tags=["Operator: payments"])
_Reader = Annotated[Staff, operator("money:read")]
_Writer = Annotated[Staff, operator("money:write")]
_FreshWriter = Annotated[Staff, operator("money:write", fresh=True)]


@router.get("")
async def list_payments(
    _: _Reader,
    services: Here,
    paging: Paging,
    account_id: UUID | None = None,
    with_problem: bool | None = None,
) -> Page[PaymentFile]:
    """The newest payments first; `with_problem=true` are those paid and not credited."""
    async with services.pool.acquire() as connection:
        found = await payment_store.page(
            connection, account_id, paging.after, paging.limit + 1, with_problem=with_problem
        )
    return page_of(found, paging, payment_file, lambda payment: payment.id)


@router.get("/events")
async def list_events(_: _Reader, services: Here, paging: Paging, waiting: bool | None = None) -> Page[EventView]:
    """The newest events first; `waiting=true` are those stored and not applied."""
    async with services.pool.acquire() as connection:
        found = await event_store.page(connection, waiting, paging.after, paging.limit + 1)
    return page_of(found, paging, event_view, lambda event: event.id)


@router.post("/events/{event_row_id}/replay")
async def replay_event(
    event_row_id: UUID, staff: _Writer, services: Here, books: TheBooks, providers: TheProviders
) -> EventView:
    """Apply a stored event again; what it had done before is not done twice."""
    async with services.pool.acquire() as connection:
        event = await event_store.load(connection, event_row_id)
        provider = None if event is None else providers.get(event.provider)
        if provider is None:
            raise ActionRefused("not_found", "There is no such event, or its provider is not set up.", status=404)
        async with connection.transaction():
            if not await event_store.reopen(connection, event_row_id):
                raise ActionRefused("not_kept", "The body of this event is not kept any more.")
            await record(
                connection, services.ids, staff.actor, "payment_event.replay", target=f"payment_event:{event_row_id}"
            )
        await apply_event(connection, books, provider, event_row_id, services.logger)
        applied = await event_store.load(connection, event_row_id)
        assert applied is not None
        return event_view(applied)


@router.get("/{payment_id}")
async def show_payment(payment_id: UUID, _: _Reader, services: Here, books: TheBooks) -> PaymentFacts:
    """One payment, its refunds and disputes, and what of it can go back."""
    async with services.pool.acquire() as connection:
        payment = await payment_store.load(connection, payment_id)
        if payment is None:
            raise ActionRefused("not_found", "There is no such payment.", status=404)
        return payment_facts(
            payment,
            await payment_store.load_refunds(connection, [payment_id]),
            await payment_store.load_disputes(connection, [payment_id]),
            await refundable(connection, books, payment),
        )


@router.post("/{payment_id}/refund", status_code=201)
async def refund_payment(
    payment_id: UUID,
    body: NewRefund,
    staff: _FreshWriter,
    services: Here,
    books: TheBooks,
    providers: TheProviders,
    once: Once,
) -> RefundView:
    """Give unspent credit of a payment back to its source: taken from the balance first, then told to the provider."""

    async def work(connection: Connection) -> RefundView:
        amount_nano = None if body.amount is None else parse_amount(body.amount)
        return refund_view(
            await ask_refund(connection, books, payment_id, staff.actor, amount_nano=amount_nano, reason=body.reason)
        )

    asked = await once.run(staff.owner_key, work, RefundView, status=201)
    # Killed here, the duty tells the provider.
    async with services.pool.acquire() as connection:
        return refund_view(await carry_out(connection, books, providers, asked.id))


@router.post("/refunds/{refund_id}/end")
async def end_refund(
    refund_id: UUID, body: RefundEnd, staff: _FreshWriter, services: Here, books: TheBooks, once: Once
) -> RefundView:
    """Say that a refund by hand is done, or that it is given up and its credit comes back."""

    async def work(connection: Connection) -> RefundView:
        ended = await end_manual_refund(
            connection,
            books,
            refund_id,
            staff.actor,
            is_done=body.outcome == "done",
            ref=body.reference,
            note=body.note,
        )
        return refund_view(ended)

    return await once.run(staff.owner_key, work, RefundView)


@router.post("/{payment_id}/credit")
async def credit_payment(
    payment_id: UUID, body: CreditAnyway, staff: _FreshWriter, services: Here, books: TheBooks, once: Once
) -> PaymentFile:
    """Credit a payment that was not credited, such as a duplicate that the customer wants as credit."""

    async def work(connection: Connection) -> PaymentFile:
        credited = await credit_anyway(
            connection,
            books,
            payment_id,
            staff.actor,
            staff.person_id,
            account_id=body.account_id,
            amount_nano=None if body.amount is None else parse_amount(body.amount),
            reason=body.reason,
        )
        return payment_file(credited)

    return await once.run(staff.owner_key, work, PaymentFile)
