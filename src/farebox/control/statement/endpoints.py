"""/api/ledger: the account's statement, with the balance after each line."""

from collections.abc import AsyncIterator, Iterable
from uuid import UUID

from fastapi import APIRouter

from farebox.control.access import AnyMember
from farebox.control.page import Page, Paging
from farebox.control.services import Here, Services
from farebox.control.statement.schemas import CSV_HEADER, LineView, Wanted, csv_cells, line_view
from farebox.control.table_csv import CSV_ANSWER, Cells, CsvResponse, WithBom, csv_response
from farebox.ledger import statement
from farebox.ledger.statement import StatementFilter, StatementPage

router = APIRouter(prefix="/api/ledger", tags=["Credits"])

_ROWS_AT_ONCE = 1_000


@router.get("")
async def list_lines(member: AnyMember, services: Here, paging: Paging, wanted: Wanted) -> Page[LineView]:
    """What was posted last first; without a kind, each balance follows from the line below it."""
    found = await _load(services, member.account_id, wanted, paging.after, paging.limit)
    return Page(data=[line_view(line) for line in found.lines], next=found.next)


@router.get(".csv", response_class=CsvResponse, responses=CSV_ANSWER)
async def export_lines(member: AnyMember, services: Here, wanted: Wanted, bom: WithBom = False) -> CsvResponse:
    """The same lines as a table, all of them."""
    return csv_response("ledger", CSV_HEADER, _pages(services, member.account_id, wanted), bom=bom)


async def _load(
    services: Services, account_id: UUID, wanted: StatementFilter, before: UUID | None, limit: int
) -> StatementPage:
    async with services.pool.acquire() as connection:
        return await statement.load_page(connection, account_id, wanted, before, limit)


async def _pages(services: Services, account_id: UUID, wanted: StatementFilter) -> AsyncIterator[Iterable[Cells]]:
    # A connection per page: a client that reads slowly keeps none.
    before: UUID | None = None
    while True:
        page = await _load(services, account_id, wanted, before, _ROWS_AT_ONCE)
        yield [csv_cells(line) for line in page.lines]
        before = page.next
        if before is None:
            return
