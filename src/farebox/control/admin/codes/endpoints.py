"""/admin/codes: batches of redemption codes. What is made here is money: it asks for a second factor."""

from collections.abc import AsyncIterator, Iterable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from farebox.control.access import Staff, operator
from farebox.control.admin.codes.schemas import (
    CSV_HEADER,
    BatchBody,
    BatchView,
    CodeView,
    MadeBatch,
    Voiding,
    batch_of,
    batch_view,
    code_view,
    csv_rows,
    made_batch,
)
from farebox.control.codes.schemas import TypedCode
from farebox.control.page import Page, Paging, page_of
from farebox.control.payments.books import TheBooks
from farebox.control.services import Here, Services
from farebox.control.table_csv import CSV_ANSWER, Cells, CsvResponse, WithBom, csv_response
from farebox.payments.books import Books
from farebox.payments.codes import batch as batches
from farebox.payments.codes import code_store
from farebox.payments.codes.batch import MadeCode
from farebox.payments.codes.code import Batch, CodeState

router = APIRouter(prefix="/admin/codes", tags=["Operator: codes"])

Reader = Annotated[Staff, operator("money:read")]
FreshWriter = Annotated[Staff, operator("money:write", fresh=True)]
# Answers are not kept under it, for they hold codes: the same key again is refused, and makes no second batch.
_Key = Annotated[
    str | None,
    Header(min_length=1, max_length=255, description="The same key again is refused, and makes no second batch."),
]
_NOT_KEPT = {"cache-control": "no-store"}


@router.post("", status_code=201)
async def make_batch(
    body: BatchBody,
    staff: FreshWriter,
    services: Here,
    books: TheBooks,
    response: Response,
    idempotency_key: _Key = None,
) -> MadeBatch:
    """Make codes. They are in this answer and nowhere else."""
    response.headers.update(_NOT_KEPT)
    return made_batch(*await _make(services, books, staff, body, idempotency_key))


@router.post(".csv", response_class=CsvResponse, responses=CSV_ANSWER)
async def make_batch_as_table(
    body: BatchBody,
    staff: FreshWriter,
    services: Here,
    books: TheBooks,
    idempotency_key: _Key = None,
    bom: WithBom = False,
) -> CsvResponse:
    """Make codes, and answer with a table of them."""
    made, codes = await _make(services, books, staff, body, idempotency_key)

    async def pages() -> AsyncIterator[Iterable[Cells]]:
        yield csv_rows(made, codes, services.policy.unit)

    answer = csv_response(f"codes-{made.id}", CSV_HEADER, pages(), bom=bom)
    answer.headers.update(_NOT_KEPT)
    return answer


@router.get("")
async def list_batches(_: Reader, services: Here, paging: Paging) -> Page[BatchView]:
    """The newest batches first."""
    async with services.pool.acquire() as connection:
        found = await code_store.page_batches(connection, paging.after, paging.limit + 1)
    return page_of(found, paging, batch_view, lambda batch: batch.id)


@router.post("/find")
async def find_code(body: TypedCode, _: Reader, services: Here) -> CodeView:
    """What has become of a code that a customer asks about; in a body, so that no log of addresses holds it."""
    async with services.pool.acquire() as connection:
        return code_view(await batches.find_code(connection, body.code))


@router.get("/{batch_id}")
async def show_batch(batch_id: UUID, _: Reader, services: Here) -> BatchView:
    """One batch."""
    async with services.pool.acquire() as connection:
        return batch_view(await batches.load_batch(connection, batch_id))


@router.get("/{batch_id}/codes")
async def list_codes(
    batch_id: UUID, _: Reader, services: Here, paging: Paging, state: CodeState | None = None
) -> Page[CodeView]:
    """The codes of a batch by how they begin, with what has become of them."""
    async with services.pool.acquire() as connection:
        await batches.load_batch(connection, batch_id)
        found = await code_store.page_codes(connection, batch_id, state, paging.after, paging.limit + 1)
    return page_of(found, paging, code_view, lambda code: code.id)


@router.post("/{batch_id}/void")
async def void_batch(batch_id: UUID, body: Voiding, staff: FreshWriter, services: Here, books: TheBooks) -> BatchView:
    """None of its codes can be redeemed from now on; credit that they have brought stays."""
    async with services.pool.acquire() as connection:
        return batch_view(await batches.void_batch(connection, books, batch_id, staff.actor, body.reason))


@router.post("/{batch_id}/codes/{code_id}/void")
async def void_code(
    batch_id: UUID, code_id: UUID, body: Voiding, staff: FreshWriter, services: Here, books: TheBooks
) -> CodeView:
    """One code cannot be redeemed from now on."""
    async with services.pool.acquire() as connection:
        return code_view(await batches.void_code(connection, books, batch_id, code_id, staff.actor, body.reason))


async def _make(
    services: Services, books: Books, staff: Staff, body: BatchBody, key: str | None
) -> tuple[Batch, list[MadeCode]]:
    request_key = None if key is None else f"{staff.owner_key}:{key}"
    async with services.pool.acquire() as connection:
        return await batches.make_batch(connection, books, batch_of(body), staff.actor, staff.owner_key, request_key)
