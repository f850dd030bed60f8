"""/admin/approvals: accounts that wait for a decision, at sign-up or over the region that they say they are in."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.accounts import bars
from farebox.accounts.details import show_details
from farebox.accounts.service import show_account
from farebox.cases.case import list_cases
from farebox.control.access import Staff, operator
from farebox.control.admin.accounts.schemas import traces_view
from farebox.control.admin.approvals.schemas import Decided, Decision, Refusing, Waiting, WaitingFacts
from farebox.control.admin.cases.schemas import case_view
from farebox.control.admin.standing import load_standing
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here
from farebox.control.signup import opening
from farebox.storage.database import Connection
from farebox.traces.summary import summarize

router = APIRouter(prefix="/admin/approvals", tags=["Operator: people"])
Writer = Annotated[Staff, operator("accounts:write")]

_FEW = 20


@router.get("")
async def list_waiting(_: Annotated[Staff, operator("accounts:read")], services: Here, paging: Paging) -> Page[Waiting]:
    """Accounts that wait, those that have waited longest first."""
    async with services.pool.acquire() as connection:
        found = await bars.list_waiting(connection, paging.after, paging.limit + 1)
    return page_of(found, paging, Waiting.model_validate, lambda row: row["account_id"])


@router.get("/{account_id}")
async def show_waiting(
    account_id: UUID, _: Annotated[Staff, operator("accounts:read")], services: Here
) -> WaitingFacts:
    """One account that waits, with why, and from where it came."""
    async with services.pool.acquire() as connection:
        waiting = await bars.show_waiting(connection, account_id)
        details = await show_details(connection, account_id)
        cases = await list_cases(connection, None, limit=_FEW, status="open", account_id=account_id)
        return WaitingFacts(
            **waiting,
            name=details.name,
            country=details.billing.country,
            account=await load_standing(connection, account_id),
            cases=[case_view(case) for case in cases],
            traces=[traces_view(each) for each in await summarize(connection, account_id)],
        )


@router.post("/{account_id}/approve")
async def approve(account_id: UUID, body: Decision, staff: Writer, services: Here) -> Decided:
    """Let an account in that waits since its sign-up; it gets its mail, and its credit if there is any."""
    async with services.pool.acquire() as connection, connection.transaction():
        await opening.approve(connection, services, account_id, staff.actor, body.note)
        return await _decided(connection, account_id)


@router.post("/{account_id}/decline")
async def decline(account_id: UUID, body: Refusing, staff: Writer, services: Here) -> Decided:
    """Close an account that waits since its sign-up."""
    async with services.pool.acquire() as connection, connection.transaction():
        await opening.decline(connection, services, account_id, staff.actor, body.note)
        return await _decided(connection, account_id)


@router.post("/{account_id}/allow-region")
async def allow_region(account_id: UUID, body: Refusing, staff: Writer, services: Here) -> Decided:
    """Let an account call again that said, or paid from, a country that is not served."""
    async with services.pool.acquire() as connection, connection.transaction():
        await opening.allow_region(connection, services, account_id, staff.actor, body.note)
        return await _decided(connection, account_id)


async def _decided(connection: Connection, account_id: UUID) -> Decided:
    account = await show_account(connection, account_id)
    return Decided(
        account_id=account_id, status=account.status, bars=list(await bars.list_bars(connection, account_id))
    )
