"""/admin/audit: who changed what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from farebox.audit import chain, store
from farebox.audit.store import Filter
from farebox.control.access import Staff, operator
from farebox.control.admin.audit.schemas import AuditLine, ChainReport, audit_line
from farebox.control.moment import Moment
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here

router = APIRouter(prefix="/admin/audit", tags=["Operator: audit"])
Reader = Annotated[Staff, operator("audit:read")]


@router.get("")
async def list_audit(
    _: Reader,
    services: Here,
    paging: Paging,
    account_id: UUID | None = None,
    action: Annotated[str | None, Query(max_length=100, pattern=r"^[a-z_.]+$")] = None,
    actor_id: UUID | None = None,
    since: Moment | None = None,
    until: Moment | None = None,
) -> Page[AuditLine]:
    """The newest lines first."""
    wanted = Filter(account_id=account_id, action=action, actor_id=actor_id, since=since, until=until)
    async with services.pool.acquire() as connection:
        lines = await store.page(connection, paging.after, wanted, paging.limit + 1)
    return page_of(lines, paging, audit_line, lambda line: line.id)


@router.get("/chain")
async def verify_chain(_: Reader, services: Here) -> ChainReport:
    """Check the chain over the whole trail."""
    async with services.pool.acquire() as connection:
        problems = await chain.verify(connection, {})
    return ChainReport(ok=not problems, problems=problems)
