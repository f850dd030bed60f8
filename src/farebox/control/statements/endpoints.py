"""/api/statements: the account's monthly statements."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from farebox.control.access import AnyMember, Member
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here, Services
from farebox.control.statements.answers import HTML_ANSWER, as_page, as_table
from farebox.control.statements.schemas import StatementItem, StatementView, statement_item, statement_view
from farebox.control.table_csv import CSV_ANSWER, CsvResponse, WithBom
from farebox.domain.errors import ActionRefused
from farebox.notices.languages import Language
from farebox.payments.statements import statement_store
from farebox.payments.statements.content import Statement

router = APIRouter(prefix="/api/statements", tags=["Statements"])


@router.get("")
async def list_statements(member: AnyMember, services: Here, paging: Paging) -> Page[StatementItem]:
    """The newest month first."""
    async with services.pool.acquire() as connection:
        found = await statement_store.page(connection, member.account_id, None, paging.after, paging.limit + 1)
    return page_of(found, paging, statement_item, lambda statement: statement.id)


# The longer paths first: an id takes whatever it is given.
@router.get("/{statement_id}.csv", response_class=CsvResponse, responses=CSV_ANSWER)
async def export_statement(statement_id: UUID, member: AnyMember, services: Here, bom: WithBom = False) -> CsvResponse:
    """One statement as a table."""
    return as_table(await _own(services, member, statement_id), bom=bom)


@router.get("/{statement_id}.html", response_class=HTMLResponse, responses=HTML_ANSWER)
async def print_statement(
    statement_id: UUID, member: AnyMember, services: Here, language: Language | None = None
) -> HTMLResponse:
    """One statement as a page to print, in the member's language or another."""
    return as_page(await _own(services, member, statement_id), language or member.language)


@router.get("/{statement_id}")
async def show_statement(statement_id: UUID, member: AnyMember, services: Here) -> StatementView:
    """One statement."""
    return statement_view(await _own(services, member, statement_id))


async def _own(services: Services, member: Member, statement_id: UUID) -> Statement:
    async with services.pool.acquire() as connection:
        statement = await statement_store.load(connection, statement_id)
    if statement is None or statement.account_id != member.account_id:
        raise ActionRefused("not_found", "There is no such statement.", status=404)
    return statement
