"""/api/usage: what the account used, by day or hour."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from uuid import UUID

from fastapi import APIRouter

from farebox.control.access import AnyMember
from farebox.control.moment import Moment
from farebox.control.services import Here, Services
from farebox.control.table_csv import CSV_ANSWER, Cells, CsvResponse, WithBom, csv_response
from farebox.control.usage.schemas import CSV_HEADER, SeriesView, csv_cells, series_view
from farebox.ledger import usage
from farebox.ledger.usage import Span, Split, Step, UsagePoint

router = APIRouter(prefix="/api/usage", tags=["Usage"])


@router.get("")
async def show_usage(
    member: AnyMember,
    services: Here,
    step: Step = "day",
    split: Split = "nothing",
    since: Moment | None = None,
    until: Moment | None = None,
) -> SeriesView:
    """A series for charts: whole hours or days (UTC) that hold the span asked for, with its totals."""
    span = usage.span_of(step, since, until, datetime.now(UTC))
    points = await _load(services, member.account_id, step, split, span)
    return series_view(points, span, step, split)


@router.get(".csv", response_class=CsvResponse, responses=CSV_ANSWER)
async def export_usage(
    member: AnyMember,
    services: Here,
    step: Step = "day",
    split: Split = "nothing",
    since: Moment | None = None,
    until: Moment | None = None,
    bom: WithBom = False,
) -> CsvResponse:
    """The same series as a table."""
    span = usage.span_of(step, since, until, datetime.now(UTC))
    points = await _load(services, member.account_id, step, split, span)
    return csv_response("usage", CSV_HEADER, _one_page(points), bom=bom)


async def _load(services: Services, account_id: UUID, step: Step, split: Split, span: Span) -> list[UsagePoint]:
    async with services.pool.acquire() as connection:
        return await usage.load_series(connection, account_id, step, split, span)


async def _one_page(points: list[UsagePoint]) -> AsyncIterator[Iterable[Cells]]:
    yield [csv_cells(point) for point in points]
