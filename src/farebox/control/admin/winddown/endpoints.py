"""/admin/wind-down: the balances to repay when the service ends, and what has become of each."""

from collections.abc import AsyncIterator, Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from farebox.aftersale import winddown, winddown_store
from farebox.aftersale.winddown import WindDownState
from farebox.control.access import Staff, operator
from farebox.control.admin.winddown.schemas import (
    LOT_COLUMNS,
    ListedDetail,
    ListedView,
    Mark,
    Refreshed,
    listed_view,
    lot_cells,
    lot_view,
)
from farebox.control.desk import desk_of
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here, Services
from farebox.control.table_csv import CSV_ANSWER, Cells, CsvResponse, WithBom, csv_response
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/wind-down", tags=["Operator: wind-down"])
Reader = Annotated[Staff, operator("money:read")]
FreshWriter = Annotated[Staff, operator("money:write", fresh=True)]
_MOST_LOTS = 1000


@router.post("")
async def list_balances_to_repay(staff: FreshWriter, services: Here) -> Refreshed:
    """Put every account that has bought credit on the list; doing it again adds who is new."""
    async with services.pool.acquire() as connection:
        return Refreshed(added=await winddown.refresh(connection, desk_of(services), staff.actor))


@router.get("")
async def list_wind_down(
    _: Reader, services: Here, paging: Paging, state: WindDownState | None = None
) -> Page[ListedView]:
    """The list in the order of account ids."""
    async with services.pool.acquire() as connection:
        found = await winddown_store.page(connection, paging.after, state=state, limit=paging.limit + 1)
    return page_of(found, paging, listed_view, lambda listed: listed.account_id)


@router.get("/lots.csv", response_class=CsvResponse, responses=CSV_ANSWER)
async def export_lots(_: Reader, services: Here, bom: WithBom = False) -> CsvResponse:
    """Every lot to repay with its payment, as a table."""
    return csv_response("wind-down", LOT_COLUMNS, _cells(services), bom=bom)


@router.get("/{account_id}")
async def show_listed(account_id: UUID, _: Reader, services: Here) -> ListedDetail:
    """One account with the lots to repay."""
    async with services.pool.acquire() as connection:
        return await _detail(connection, account_id)


@router.post("/{account_id}/mark")
async def mark_listed(account_id: UUID, body: Mark, staff: FreshWriter, services: Here) -> ListedDetail:
    """Say what has become of an account; paid is only who has no bought credit left."""
    async with services.pool.acquire() as connection:
        await winddown.mark(connection, desk_of(services), account_id, staff.actor, state=body.state, words=body.note)
        return await _detail(connection, account_id)


async def _detail(connection: Connection, account_id: UUID) -> ListedDetail:
    listed = await winddown.show(connection, account_id)
    lots = await winddown_store.lots(connection, None, account_id=account_id, limit=_MOST_LOTS)
    return ListedDetail(**listed_view(listed).model_dump(), lots=[lot_view(lot) for lot in lots])


async def _cells(services: Services) -> AsyncIterator[Iterable[Cells]]:
    async for lots in winddown.every_lot(services.pool):
        yield [lot_cells(lot) for lot in lots]
