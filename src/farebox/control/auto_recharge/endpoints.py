"""/api/auto-recharge: what members agree to about charging a kept card. A duty charges it when the balance runs low."""

from uuid import UUID

from fastapi import APIRouter

from farebox.control.access import AnyMember, Billing
from farebox.control.auto_recharge.schemas import Agreement, AutoRechargeView, auto_recharge_view, terms_from
from farebox.control.payments.books import TheBooks, TheProviders
from farebox.control.services import Here
from farebox.payments.auto_recharge import agreement
from farebox.payments.auto_recharge import auto_recharge_store as store
from farebox.payments.books import Books
from farebox.payments.events import Providers
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/auto-recharge", tags=["Recharges"])


@router.get("")
async def show(member: AnyMember, services: Here, books: TheBooks, providers: TheProviders) -> AutoRechargeView:
    """What has been agreed to, and which cards were kept."""
    async with services.pool.acquire() as connection:
        return await _view(connection, books, providers, member.account_id)


@router.put("")
async def agree(
    body: Agreement, member: Billing, services: Here, books: TheBooks, providers: TheProviders
) -> AutoRechargeView:
    """Agree to automatic recharges, in the place of what was agreed to before."""
    async with services.pool.acquire() as connection:
        await agreement.agree(
            connection, books, providers, member.account_id, terms_from(body), body.payment_id, member.actor
        )
        return await _view(connection, books, providers, member.account_id)


@router.delete("")
async def end(member: Billing, services: Here, books: TheBooks, providers: TheProviders) -> AutoRechargeView:
    """End automatic recharges; one that is under way comes to its end."""
    async with services.pool.acquire() as connection:
        await agreement.end(connection, books, member.account_id, member.actor)
        return await _view(connection, books, providers, member.account_id)


async def _view(connection: Connection, books: Books, providers: Providers, account_id: UUID) -> AutoRechargeView:
    return auto_recharge_view(
        await store.load(connection, account_id),
        await store.kept_methods(connection, account_id),
        await store.asked_this_month(connection, account_id),
        is_offered=agreement.is_offered(books, providers),
    )
