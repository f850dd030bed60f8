"""/admin/closings: accounts that close, and what becomes of what is left on them."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.aftersale import closing
from farebox.aftersale.closing import Closing, ClosingState
from farebox.control.access import Staff, operator
from farebox.control.admin.closings.schemas import (
    ClosingFacts,
    OperatorsClosing,
    QueuedClosingView,
    TreatmentChosen,
    queued_view,
)
from farebox.control.admin.standing import load_lots_left, load_standing
from farebox.control.desk import desk_of
from farebox.control.page import Page, Paging, page_of
from farebox.control.payment_source import source_of, tell_providers
from farebox.control.repeat import Once
from farebox.control.services import Here, Services
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/closings", tags=["Operator: closings"])


@router.get("")
async def list_closings(
    _: Annotated[Staff, operator("accounts:read")],
    services: Here,
    paging: Paging,
    state: ClosingState | None = None,
) -> Page[QueuedClosingView]:
    """The newest closings first; `state=deciding` are those that wait, of which the oldest come first."""
    async with services.pool.acquire() as connection:
        found = await closing.list_closings(
            connection, paging.after, limit=paging.limit + 1, state=state, oldest_first=state == "deciding"
        )
    return page_of(found, paging, lambda each: _view(services, each), lambda each: each.id)


@router.post("", status_code=201)
async def close_an_account(
    body: OperatorsClosing,
    staff: Annotated[Staff, operator("accounts:write", fresh=True)],
    services: Here,
    once: Once,
) -> QueuedClosingView:
    """Close an account, for a breach of the terms or without one."""

    async def work(connection: Connection) -> QueuedClosingView:
        begun = await closing.begin(
            connection,
            desk_of(services),
            body.account_id,
            staff.actor,
            has_breach=body.has_breach,
            reason=body.reason,
        )
        return _view(services, begun)

    return await once.run(staff.owner_key, work, QueuedClosingView, status=201)


@router.get("/{closing_id}")
async def show_queued_closing(
    closing_id: UUID, _: Annotated[Staff, operator("accounts:read")], services: Here
) -> ClosingFacts:
    """One closing, with how the account stands and what is left on it."""
    async with services.pool.acquire() as connection:
        found = await closing.show(connection, closing_id)
        return ClosingFacts(
            **_view(services, found).model_dump(),
            account=await load_standing(connection, found.account_id),
            lots=await load_lots_left(connection, found.account_id),
        )


@router.post("/{closing_id}/decide")
async def decide_closing(
    closing_id: UUID,
    body: TreatmentChosen,
    staff: Annotated[Staff, operator("money:write", fresh=True)],
    services: Here,
    once: Once,
) -> QueuedClosingView:
    """Return what was bought, to its source as far as possible and else as a withdrawal; or forfeit it."""
    refund_ids: list[UUID] = []

    async def work(connection: Connection) -> QueuedClosingView:
        decided = await closing.decide(
            connection,
            desk_of(services),
            source_of(services),
            closing_id,
            staff.actor,
            treatment=body.treatment,
            words=body.note,
        )
        refund_ids.extend(decided.refund_ids)
        return _view(services, decided.closing)

    answer = await once.run(staff.owner_key, work, QueuedClosingView)
    # Killed before this, the refunds are reserved and the worker's duty tells the providers.
    await tell_providers(services, refund_ids)
    return answer


def _view(services: Services, found: Closing) -> QueuedClosingView:
    return queued_view(found, closing.allowed_treatments(desk_of(services), found), datetime.now(UTC))
