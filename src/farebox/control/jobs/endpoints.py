"""/api/jobs: every call of the account, refused ones included, and the receipt of each."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter

from farebox.control.access import AnyMember
from farebox.control.jobs import receipts
from farebox.control.jobs.schemas import (
    CSV_HEADER,
    CallView,
    ReceiptView,
    Wanted,
    call_view,
    csv_cells,
    receipt_view,
    refusal_view,
)
from farebox.control.page import Page, Paging
from farebox.control.services import Here, Services
from farebox.control.table_csv import CSV_ANSWER, Cells, CsvResponse, WithBom, csv_response
from farebox.domain.errors import ActionRefused
from farebox.ledger import job_page, job_page_store
from farebox.ledger.job_page import CallFilter, CallPage

router = APIRouter(prefix="/api/jobs", tags=["Logs"])

_ROWS_AT_ONCE = 1_000


@router.get("")
async def list_jobs(member: AnyMember, services: Here, paging: Paging, wanted: Wanted) -> Page[CallView]:
    """The newest calls first; with filters, a page may be short and still have a next one."""
    found = await _load(services, member.account_id, wanted, paging.after, paging.limit)
    return Page(data=[call_view(call) for call in found.calls], next=found.next)


@router.get(".csv", response_class=CsvResponse, responses=CSV_ANSWER)
async def export_jobs(member: AnyMember, services: Here, wanted: Wanted, bom: WithBom = False) -> CsvResponse:
    """The same calls as a table, all of them."""
    return csv_response("jobs", CSV_HEADER, _pages(services, member.account_id, wanted), bom=bom)


@router.get("/{job_id}")
async def show_job(job_id: UUID, member: AnyMember, services: Here) -> ReceiptView:
    """The receipt of one call: usage, price lines, charge and timing."""
    async with services.pool.acquire() as connection:
        found = await receipts.load(connection, member.account_id, job_id)
        if found is not None:
            adjusted_nano = await job_page_store.load_adjusted(connection, member.account_id, job_id)
            return receipt_view(found, adjusted_nano)
        refused = await job_page_store.load_refusal(connection, member.account_id, job_id)
    if refused is None:
        raise ActionRefused("not_found", "There is no such job.", status=404)
    return refusal_view(refused)


async def _load(services: Services, account_id: UUID, wanted: CallFilter, before: UUID | None, limit: int) -> CallPage:
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    async with services.pool.acquire() as connection:
        return await job_page.load_page(connection, account_id, wanted, before, limit, now_ms=now_ms)


async def _pages(services: Services, account_id: UUID, wanted: CallFilter) -> AsyncIterator[Iterable[Cells]]:
    # A connection per page: a client that reads slowly keeps none.
    before: UUID | None = None
    while True:
        page = await _load(services, account_id, wanted, before, _ROWS_AT_ONCE)
        yield [csv_cells(call) for call in page.calls]
        before = page.next
        if before is None:
            return
