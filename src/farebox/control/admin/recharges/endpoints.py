"""/admin/recharges: the queue of recharges, and decisions on those that wait for review."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.control.access import Staff, operator
from farebox.control.admin.fresh import MayBeFresh, check_fresh_above
from farebox.control.admin.recharges.schemas import (
    Approval,
    RechargeFacts,
    RechargeFile,
    Refusal,
    recharge_facts,
    recharge_file,
)
from farebox.control.admin.standing import load_standing
from farebox.control.page import Page, Paging, page_of
from farebox.control.payments.books import TheBooks, TheProviders
from farebox.control.repeat import Once
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.domain.money import parse_amount
from farebox.payments import payment_store, recharge_store
from farebox.payments.recharge import Recharge, RechargeState
from farebox.payments.refunds import carry_out
from farebox.payments.review import Findings, approve, decline
from farebox.storage.database import Connection

_FEW = 5

router = APIRouter(prefix="/admin/recharges", tags=["Operator: recharges"])


@router.get("")
async def list_recharges(
    _: Annotated[Staff, operator("money:read")],
    services: Here,
    paging: Paging,
    state: RechargeState | None = None,
    account_id: UUID | None = None,
) -> Page[RechargeFile]:
    """The newest recharges first; `state=review` is the queue, of which the oldest come first."""
    async with services.pool.acquire() as connection:
        found = await recharge_store.page(
            connection, account_id, state, paging.after, paging.limit + 1, oldest_first=state == "review"
        )
    return page_of(found, paging, recharge_file, lambda recharge: recharge.id)


@router.get("/{recharge_id}")
async def show_recharge(
    recharge_id: UUID, _: Annotated[Staff, operator("money:read")], services: Here
) -> RechargeFacts:
    """One recharge, with what a reviewer goes by."""
    async with services.pool.acquire() as connection:
        recharge = await _known(connection, recharge_id)
        payments = await payment_store.of_recharge(connection, recharge_id)
        newest = await recharge_store.page(connection, recharge.account_id, None, None, _FEW + 1)
        others = [each for each in newest if each.id != recharge_id][:_FEW]
        return recharge_facts(recharge, payments, await load_standing(connection, recharge.account_id), others)


@router.post("/{recharge_id}/approve")
async def approve_recharge(
    recharge_id: UUID,
    body: Approval,
    staff: Annotated[Staff, operator("money:write")],
    visitor: MayBeFresh,
    services: Here,
    books: TheBooks,
    once: Once,
) -> RechargeFile:
    """Credit a recharge that waits for review; nobody reviews a recharge of their own.

    Much more credit than was asked for wants a second factor, as a grant does.
    """
    findings = Findings(
        credit_nano=None if body.credit is None else parse_amount(body.credit),
        price_minor=body.price_minor,
        evidence=body.evidence,
        note=body.note,
    )
    if findings.credit_nano is not None:
        async with services.pool.acquire() as connection:
            asked = await _known(connection, recharge_id)
        check_fresh_above(services.policy.grant, findings.credit_nano - asked.credit_nano, staff, visitor)

    async def work(connection: Connection) -> RechargeFile:
        return recharge_file(await approve(connection, books, recharge_id, staff.actor, staff.person_id, findings))

    return await once.run(staff.owner_key, work, RechargeFile)


@router.post("/{recharge_id}/decline")
async def decline_recharge(
    recharge_id: UUID,
    body: Refusal,
    staff: Annotated[Staff, operator("money:write")],
    services: Here,
    books: TheBooks,
    providers: TheProviders,
    once: Once,
) -> RechargeFile:
    """Credit nothing; what has been paid already goes back to its source."""
    to_refund: list[UUID] = []

    async def work(connection: Connection) -> RechargeFile:
        declined, refunds = await decline(connection, books, recharge_id, staff.actor, staff.person_id, body.reason)
        to_refund.extend(refunds)
        return recharge_file(declined)

    answer = await once.run(staff.owner_key, work, RechargeFile)
    async with services.pool.acquire() as connection:
        for refund_id in to_refund:
            await carry_out(connection, books, providers, refund_id)
    return answer


async def _known(connection: Connection, recharge_id: UUID) -> Recharge:
    recharge = await recharge_store.load(connection, recharge_id)
    if recharge is None:
        raise ActionRefused("not_found", "There is no such recharge.", status=404)
    return recharge
