"""/api/credits: what the account has, and the lots that it is made of."""

from datetime import UTC, datetime

from fastapi import APIRouter

from farebox.control.access import AnyMember
from farebox.control.credits.schemas import CreditsView, LotItem, credits_view, lot_item
from farebox.control.page import MOST_PER_PAGE, Page, Paging, page_of
from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.ledger import balance

router = APIRouter(prefix="/api/credits", tags=["Credits"])


@router.get("")
async def show_credits(member: AnyMember, services: Here) -> CreditsView:
    """Balance, holds, debt and the lots with credit left, as of one moment."""
    account_id, now = member.account_id, datetime.now(UTC)
    async with (
        services.pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        funds = await balance.load_funds(connection, account_id)
        lots = await balance.load_lots(connection, account_id, None, MOST_PER_PAGE, only_open=True)
    if funds is None:
        raise ActionRefused("not_found", "There is no such account.", status=404)
    items = [lot_item(lot, services.policy.refund, now) for lot in lots]
    return credits_view(funds, items, services.policy.unit)


@router.get("/lots")
async def list_lots(member: AnyMember, services: Here, paging: Paging, with_credit: bool = False) -> Page[LotItem]:
    """The newest lots first, spent ones included unless `with_credit`."""
    now = datetime.now(UTC)
    async with services.pool.acquire() as connection:
        lots = await balance.load_lots(
            connection, member.account_id, paging.after, paging.limit + 1, only_open=with_credit
        )
    return page_of(lots, paging, lambda lot: lot_item(lot, services.policy.refund, now), lambda lot: lot.id)
