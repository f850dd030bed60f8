"""/api/recharges: buying credit. Nothing is credited here: payments and reviews do that."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header

from farebox.control.access import AnyMember, Billing, Member
from farebox.control.origin import From
from farebox.control.page import Page, Paging, page_of
from farebox.control.payments.books import TheBooks, TheProviders
from farebox.control.recharges.schemas import NewRecharge, OptionsView, RechargeView, options_view, recharge_view
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.payments import recharge_store
from farebox.payments.adding import ways_of
from farebox.payments.checkout import Wish, cancel_recharge, request_recharge
from farebox.payments.recharge import Recharge, RechargeState
from farebox.storage.database import Connection
from farebox.traces.trace import leave_trace

router = APIRouter(prefix="/api/recharges", tags=["Recharges"])

_Key = Annotated[
    str | None,
    Header(min_length=1, max_length=255, description="The same key again gives the same recharge and checkout."),
]


@router.get("/options")
async def show_options(member: AnyMember, services: Here) -> OptionsView:
    """Packages, methods that are open to this account, and bounds of free amounts."""
    async with services.pool.acquire() as connection:
        return options_view(services.policy, await ways_of(connection, services.policy, member.account_id))


@router.post("", status_code=201)
async def create_recharge(
    body: NewRecharge,
    member: Billing,
    services: Here,
    books: TheBooks,
    providers: TheProviders,
    origin: From,
    idempotency_key: _Key = None,
) -> RechargeView:
    """Ask for credit: the answer says where to pay, or that a review is waited for."""
    wish = Wish(
        account_id=member.account_id,
        method=body.method,
        package=body.package or "",
        amount=body.amount or "",
        evidence=body.evidence,
        note=body.note,
        keep_method=body.keep_method,
        requested_by=member.person_id,
        email=member.email,
        language=member.language,
        idempotency_key=idempotency_key or str(services.ids.new()),
    )
    back_url = f"{services.public_url}/dashboard/recharge"
    recharge = await request_recharge(services.pool, books, providers, wish, member.actor, back_url=back_url)
    async with services.pool.acquire() as connection:
        await leave_trace(
            connection,
            services.ids,
            "recharge",
            origin,
            account_id=member.account_id,
            person_id=member.person_id,
        )
    return recharge_view(recharge)


@router.get("")
async def list_recharges(
    member: AnyMember, services: Here, paging: Paging, state: RechargeState | None = None
) -> Page[RechargeView]:
    """The newest recharges first."""
    async with services.pool.acquire() as connection:
        found = await recharge_store.page(connection, member.account_id, state, paging.after, paging.limit + 1)
    return page_of(found, paging, recharge_view, lambda recharge: recharge.id)


@router.get("/{recharge_id}")
async def show_recharge(recharge_id: UUID, member: AnyMember, services: Here) -> RechargeView:
    """One recharge."""
    async with services.pool.acquire() as connection:
        return recharge_view(await _own(connection, member, recharge_id))


@router.post("/{recharge_id}/cancel")
async def cancel(recharge_id: UUID, member: Billing, services: Here, books: TheBooks) -> RechargeView:
    """Give up a recharge that has not been paid or decided; money that arrives all the same is credited."""
    async with services.pool.acquire() as connection:
        await cancel_recharge(connection, books, await _own(connection, member, recharge_id), member.actor)
        return recharge_view(await _own(connection, member, recharge_id))


async def _own(connection: Connection, member: Member, recharge_id: UUID) -> Recharge:
    recharge = await recharge_store.load(connection, recharge_id)
    if recharge is None or recharge.account_id != member.account_id:
        raise ActionRefused("not_found", "There is no such recharge.", status=404)
    return recharge
