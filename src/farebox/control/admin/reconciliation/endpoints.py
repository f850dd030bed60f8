"""/admin/reconciliation: the daily comparisons of payments, wash book and ledger, and what they found."""

from typing import Annotated

from fastapi import APIRouter

from farebox.audit import store
from farebox.audit.store import Filter
from farebox.control.access import Staff, operator
from farebox.control.admin.reconciliation.schemas import ComparisonView, comparison_view
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here
from farebox.payments.reconcile import COMPARED

router = APIRouter(prefix="/admin/reconciliation", tags=["Operator: reconciliation"])


@router.get("")
async def list_comparisons(
    _: Annotated[Staff, operator("money:read")], services: Here, paging: Paging
) -> Page[ComparisonView]:
    """The newest first: payments against the providers' lists, the wash book against payments, the ledger in itself."""
    async with services.pool.acquire() as connection:
        found = await store.page(connection, paging.after, Filter(action=COMPARED), paging.limit + 1)
    return page_of(found, paging, comparison_view, lambda line: line.id)
