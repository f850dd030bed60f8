"""/admin/jobs: every job with its cost and channel, and giving back what was charged wrongly."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter

from farebox.audit.record import record
from farebox.control.access import Staff, operator
from farebox.control.admin.fresh import MayBeFresh, check_fresh_above
from farebox.control.admin.jobs.schemas import (
    CSV_HEADER,
    Adjusted,
    Adjustment,
    JobView,
    Wanted,
    csv_cells,
    job_view,
)
from farebox.control.jobs import receipts
from farebox.control.jobs.schemas import ReceiptView, receipt_view
from farebox.control.page import Page, Paging
from farebox.control.repeat import Once
from farebox.control.services import Here, Services
from farebox.control.table_csv import CSV_ANSWER, Cells, CsvResponse, WithBom, csv_response
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount, parse_amount
from farebox.ledger import operator_jobs
from farebox.ledger.operator_jobs import JobPage
from farebox.ledger.operator_jobs_store import JobFilter, OperatorJob
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/jobs", tags=["Operator: jobs"])
Reader = Annotated[Staff, operator("money:read")]

_ROWS_AT_ONCE = 1_000


@router.get("")
async def list_jobs(_: Reader, services: Here, paging: Paging, wanted: Wanted) -> Page[JobView]:
    """The newest ended jobs first; with filters, a page may be short and still have a next one."""
    found = await _load(services, wanted, paging.after, paging.limit)
    return Page(data=[job_view(job) for job in found.jobs], next=found.next)


@router.get(".csv", response_class=CsvResponse, responses=CSV_ANSWER)
async def export_jobs(_: Reader, services: Here, wanted: Wanted, bom: WithBom = False) -> CsvResponse:
    """The same jobs as a table, all of them."""
    return csv_response("jobs", CSV_HEADER, _pages(services, wanted), bom=bom)


@router.get("/{job_id}")
async def show_job(job_id: UUID, _: Reader, services: Here) -> JobView:
    """One ended job."""
    async with services.pool.acquire() as connection:
        return job_view(await _known(connection, job_id))


@router.get("/{job_id}/receipt")
async def show_receipt(job_id: UUID, _: Reader, services: Here) -> ReceiptView:
    """Its receipt, as the customer sees it."""
    async with services.pool.acquire() as connection:
        job = await _known(connection, job_id)
        found = await receipts.load(connection, job.account_id, job_id)
    if found is None:
        raise _missing()
    return receipt_view(found, job.adjusted_nano)


@router.post("/{job_id}/adjust", status_code=201)
async def adjust_job(
    job_id: UUID,
    body: Adjustment,
    staff: Annotated[Staff, operator("money:write")],
    visitor: MayBeFresh,
    services: Here,
    once: Once,
) -> Adjusted:
    """Give back a charge, or a part of it; above the policy's amount a second factor is asked for."""
    async with services.pool.acquire() as connection:
        asked = await _known(connection, job_id)
    amount_nano = asked.charge_nano - asked.adjusted_nano if body.amount is None else parse_amount(body.amount)
    check_fresh_above(services.policy.grant, amount_nano, staff, visitor)

    async def work(connection: Connection) -> Adjusted:
        # Whatever somebody else has given back meanwhile: the ledger never gives more than was charged.
        posted = await services.ledger.adjust(
            connection,
            asked.account_id,
            job_id,
            amount_nano,
            f"adjust:{once.key or uuid4()}:{staff.owner_key}",
            reason=body.reason,
            operator=staff.owner_key,
        )
        await record(
            connection,
            services.ids,
            staff.actor,
            "job.adjust",
            target=f"job:{job_id}",
            account_id=asked.account_id,
            after={"txn_id": str(posted.txn_id), "amount": format_amount(amount_nano)},
            reason=body.reason,
        )
        return Adjusted(
            txn_id=posted.txn_id, amount=format_amount(posted.amount_nano), balance=format_amount(posted.balance_nano)
        )

    return await once.run(staff.owner_key, work, Adjusted, status=201)


async def _known(connection: Connection, job_id: UUID) -> OperatorJob:
    job = await operator_jobs.load_one(connection, job_id)
    if job is None:
        raise _missing()
    return job


def _missing() -> ActionRefused:
    return ActionRefused("not_found", "There is no such job, or it has not ended.", status=404)


async def _load(services: Services, wanted: JobFilter, before: UUID | None, limit: int) -> JobPage:
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    async with services.pool.acquire() as connection:
        return await operator_jobs.load_page(connection, wanted, before, limit, now_ms=now_ms)


async def _pages(services: Services, wanted: JobFilter) -> AsyncIterator[Iterable[Cells]]:
    before: UUID | None = None
    while True:
        page = await _load(services, wanted, before, _ROWS_AT_ONCE)
        yield [csv_cells(job) for job in page.jobs]
        before = page.next
        if before is None:
            return
