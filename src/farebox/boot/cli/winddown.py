"""`farebox winddown …`: the balances to repay when the service ends."""

from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.aftersale import winddown as service
from farebox.aftersale import winddown_store
from farebox.aftersale.winddown import WindDownState
from farebox.aftersale.winddown_store import Listed
from farebox.audit.record import COMMAND
from farebox.boot.cli.after_sale import desk_of
from farebox.boot.cli.options import Data, IdArgument, Json, Limit, Note
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.domain.money import format_amount

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("account_id", "email", "state", "refundable", "balance", "note")


@app.command()
def refresh(*, data: Data = None, json: Json = False) -> None:
    """Put every account that has bought credit on the list."""

    async def work(session: Session) -> int:
        return await service.refresh(session.connection, desk_of(session), COMMAND)

    added = run_command(data, work)
    emit({"added": added}, json=json, text=f"{added} accounts added")


@app.command("list")
def list_(
    *,
    state: Annotated[WindDownState | None, typer.Option(help="Only those in this state, such as open.")] = None,
    after: Annotated[UUID | None, typer.Option(metavar="ID", help="Go on after this account.")] = None,
    limit: Limit = 1000,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show the list, in the order of account ids."""

    async def work(session: Session) -> list[Listed]:
        return await winddown_store.page(session.connection, after, state=state, limit=limit)

    found = [describe(listed) for listed in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def mark(
    account_id: IdArgument,
    state: Annotated[WindDownState, typer.Argument(help="What has become of it.")],
    *,
    note: Note = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Say what has become of an account; paid is only who has no bought credit left."""

    async def work(session: Session) -> Listed:
        return await service.mark(session.connection, desk_of(session), account_id, COMMAND, state=state, words=note)

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"account {account_id} is {found['state']}")


def describe(listed: Listed) -> dict[str, Any]:
    """An account of the list as the command line shows it."""
    return {
        "account_id": str(listed.account_id),
        "email": listed.email,
        "status": listed.status,
        "state": listed.state,
        "refundable": format_amount(listed.refundable_nano),
        "balance": format_amount(listed.balance_nano),
        "listed_refundable": format_amount(listed.listed_refundable_nano),
        "listed_at": utc(listed.listed_at),
        "note": listed.note,
    }
