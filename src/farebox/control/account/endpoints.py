"""/api/account: the account that a member looks at, its billing details, and the terms it has accepted."""

from fastapi import APIRouter

from farebox.accounts import bars
from farebox.accounts.details import change_details, show_details
from farebox.accounts.service import show_account
from farebox.audit.record import record
from farebox.cases.case import open_case
from farebox.control.access import AnyMember, Billing, Member
from farebox.control.account.schemas import AcceptedTerms, AccountSettings, AccountView, account_view, billing_of
from farebox.control.services import Here, Services
from farebox.control.signup.opening import REVIEW, accept_terms, subject_of
from farebox.identity.consent import has_accepted_in_force
from farebox.storage.database import Connection

router = APIRouter(prefix="/api/account", tags=["Account"])


@router.get("")
async def show(me: AnyMember, services: Here) -> AccountView:
    """Name, status and billing details, and whether the terms in force are accepted."""
    async with services.pool.acquire() as connection:
        return await _view(connection, me)


@router.put("")
async def change(body: AccountSettings, me: Billing, services: Here) -> AccountView:
    """Replace name and billing details. A country that is not served bars the account until the operator has looked."""
    async with services.pool.acquire() as connection, connection.transaction():
        before = await show_details(connection, me.account_id)
        billing = billing_of(body)
        await change_details(connection, me.account_id, body.name, billing)
        if billing.country in services.policy.region.refused_countries:
            await _leave_region(connection, services, me, billing.country)
        await record(
            connection,
            services.ids,
            me.actor,
            "account.change_details",
            target=subject_of(me.account_id),
            account_id=me.account_id,
            # Names, addresses and tax numbers are a person's own: which were changed is enough for the trail.
            before={"country": before.billing.country},
            after={"country": billing.country, "name_changed": before.name != body.name},
        )
        return await _view(connection, me)


@router.post("/terms")
async def accept(body: AcceptedTerms, me: AnyMember, services: Here) -> AccountView:
    """Accept the terms in force for the account."""
    async with services.pool.acquire() as connection, connection.transaction():
        if await accept_terms(connection, services, me.person_id, me.account_id, body.terms_version):
            await record(
                connection,
                services.ids,
                me.actor,
                "terms.accept",
                target=subject_of(me.account_id),
                account_id=me.account_id,
                after={"version": body.terms_version, "how": "click"},
            )
        return await _view(connection, me)


async def _leave_region(connection: Connection, services: Services, me: Member, country: str) -> None:
    if services.policy.region.payment_or_statement == "suspend":
        await bars.bar(connection, me.account_id, "region_not_served")
    await open_case(
        connection,
        services.ids,
        REVIEW,
        subject_of(me.account_id),
        account_id=me.account_id,
        facts={"reason": "region", "stated_country": country},
    )


async def _view(connection: Connection, me: Member) -> AccountView:
    return account_view(
        await show_account(connection, me.account_id),
        await show_details(connection, me.account_id),
        await bars.list_bars(connection, me.account_id),
        terms_accepted=await has_accepted_in_force(connection, me.account_id),
    )
