"""/admin/cases: the queue of what wants a decision."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter

from farebox.audit.record import record
from farebox.cases import case
from farebox.cases.case import CaseKind
from farebox.control.access import Staff, operator
from farebox.control.admin.cases.schemas import CaseFacts, CaseView, Closing, case_view
from farebox.control.admin.standing import load_standing
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here

router = APIRouter(prefix="/admin/cases", tags=["Operator: cases"])


@router.get("")
async def list_cases(
    _: Annotated[Staff, operator("risk:read")],
    services: Here,
    paging: Paging,
    status: Literal["open", "closed"] | None = None,
    kind: CaseKind | None = None,
    account_id: UUID | None = None,
) -> Page[CaseView]:
    """The newest cases first; of the open ones the oldest."""
    async with services.pool.acquire() as connection:
        found = await case.list_cases(
            connection,
            paging.after,
            status=status,
            kind=kind,
            account_id=account_id,
            oldest_first=status == "open",
            limit=paging.limit + 1,
        )
    return page_of(found, paging, case_view, lambda each: each.id)


@router.get("/{case_id}")
async def show_case(case_id: UUID, _: Annotated[Staff, operator("risk:read")], services: Here) -> CaseFacts:
    """One case, with how its account stands."""
    async with services.pool.acquire() as connection:
        found = await case.show_case(connection, case_id)
        account = None if found.account_id is None else await load_standing(connection, found.account_id)
        return CaseFacts(**case_view(found).model_dump(), account=account)


@router.post("/{case_id}/close")
async def close_case(
    case_id: UUID, body: Closing, staff: Annotated[Staff, operator("risk:write")], services: Here
) -> CaseView:
    """Decide and close a case."""
    async with services.pool.acquire() as connection, connection.transaction():
        closed = await case.close_case(
            connection, case_id, decision=body.decision, note=body.note, closed_by=staff.person_id
        )
        await record(
            connection,
            services.ids,
            staff.actor,
            "case.close",
            target=f"case:{case_id}",
            account_id=closed.account_id,
            before={"status": "open"},
            after={"status": "closed", "decision": closed.decision},
            reason=body.note,
        )
    return case_view(closed)
