"""Tables as CSV: streamed page by page, so that a long one needs no more memory than a page."""

from collections.abc import AsyncIterator, Iterable
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import StreamingResponse

from farebox.kit.csv_text import Cells, csv_text

__all__ = ["CSV_ANSWER", "Cells", "CsvResponse", "WithBom", "csv_response"]

WithBom = Annotated[
    bool, Query(description="Begin with a byte order mark, by which spreadsheet programs know the text as UTF-8.")
]
# For the description of an endpoint: what it answers with.
CSV_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "A table.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}

_BOM = "\ufeff"


class CsvResponse(StreamingResponse):
    """The answer's type, for FastAPI's description."""

    media_type = "text/csv"


def csv_response(name: str, header: Cells, pages: AsyncIterator[Iterable[Cells]], *, bom: bool) -> CsvResponse:
    """A file of this name; `pages` are taken one at a time, as the client reads."""
    return CsvResponse(
        _lines(header, pages, bom=bom),
        headers={"content-disposition": f'attachment; filename="{name}.csv"', "x-content-type-options": "nosniff"},
    )


async def _lines(header: Cells, pages: AsyncIterator[Iterable[Cells]], *, bom: bool) -> AsyncIterator[bytes]:
    yield ((_BOM if bom else "") + csv_text([header])).encode()
    async for page in pages:
        text = csv_text(page)
        if text:
            yield text.encode()
