"""`farebox group …`: customer groups, and what their accounts are charged of the price."""

import re
from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.accounts.grouping import assign_group
from farebox.audit.record import COMMAND, record
from farebox.boot.cli.options import Data, Json
from farebox.boot.cli.output import emit, facts, table
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.catalog import groups
from farebox.catalog.groups_store import GroupRow, load_groups
from farebox.domain.errors import InvalidAmount
from farebox.domain.money import format_percent, parse_percent

app = typer.Typer(rich_markup_mode=None)

Name = Annotated[str, typer.Argument(metavar="NAME")]
_NAME = re.compile(r"(?!none$)[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_MOST_PPM = 100_000_000


@app.command("set")
def set_(
    name: Name,
    *,
    price: Annotated[str, typer.Option(metavar="PERCENT", help="What is charged of the price: 80 is a fifth less.")],
    description: Annotated[str, typer.Option(metavar="TEXT", help="For colleagues: who is in it.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a group, or change what its accounts are charged from their next call on."""
    if not _NAME.fullmatch(name):
        raise typer.BadParameter("a group is named with small letters, digits and dashes, and not none")
    try:
        factor_ppm = parse_percent(price)
    except InvalidAmount as error:
        raise typer.BadParameter(str(error)) from None
    if factor_ppm > _MOST_PPM:
        raise typer.BadParameter("a group is charged 10000 per cent at most")

    async def work(session: Session) -> dict[str, Any]:
        told = {"price_percent": format_percent(factor_ppm)}
        async with on_trail(session, "group.set", f"group:{name}", after=told):
            _, after = await groups.set_group(session.connection, name, factor_ppm, description)
        return _describe(after)

    done = run_command(data, work)
    emit(done, json=json, text=facts(done))


@app.command("list")
def list_(*, data: Data = None, json: Json = False) -> None:
    """All groups, with how many accounts they have."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [{**_describe(row), "accounts": row.accounts} for row in await load_groups(session.connection)]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, ("group", "price_percent", "accounts", "description")))


@app.command()
def remove(name: Name, *, data: Data = None, json: Json = False) -> None:
    """Remove a group that no account belongs to."""

    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, "group.remove", f"group:{name}"):
            was = await groups.remove_group(session.connection, name)
        return {**_describe(was), "removed": True}

    done = run_command(data, work)
    emit(done, json=json, text=f"group {name} is removed")


@app.command()
def assign(
    account: Annotated[UUID, typer.Argument(metavar="ACCOUNT_ID")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="none: no group.")],
    *,
    data: Data = None,
    json: Json = False,
) -> None:
    """Put an account into a group; running jobs keep their prices."""
    group = None if name == "none" else name

    async def work(session: Session) -> dict[str, Any]:
        async with session.connection.transaction():
            if group is not None:
                await groups.require_group(session.connection, group)
            before = await assign_group(session.connection, account, group)
            await record(
                session.connection,
                session.ids,
                COMMAND,
                "account.group",
                target=f"account:{account}",
                account_id=account,
                before={"group": before},
                after={"group": group},
            )
        return {"account_id": str(account), "group": group}

    done = run_command(data, work)
    emit(done, json=json, text=facts(done))


def _describe(row: GroupRow) -> dict[str, Any]:
    return {"group": row.name, "price_percent": format_percent(row.factor_ppm), "description": row.description}
