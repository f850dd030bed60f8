"""/admin/accounts: find an account, see all of it, freeze it, limit it, give it credit."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter

from farebox.accounts import admin_store, search, service
from farebox.accounts.account import Account
from farebox.audit.record import record
from farebox.control.access import Staff, operator
from farebox.control.admin.accounts.detail import load_detail
from farebox.control.admin.accounts.schemas import (
    AccountLine,
    AccountView,
    Forgiven,
    Forgiveness,
    Grant,
    Granted,
    Reason,
    Wanted,
    account_line,
)
from farebox.control.admin.fresh import MayBeFresh, check_fresh_above
from farebox.control.limits import LimitsView, limits_from, limits_view
from farebox.control.page import Page, Paging, page_of
from farebox.control.repeat import Once
from farebox.control.services import Here, Services
from farebox.domain.errors import ActionRefused
from farebox.domain.money import format_amount, parse_amount
from farebox.ledger import balance
from farebox.outbox.freezing import tell_frozen, tell_unfrozen
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/accounts", tags=["Operator: accounts"])

Reader = Annotated[Staff, operator("accounts:read")]
Writer = Annotated[Staff, operator("accounts:write")]
FreshWriter = Annotated[Staff, operator("accounts:write", fresh=True)]


@router.get("")
async def find_accounts(_: Reader, services: Here, paging: Paging, wanted: Wanted) -> Page[AccountLine]:
    """The newest first."""
    async with services.pool.acquire() as connection:
        found = await search.find(connection, wanted, paging.after, paging.limit + 1)
    return page_of(found, paging, account_line, lambda account: account.id)


@router.get("/{account_id}")
async def show_account(account_id: UUID, _: Reader, services: Here) -> AccountView:
    """One account: money, statement, calls, keys, members, cases and what its traces tell."""
    async with services.pool.acquire() as connection:
        account = await _known(connection, account_id)
        return await load_detail(connection, account, services.policy, datetime.now(UTC))


@router.post("/{account_id}/freeze")
async def freeze(account_id: UUID, body: Reason, staff: FreshWriter, services: Here) -> AccountView:
    """No new job from its next call on; running ones end normally and the balance stays."""
    async with services.pool.acquire() as connection:
        async with connection.transaction():
            before = await _known(connection, account_id)
            await service.freeze(connection, account_id, body.reason)
            after = await _note_change(connection, services, staff, "account.freeze", before, body.reason)
            if before.status == "active":
                await tell_frozen(connection, services.ids, account_id)
        return await load_detail(connection, after, services.policy, datetime.now(UTC))


@router.post("/{account_id}/unfreeze")
async def unfreeze(account_id: UUID, body: Reason, staff: FreshWriter, services: Here) -> AccountView:
    """Let a frozen account call again."""
    async with services.pool.acquire() as connection:
        async with connection.transaction():
            before = await _known(connection, account_id)
            await service.unfreeze(connection, account_id, "")
            after = await _note_change(connection, services, staff, "account.unfreeze", before, body.reason)
            await tell_unfrozen(connection, services.ids, account_id)
        return await load_detail(connection, after, services.policy, datetime.now(UTC))


@router.put("/{account_id}/limits")
async def change_limits(account_id: UUID, body: LimitsView, staff: Writer, services: Here) -> LimitsView:
    """Replace what all keys of the account may use together; null is no limit."""
    async with services.pool.acquire() as connection, connection.transaction():
        before = await _known(connection, account_id)
        wanted = limits_from(body)
        changes = {name: getattr(wanted, name) for name in wanted.__struct_fields__}
        limits = await service.change_limits(connection, account_id, changes)
        await record(
            connection,
            services.ids,
            staff.actor,
            "account.limit",
            target=f"account:{account_id}",
            account_id=account_id,
            before=limits_view(before.limits).model_dump(),
            after=limits_view(limits).model_dump(),
        )
    return limits_view(limits)


@router.post("/{account_id}/grants", status_code=201)
async def grant(
    account_id: UUID,
    body: Grant,
    staff: Annotated[Staff, operator("money:write")],
    visitor: MayBeFresh,
    services: Here,
    once: Once,
) -> Granted:
    """Give credit without a payment; above the policy's amount a second factor is asked for."""
    if body.expires_at is not None and body.expires_at <= datetime.now(UTC):
        raise ActionRefused("bad_expiry", "Credit expires in the future.", status=422, field="expires_at")
    amount_nano = parse_amount(body.amount)
    check_fresh_above(services.policy.grant, amount_nano, staff, visitor)

    async def work(connection: Connection) -> Granted:
        account = await _known(connection, account_id)
        if account.status == "closed":
            raise ActionRefused("account_closed", "This account is closed: nobody could spend it.")
        posted = await services.ledger.credit(
            connection,
            account_id,
            amount_nano,
            body.kind,
            f"grant:{once.key or uuid4()}:{staff.owner_key}",
            reference=body.reason,
            expires_at=body.expires_at,
            operator=staff.owner_key,
        )
        await record(
            connection,
            services.ids,
            staff.actor,
            "account.grant",
            target=f"account:{account_id}",
            account_id=account_id,
            after={"txn_id": str(posted.txn_id), "amount": format_amount(amount_nano), "kind": body.kind},
            reason=body.reason,
        )
        return Granted(
            txn_id=posted.txn_id,
            amount=format_amount(posted.amount_nano),
            balance=format_amount(posted.balance_nano),
            repaid=format_amount(posted.repaid_nano),
        )

    return await once.run(staff.owner_key, work, Granted, status=201)


@router.post("/{account_id}/forgive", status_code=201)
async def forgive(
    account_id: UUID,
    body: Forgiveness,
    staff: Annotated[Staff, operator("money:write", fresh=True)],
    services: Here,
    once: Once,
) -> Forgiven:
    """Give up a debt or a part of it; the balance stays, and later credit repays what is left."""
    amount_nano = parse_amount(body.amount)

    async def work(connection: Connection) -> Forgiven:
        account = await _known(connection, account_id)
        if account.status == "closed":
            raise ActionRefused("account_closed", "This account is closed: nobody could spend it.")
        posted = await services.ledger.forgive(
            connection,
            account_id,
            amount_nano,
            f"forgive:{once.key or uuid4()}:{staff.owner_key}",
            reason=body.reason,
            operator=staff.owner_key,
        )
        funds = await balance.load_funds(connection, account_id)
        assert funds is not None
        await record(
            connection,
            services.ids,
            staff.actor,
            "account.forgive",
            target=f"account:{account_id}",
            account_id=account_id,
            before={"debt": format_amount(funds.owed_nano + amount_nano)},
            after={"debt": format_amount(funds.owed_nano), "txn_id": str(posted.txn_id)},
            reason=body.reason,
        )
        return Forgiven(txn_id=posted.txn_id, amount=format_amount(amount_nano), debt=format_amount(funds.owed_nano))

    return await once.run(staff.owner_key, work, Forgiven, status=201)


async def _known(connection: Connection, account_id: UUID) -> Account:
    account = await admin_store.load_account(connection, account_id)
    if account is None:
        raise ActionRefused("not_found", "There is no such account.", status=404)
    return account


async def _note_change(
    connection: Connection, services: Services, staff: Staff, action: str, before: Account, reason: str
) -> Account:
    after = await _known(connection, before.id)
    await record(
        connection,
        services.ids,
        staff.actor,
        action,
        target=f"account:{before.id}",
        account_id=before.id,
        before={"status": before.status},
        after={"status": after.status},
        reason=reason,
    )
    return after
