"""`farebox key …`: the secrets that customers call with."""

from typing import Annotated, Any

import typer

from farebox.accounts import admin_store, keys
from farebox.accounts.account import ApiKey
from farebox.accounts.keys import KeyTerms
from farebox.boot.cli.account import describe_limits
from farebox.boot.cli.options import (
    AtOnce,
    Daily,
    Data,
    Json,
    KeyArgument,
    KeyOption,
    Limit,
    Monthly,
    OfAccount,
    OfAnyAccount,
    Rpm,
    Total,
    Tpm,
    chosen,
    parse_when,
    split_list,
)
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.catalog.admin import unknown_models
from farebox.domain.errors import CommandError
from farebox.domain.job import KeyKind
from farebox.domain.limits import Limits

app = typer.Typer(rich_markup_mode=None)


@app.command()
def create(
    *,
    account: OfAccount,
    kind: Annotated[KeyKind, typer.Option(help="A test key reaches the simulator only and costs nothing.")] = "live",
    name: Annotated[str, typer.Option(metavar="N", help="What it is called.")] = "",
    rpm: Rpm = None,
    tpm: Tpm = None,
    concurrency: AtOnce = None,
    daily: Daily = None,
    monthly: Monthly = None,
    total: Total = None,
    models: Annotated[str | None, typer.Option(metavar="A,B", help="The only models it may call.")] = None,
    cidr: Annotated[str | None, typer.Option(metavar="C,…", help="The only networks it may call from.")] = None,
    expires: Annotated[str | None, typer.Option(metavar="WHEN", help="A date, or a span such as 30d or 12h.")] = None,
    cors_origin: Annotated[
        str | None, typer.Option(metavar="O,…", help="Pages that may use it in a browser; closed unless given.")
    ] = None,
    hide_balance: Annotated[bool, typer.Option("--hide-balance", help="The key may not see balances.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a key; its secret is shown once."""

    async def work(session: Session) -> dict[str, Any]:
        terms = KeyTerms(
            kind=kind,
            name=name,
            expires_at=None if expires is None else parse_when(expires, session.now),
            models=split_list(models),
            cidrs=split_list(cidr),
            sees_balance=not hide_balance,
            cors_origins=split_list(cors_origin),
            limits=Limits(
                requests_per_minute=rpm,
                tokens_per_minute=tpm,
                concurrency=concurrency,
                daily_nano=daily,
                monthly_nano=monthly,
                total_nano=total,
            ),
        )
        unknown = await unknown_models(session.connection, terms.models)
        if unknown:
            raise CommandError(f"there is no model {unknown[0][:80]}: see `farebox model list`")
        made = await keys.create_key(
            session.connection,
            session.ids,
            account,
            terms,
            prefix=session.config.policy.key_prefix,
            now=session.now,
        )
        return {"key_id": str(made.key.id), "api_key": made.secret}

    made = run_command(data, work)
    emit(made, json=json, text=f"key {made['key_id']}\n{made['api_key']}   (shown once)")


@app.command("list")
def list_(
    *,
    account: OfAnyAccount = None,
    limit: Limit = 100,
    data: Data = None,
    json: Json = False,
) -> None:
    """The newest keys, of one account or of all."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [describe(key) for key in await admin_store.load_keys(session.connection, account, limit)]

    found = run_command(data, work)
    emit(
        found, json=json, text=table(found, ("key_id", "account_id", "kind", "prefix", "name", "status", "expires_at"))
    )


@app.command()
def revoke(
    key_id: KeyArgument = None,
    *,
    key: KeyOption = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Refuse a key from its next call on."""

    async def work(session: Session) -> dict[str, Any]:
        return describe(await keys.revoke_key(session.connection, wanted))

    wanted = chosen(key_id, key, "a key")
    found = run_command(data, work)
    emit(found, json=json, text=f"key {wanted} ({found['prefix']}…) is revoked")


def describe(key: ApiKey) -> dict[str, Any]:
    """A key as the command line shows it: never more of the secret than its prefix."""
    return {
        "key_id": str(key.id),
        "account_id": str(key.account_id),
        "kind": key.kind,
        "name": key.name,
        "prefix": key.prefix,
        "status": key.status,
        "expires_at": utc(key.expires_at),
        "models": list(key.models),
        "cidrs": list(key.cidrs),
        "sees_balance": key.sees_balance,
        "cors_origins": list(key.cors_origins),
        "limits": describe_limits(key.limits),
        "created_at": utc(key.created_at),
    }
