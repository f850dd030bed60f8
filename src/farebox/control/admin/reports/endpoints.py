"""/admin/reports/margin: charge against provider cost, by day, model, channel or account."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from farebox.control.access import Staff, operator
from farebox.control.admin.reports.schemas import CSV_HEADER, MarginReport, csv_cells, report_view
from farebox.control.moment import Moment
from farebox.control.services import Here
from farebox.control.table_csv import CSV_ANSWER, Cells, CsvResponse, WithBom, csv_response
from farebox.ledger.margin import MarginFilter, MarginLine, MarginSplit, MarginStep, load_margins
from farebox.ledger.usage import Span, span_of

router = APIRouter(prefix="/admin/reports/margin", tags=["Operator: reports"])
Reader = Annotated[Staff, operator("money:read")]


def _span(since: Moment | None = None, until: Moment | None = None) -> Span:
    return span_of("day", since, until, datetime.now(UTC))


def _filter(
    model: Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")] = None,
    channel_id: UUID | None = None,
    account_id: UUID | None = None,
) -> MarginFilter:
    return MarginFilter(model=model, channel_id=channel_id, account_id=account_id)


Asked = Annotated[Span, Depends(_span)]
Wanted = Annotated[MarginFilter, Depends(_filter)]


@router.get("")
async def show_margins(
    _: Reader,
    services: Here,
    span: Asked,
    wanted: Wanted,
    split: MarginSplit = "nothing",
    step: MarginStep = "day",
) -> MarginReport:
    """Whole days (UTC), the last thirty unless asked for others."""
    async with services.pool.acquire() as connection:
        margins = await load_margins(connection, span, split, step, wanted)
    return report_view(margins, span, split, step)


@router.get(".csv", response_class=CsvResponse, responses=CSV_ANSWER)
async def export_margins(
    _: Reader,
    services: Here,
    span: Asked,
    wanted: Wanted,
    split: MarginSplit = "nothing",
    step: MarginStep = "day",
    bom: WithBom = False,
) -> CsvResponse:
    """The same report as a table."""
    async with services.pool.acquire() as connection:
        margins = await load_margins(connection, span, split, step, wanted)
    return csv_response("margin", CSV_HEADER, _one_page(margins.lines), bom=bom)


async def _one_page(lines: list[MarginLine]) -> AsyncIterator[Iterable[Cells]]:
    yield [csv_cells(line) for line in lines]
