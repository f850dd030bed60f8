"""/admin/disputes: chargebacks and the decisions on them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.control.access import Staff, operator
from farebox.control.admin.disputes.facts import DisputeFacts, load_facts
from farebox.control.admin.disputes.schemas import Decision, DisputeView, dispute_view
from farebox.control.page import Page, Paging, page_of
from farebox.control.payments.books import TheBooks
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.payments import payment_store
from farebox.payments.decisions import decide_dispute
from farebox.payments.fact import DisputeState
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/disputes", tags=["Operator: disputes"])


@router.get("")
async def list_disputes(
    _: Annotated[Staff, operator("money:read")],
    services: Here,
    paging: Paging,
    state: DisputeState | None = None,
    waiting: bool = False,
) -> Page[DisputeView]:
    """The newest first; `waiting=true` are those that neither provider nor operator has decided, the oldest first."""
    async with services.pool.acquire() as connection:
        found = await payment_store.dispute_page(
            connection, state, paging.after, paging.limit + 1, only_waiting=waiting
        )
    return page_of(found, paging, dispute_view, lambda dispute: dispute.id)


@router.get("/{dispute_id}")
async def show_dispute(dispute_id: UUID, _: Annotated[Staff, operator("money:read")], services: Here) -> DisputeFacts:
    """One dispute, with its payment and how the account stands."""
    async with services.pool.acquire() as connection:
        dispute = await payment_store.load_dispute(connection, dispute_id)
        if dispute is None:
            raise ActionRefused("not_found", "There is no such dispute.", status=404)
        return await load_facts(connection, dispute)


@router.post("/{dispute_id}/decide")
async def decide(
    dispute_id: UUID,
    body: Decision,
    staff: Annotated[Staff, operator("money:write", fresh=True)],
    services: Here,
    books: TheBooks,
    once: Once,
) -> DisputeView:
    """Decide a dispute; the provider's own last word, once it comes, outranks it."""

    async def work(connection: Connection) -> DisputeView:
        return dispute_view(
            await decide_dispute(connection, books, dispute_id, body.decision, staff.actor, staff.person_id, body.note)
        )

    return await once.run(staff.owner_key, work, DisputeView)
