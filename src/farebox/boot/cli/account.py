"""`farebox account …`: who has credit here."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from uuid import UUID

import typer

from farebox.accounts import admin_store, search, service
from farebox.accounts.account import Account
from farebox.accounts.search import AccountFilter, FoundAccount
from farebox.audit.record import COMMAND, record
from farebox.boot.cli.options import (
    AccountArgument,
    AccountOption,
    AmountArgument,
    AtOnceSetting,
    DailySetting,
    Data,
    Email,
    Json,
    Limit,
    MonthlySetting,
    NeededReason,
    OfAccount,
    OnceKey,
    RpmSetting,
    TotalSetting,
    TpmSetting,
    changes,
    chosen,
    parse_when,
    positive_option,
)
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.grants import grant as give_credit
from farebox.domain.errors import CommandError
from farebox.domain.money import format_amount
from farebox.outbox.freezing import tell_frozen, tell_unfrozen
from farebox.storage.database import Connection

app = typer.Typer(rich_markup_mode=None)


@app.command()
def create(
    *,
    email: Email,
    name: Annotated[str, typer.Option(metavar="N", help="What it is called.")] = "",
    grant: Annotated[int | None, positive_option("Credit to begin with.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make an account, with credit if --grant says so."""

    async def work(session: Session) -> dict[str, Any]:
        async with session.connection.transaction():
            account_id = await service.create_account(session.connection, session.ids, email=email, name=name)
            if grant is not None:
                await give_credit(
                    session.connection, session.ids, session.config, account_id, grant, reason="granted at creation"
                )
            account = await service.show_account(session.connection, account_id)
        return {"account_id": str(account_id), "balance": format_amount(account.balance_nano)}

    made = run_command(data, work)
    emit(made, json=json, text=f"account {made['account_id']} made, balance {made['balance']}")


@app.command("list")
def list_(*, limit: Limit = 100, data: Data = None, json: Json = False) -> None:
    """The newest accounts."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [describe(account) for account in await admin_store.load_accounts(session.connection, limit)]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("account_id", "email", "status", "balance", "held", "created_at")))


@app.command()
def find(
    words: Annotated[str, typer.Argument(metavar="WORDS", help="An id, or how an address, a name or a key begins.")],
    *,
    limit: Limit = 20,
    data: Data = None,
    json: Json = False,
) -> None:
    """Accounts by what somebody tells of them."""

    async def work(session: Session) -> list[dict[str, Any]]:
        found = await search.find(session.connection, AccountFilter(words=words), None, limit)
        return [_found(account) for account in found]

    rows = run_command(data, work)
    emit(rows, json=json, text=table(rows, ("account_id", "email", "status", "balance", "held", "created_at")))


@app.command()
def show(
    account_id: AccountArgument = None,
    *,
    account: AccountOption = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """One account: status, balance, what open jobs hold."""

    async def work(session: Session) -> dict[str, Any]:
        return describe(await service.show_account(session.connection, wanted))

    wanted = chosen(account_id, account, "an account")
    found = run_command(data, work)
    emit(found, json=json, text=facts(found))


@app.command()
def grant(
    amount: AmountArgument,
    *,
    account: OfAccount,
    reason: NeededReason,
    kind: Annotated[Literal["grant", "promo"], typer.Option(help="promo is spent before all else.")] = "grant",
    expires: Annotated[
        str | None, typer.Option(metavar="WHEN", help="A date, or a span such as 90d; it stays unless given.")
    ] = None,
    idempotency_key: OnceKey = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Give credit without a payment."""

    async def work(session: Session) -> dict[str, Any]:
        expires_at = None if expires is None else parse_when(expires, session.now)
        if expires_at is not None and expires_at <= session.now:
            raise typer.BadParameter("credit expires in the future", param_hint="--expires")
        async with session.connection.transaction():
            if (await service.show_account(session.connection, account)).status == "closed":
                raise CommandError(f"account {account} is closed: nobody could spend it")
            posted = await give_credit(
                session.connection,
                session.ids,
                session.config,
                account,
                amount,
                reason=reason,
                kind=kind,
                expires_at=expires_at,
                idempotency_key=idempotency_key,
            )
            found = await service.show_account(session.connection, account)
            if not posted.repeated:
                told = {"txn_id": str(posted.txn_id), "amount": format_amount(amount), "kind": kind}
                await _note(session, "account.grant", account, after=told, reason=reason)
        return {"account_id": str(account), "granted": format_amount(amount), "balance": describe(found)["balance"]}

    done = run_command(data, work)
    emit(done, json=json, text=f"granted {done['granted']} to account {account}, balance {done['balance']}")


