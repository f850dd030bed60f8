"""Tables as CSV: streamed page by page, so that a long one needs no more memory than a page, and safe to open.

A spreadsheet takes a cell that begins with = + - @ for a formula, and names of keys and models are chosen by others: to
such a text an apostrophe is put in front. Numbers stay numbers.
"""

import csv
import io
import re
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import StreamingResponse

Cells = Sequence[Any]
WithBom = Annotated[
    bool, Query(description="Begin with a byte order mark, by which spreadsheet programs know the text as UTF-8.")
]
# For the description of an endpoint: what it answers with.
CSV_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {"description": "A table.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}

_BOM = "\ufeff"
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


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


def csv_text(rows: Iterable[Cells]) -> str:
    """Lines of RFC 4180; None is an empty cell, times are RFC 3339 in UTC."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
