"""/admin/statements: monthly statements of all accounts, by number."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from farebox.control.access import Staff, operator
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here, Services
from farebox.control.statements.answers import HTML_ANSWER, as_page, as_table
from farebox.control.statements.schemas import StatementItem, StatementView, statement_item, statement_view
from farebox.control.table_csv import CSV_ANSWER, CsvResponse, WithBom
from farebox.domain.errors import ActionRefused
from farebox.notices.languages import DEFAULT, Language
from farebox.payments.statements import statement_store
from farebox.payments.statements.content import Statement

router = APIRouter(prefix="/admin/statements", tags=["Operator: statements"])

Reader = Annotated[Staff, operator("money:read")]


def _month(
    month: Annotated[str | None, Query(pattern=r"^2[01]\d\d-(0[1-9]|1[0-2])$", examples=["2026-10"])] = None,
) -> date | None:
    return None if month is None else date.fromisoformat(f"{month}-01")


@router.get("")
async def list_statements(
    _: Reader,
    services: Here,
    paging: Paging,
    month: Annotated[date | None, Depends(_month)],
    account_id: UUID | None = None,
) -> Page[StatementItem]:
    """The newest number first."""
    async with services.pool.acquire() as connection:
        found = await statement_store.page(connection, account_id, month, paging.after, paging.limit + 1)
    return page_of(found, paging, statement_item, lambda statement: statement.id)


# The longer paths first: an id takes whatever it is given.
@router.get("/{statement_id}.csv", response_class=CsvResponse, responses=CSV_ANSWER)
async def export_statement(statement_id: UUID, _: Reader, services: Here, bom: WithBom = False) -> CsvResponse:
    """One statement as a table."""
    return as_table(await _load(services, statement_id), bom=bom)


@router.get("/{statement_id}.html", response_class=HTMLResponse, responses=HTML_ANSWER)
async def print_statement(statement_id: UUID, _: Reader, services: Here, language: Language = DEFAULT) -> HTMLResponse:
    """One statement as a page to print."""
    return as_page(await _load(services, statement_id), language)


@router.get("/{statement_id}")
async def show_statement(statement_id: UUID, _: Reader, services: Here) -> StatementView:
    """One statement."""
    return statement_view(await _load(services, statement_id))


async def _load(services: Services, statement_id: UUID) -> Statement:
    async with services.pool.acquire() as connection:
        statement = await statement_store.load(connection, statement_id)
    if statement is None:
        raise ActionRefused("not_found", "There is no such statement.", status=404)
    return statement
