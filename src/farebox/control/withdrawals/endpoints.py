"""/api/withdrawals: the account's balance paid out, or moved to another account here."""

from uuid import UUID

from fastapi import APIRouter

from farebox.aftersale import withdrawal
from farebox.aftersale.withdrawal import WithdrawalState, WithdrawalWish
from farebox.aftersale.withdrawal_offer import load_offer
from farebox.control.access import AnyMember, Owner
from farebox.control.desk import desk_of
from farebox.control.disputes_of_charges.schemas import nano_of
from farebox.control.page import Page, Paging, page_of
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.control.withdrawals.schemas import (
    NewWithdrawal,
    OfferView,
    WithdrawalView,
    offer_view,
    withdrawal_view,
)
from farebox.domain.errors import ActionRefused
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/withdrawals", tags=["Withdrawals"])


@router.get("")
async def list_withdrawals(
    member: AnyMember, services: Here, paging: Paging, state: WithdrawalState | None = None
) -> Page[WithdrawalView]:
    """The account's newest withdrawals first."""
    async with services.pool.acquire() as connection:
        found = await withdrawal.list_withdrawals(
            connection, paging.after, limit=paging.limit + 1, account_id=member.account_id, state=state
        )
    return page_of(found, paging, withdrawal_view, lambda each: each.id)


@router.post("", status_code=201)
async def ask_withdrawal(body: NewWithdrawal, member: Owner, services: Here, once: Once) -> WithdrawalView:
    """Ask for a payout or a move; it leaves the balance when it is approved."""
    check_form(body)

    async def work(connection: Connection) -> WithdrawalView:
        wish = WithdrawalWish(
            account_id=member.account_id,
            kind=body.kind,
            amount_nano=nano_of(body.amount),
            to_account_id=body.to_account_id,
            currency=body.currency or "",
            destination=body.destination,
            reason=body.reason,
            requested_by=member.person_id,
        )
        return withdrawal_view(await withdrawal.ask(connection, desk_of(services), wish, member.actor))

    return await once.run(f"person:{member.person_id}", work, WithdrawalView, status=201)


# Before the path that takes any id.
@router.get("/offer")
async def show_offer(member: AnyMember, services: Here) -> OfferView:
    """What could be withdrawn now, and how; nothing is promised by it."""
    async with services.pool.acquire() as connection:
        return offer_view(await load_offer(connection, desk_of(services), member.account_id))


@router.get("/{withdrawal_id}")
async def show_withdrawal(withdrawal_id: UUID, member: AnyMember, services: Here) -> WithdrawalView:
    """One withdrawal."""
    async with services.pool.acquire() as connection:
        return withdrawal_view(await withdrawal.show(connection, withdrawal_id, member.account_id))


@router.post("/{withdrawal_id}/cancel")
async def cancel_withdrawal(withdrawal_id: UUID, member: Owner, services: Here) -> WithdrawalView:
    """Not ask any more, while nothing has left the balance."""
    async with services.pool.acquire() as connection:
        return withdrawal_view(
            await withdrawal.cancel(connection, desk_of(services), withdrawal_id, member.account_id, member.actor)
        )


def check_form(body: NewWithdrawal) -> None:
    """Raises ActionRefused unless what is given fits the kind."""
    if (body.kind == "migration") != (body.to_account_id is not None):
        raise ActionRefused("invalid_request", "A migration names an account, a payout none.", status=422)
    if body.kind == "payout" and not body.destination:
        raise ActionRefused("invalid_request", "Say where to pay to.", status=422, field="destination")