@app.command()
def limit(
    account_id: AccountArgument = None,
    *,
    account: AccountOption = None,
    rpm: RpmSetting = None,
    tpm: TpmSetting = None,
    concurrency: AtOnceSetting = None,
    daily: DailySetting = None,
    monthly: MonthlySetting = None,
    total: TotalSetting = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Limit what all keys of an account may use together; none lifts a limit, what is not named stays."""
    wanted = chosen(account_id, account, "an account")
    asked = changes(
        requests_per_minute=rpm,
        tokens_per_minute=tpm,
        concurrency=concurrency,
        daily_nano=daily,
        monthly_nano=monthly,
        total_nano=total,
    )

    async def work(session: Session) -> dict[str, Any]:
        async with session.connection.transaction():
            before = await service.show_account(session.connection, wanted)
            limits = await service.change_limits(session.connection, wanted, asked)
            told = describe_limits(before.limits), describe_limits(limits)
            await _note(session, "account.limit", wanted, before=told[0], after=told[1])
        return {"account_id": str(wanted), "limits": describe_limits(limits)}

    found = run_command(data, work)
    emit(found, json=json, text=facts(found))


def _status_command(action: str, change: Callable[[Connection, UUID, str], Awaitable[None]]) -> Callable[..., None]:
    def command(
        account_id: AccountArgument = None,
        *,
        account: AccountOption = None,
        reason: NeededReason,
        data: Data = None,
        json: Json = False,
    ) -> None:
        async def work(session: Session) -> dict[str, Any]:
            async with session.connection.transaction():
                before = await service.show_account(session.connection, wanted)
                await change(session.connection, wanted, reason)
                after = await service.show_account(session.connection, wanted)
                await _tell(session, before, after)
                told = {"status": before.status}, {"status": after.status}
                await _note(session, action, wanted, before=told[0], after=told[1], reason=reason)
            return describe(after)

        wanted = chosen(account_id, account, "an account")
        found = run_command(data, work)
        emit(found, json=json, text=f"account {wanted} is {found['status']}")

    return command


app.command("freeze", help="No new jobs from now on; the balance stays.")(
    _status_command("account.freeze", service.freeze)
)
app.command("unfreeze", help="Let a frozen account call again.")(_status_command("account.unfreeze", service.unfreeze))
app.command("close", help="End an account for good: its keys are revoked, what is left of its balance stays.")(
    _status_command("account.close", service.close)
)


async def _tell(session: Session, before: Account, after: Account) -> None:
    """The customer, as when the console does it."""
    if (before.status, after.status) == ("active", "frozen"):
        await tell_frozen(session.connection, session.ids, after.id)
    elif (before.status, after.status) == ("frozen", "active"):
        await tell_unfrozen(session.connection, session.ids, after.id)


async def _note(
    session: Session,
    action: str,
    account_id: UUID,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any],
    reason: str = "",
) -> None:
    await record(
        session.connection,
        session.ids,
        COMMAND,
        action,
        target=f"account:{account_id}",
        account_id=account_id,
        before=before,
        after=after,
        reason=reason,
    )


def _found(account: FoundAccount) -> dict[str, Any]:
    return {
        "account_id": str(account.id),
        "email": account.email,
        "name": account.name,
        "status": account.status,
        "balance": format_amount(account.balance_nano),
        "held": format_amount(account.held_nano),
        "debt": format_amount(account.owed_nano),
        "created_at": utc(account.created_at),
    }


def describe(account: Account) -> dict[str, Any]:
    """An account as the command line shows it."""
    limits = account.limits
    return {
        "account_id": str(account.id),
        "email": account.email,
        "name": account.name,
        "status": account.status,
        "status_reason": account.status_reason,
        "balance": format_amount(account.balance_nano),
        "held": format_amount(account.held_nano),
        "spendable": format_amount(account.balance_nano - account.held_nano),
        "open_jobs": account.open_jobs,
        "created_at": utc(account.created_at),
        "limits": describe_limits(limits),
    }


def describe_limits(limits: Any) -> dict[str, Any]:
    """The limits that are set, amounts as decimal strings."""
    found = {
        "requests_per_minute": limits.requests_per_minute,
        "tokens_per_minute": limits.tokens_per_minute,
        "concurrency": limits.concurrency,
        "daily": _amount(limits.daily_nano),
        "monthly": _amount(limits.monthly_nano),
        "total": _amount(limits.total_nano),
    }
    return {name: value for name, value in found.items() if value is not None}


def _amount(nano: int | None) -> str | None:
    return None if nano is None else format_amount(nano)
