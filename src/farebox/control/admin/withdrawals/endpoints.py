"""/admin/withdrawals: the queue of balances to be paid out or moved; above a limit two operators approve."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.aftersale import withdrawal
from farebox.aftersale.withdrawal import WithdrawalState, WithdrawalWish
from farebox.control.access import Staff, operator
from farebox.control.admin.standing import load_lots_left, load_standing
from farebox.control.admin.withdrawals.schemas import (
    FiledWithdrawal,
    PayoutMade,
    QueuedWithdrawalView,
    Remark,
    WhyNot,
    WithdrawalFacts,
    queued_view,
)
from farebox.control.desk import desk_of
from farebox.control.disputes_of_charges.schemas import nano_of
from farebox.control.page import Page, Paging, page_of
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.control.withdrawals.endpoints import check_form
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/withdrawals", tags=["Operator: withdrawals"])
Reader = Annotated[Staff, operator("money:read")]
Writer = Annotated[Staff, operator("money:write")]
FreshWriter = Annotated[Staff, operator("money:write", fresh=True)]


@router.get("")
async def list_withdrawal_queue(
    _: Reader,
    services: Here,
    paging: Paging,
    state: WithdrawalState | None = None,
    account_id: UUID | None = None,
    waiting: bool = False,
) -> Page[QueuedWithdrawalView]:
    """The newest first; `waiting=true` are those that somebody has to approve or pay, the oldest first."""
    async with services.pool.acquire() as connection:
        found = await withdrawal.list_withdrawals(
            connection,
            paging.after,
            limit=paging.limit + 1,
            account_id=account_id,
            state=state,
            only_waiting=waiting,
        )
    now = datetime.now(UTC)
    return page_of(found, paging, lambda each: queued_view(each, now), lambda each: each.id)


@router.post("", status_code=201)
async def file_withdrawal(body: FiledWithdrawal, staff: Writer, services: Here, once: Once) -> QueuedWithdrawalView:
    """File a withdrawal for a customer who wrote by mail; somebody else approves it."""
    check_form(body)

    async def work(connection: Connection) -> QueuedWithdrawalView:
        wish = WithdrawalWish(
            account_id=body.account_id,
            kind=body.kind,
            amount_nano=nano_of(body.amount),
            to_account_id=body.to_account_id,
            currency=body.currency or "",
            destination=body.destination,
            reason=body.reason,
            requested_by=staff.actor.person_id,
            is_filed=True,
        )
        asked = await withdrawal.ask(connection, desk_of(services), wish, staff.actor)
        return queued_view(asked, datetime.now(UTC))

    return await once.run(staff.owner_key, work, QueuedWithdrawalView, status=201)


@router.get("/{withdrawal_id}")
async def show_queued_withdrawal(withdrawal_id: UUID, _: Reader, services: Here) -> WithdrawalFacts:
    """One withdrawal, with how the account stands, its lots, and whether two have to approve."""
    async with services.pool.acquire() as connection:
        found = await withdrawal.show(connection, withdrawal_id)
        return WithdrawalFacts(
            **queued_view(found, datetime.now(UTC)).model_dump(),
            needs_two=services.policy.withdrawal.needs_two(found.amount_nano),
            account=await load_standing(connection, found.account_id),
            lots=await load_lots_left(connection, found.account_id),
        )


@router.post("/{withdrawal_id}/approve")
async def approve_withdrawal(
    withdrawal_id: UUID, body: Remark, staff: FreshWriter, services: Here, once: Once
) -> QueuedWithdrawalView:
    """Approve, as the first or the second; with the last approval the credit leaves the balance."""

    async def work(connection: Connection) -> QueuedWithdrawalView:
        approved = await withdrawal.approve(connection, desk_of(services), withdrawal_id, staff.actor, words=body.note)
        return queued_view(approved, datetime.now(UTC))

    return await once.run(staff.owner_key, work, QueuedWithdrawalView)


@router.post("/{withdrawal_id}/decline")
async def decline_withdrawal(
    withdrawal_id: UUID, body: WhyNot, staff: Writer, services: Here, once: Once
) -> QueuedWithdrawalView:
    """Nothing leaves; the customer reads why."""

    async def work(connection: Connection) -> QueuedWithdrawalView:
        declined = await withdrawal.decline(connection, desk_of(services), withdrawal_id, staff.actor, words=body.note)
        return queued_view(declined, datetime.now(UTC))

    return await once.run(staff.owner_key, work, QueuedWithdrawalView)


@router.post("/{withdrawal_id}/paid")
async def record_payout(
    withdrawal_id: UUID, body: PayoutMade, staff: FreshWriter, services: Here, once: Once
) -> QueuedWithdrawalView:
    """Record that it has been paid, and under which reference."""

    async def work(connection: Connection) -> QueuedWithdrawalView:
        paid = await withdrawal.record_payout(
            connection, desk_of(services), withdrawal_id, staff.actor, payout_ref=body.reference, words=body.note
        )
        return queued_view(paid, datetime.now(UTC))

    return await once.run(staff.owner_key, work, QueuedWithdrawalView)


@router.post("/{withdrawal_id}/give-back")
async def give_back_withdrawal(
    withdrawal_id: UUID, body: WhyNot, staff: FreshWriter, services: Here, once: Once
) -> QueuedWithdrawalView:
    """It could not be paid: the credit returns to the balance."""

    async def work(connection: Connection) -> QueuedWithdrawalView:
        returned = await withdrawal.give_back(
            connection, desk_of(services), withdrawal_id, staff.actor, words=body.note
        )
        return queued_view(returned, datetime.now(UTC))

    return await once.run(staff.owner_key, work, QueuedWithdrawalView)
