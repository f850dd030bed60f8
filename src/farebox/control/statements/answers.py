"""A statement as a file or a page: the same for customers and operators."""

import tomllib
from collections.abc import AsyncIterator, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from fastapi.responses import HTMLResponse

from farebox.control.statements.schemas import CSV_HEADER, csv_rows, statement_view
from farebox.control.table_csv import Cells, CsvResponse, csv_response
from farebox.domain.money import format_amount
from farebox.ledger.posting import Paid
from farebox.notices.languages import Language, language_of
from farebox.payments.statements.content import Statement

# For the description of an endpoint: what it answers with.
HTML_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "A page to print.", "content": {"text/html": {"schema": {"type": "string"}}}}
}
# Everything that moves or calls home stays out, whatever somebody has put into a name.
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
}
_PAGE = Path(__file__).parent / "page.html"
_WORDS = Path(__file__).parent / "words.toml"


def as_table(statement: Statement, *, bom: bool) -> CsvResponse:
    async def pages() -> AsyncIterator[Iterable[Cells]]:
        yield csv_rows(statement)

    return csv_response(f"statement-{statement.number}", CSV_HEADER, pages(), bom=bom)


def as_page(statement: Statement, wanted: str) -> HTMLResponse:
    """The page in the language that comes nearest to a BCP 47 tag."""
    return HTMLResponse(page_of(statement, language_of(wanted)), headers=_HEADERS)


def page_of(statement: Statement, language: Language) -> str:
    """The page to print: no scripts, and everything that anybody has chosen is escaped."""
    return _template().render(
        statement=statement_view(statement),
        language=language,
        say=words()[language],
        is_link=_is_link,
        paid=_paid,
    )


@cache
def words() -> dict[str, dict[str, Any]]:
    """The words of the page by language."""
    return tomllib.loads(_WORDS.read_text("utf-8"))


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string(_PAGE.read_text("utf-8"))


def _paid(minor: int, currency: str) -> str:
    return f"{format_amount(Paid('', minor, currency).nano)} {currency}"


def _is_link(url: str) -> bool:
    return url.startswith("https://")
