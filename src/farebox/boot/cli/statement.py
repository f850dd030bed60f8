"""`farebox statement …`: monthly statements as they were made. `farebox report statement` has the single entries."""

from datetime import date
from typing import Annotated, Any

import msgspec
import typer

from farebox.boot.cli.options import Data, IdArgument, Json, Limit, OfAnyAccount
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.payments.statements import statement_store
from farebox.payments.statements.content import Statement
from farebox.payments.statements.month import name_of

app = typer.Typer(rich_markup_mode=None)

_COLUMNS = ("number", "statement_id", "account_id", "month", "opening", "closing", "made_at")


@app.command("list")
def list_(
    *,
    account: OfAnyAccount = None,
    month: Annotated[str | None, typer.Option(metavar="YYYY-MM", help="Of one month only.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Statements, the newest number first."""
    wanted = None if month is None else _parse_month(month)

    async def work(session: Session) -> list[Statement]:
        return await statement_store.page(session.connection, account, wanted, None, limit)

    found = [_describe(statement) for statement in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def show(statement_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """One statement with everything that stands on it."""

    async def work(session: Session) -> Statement:
        found = await statement_store.load(session.connection, statement_id)
        if found is None:
            raise CommandError(f"there is no statement {statement_id}; `farebox statement list` shows those there are")
        return found

    statement = run_command(data, work)
    content: dict[str, Any] = msgspec.to_builtins(statement.content)
    emit({**_describe(statement), **content}, json=json, text=facts({**_describe(statement), **content}))


def _parse_month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise typer.BadParameter(f"{text[:40]!r} is not a month such as 2026-10") from None


def _describe(statement: Statement) -> dict[str, Any]:
    return {
        "number": statement.number,
        "statement_id": str(statement.id),
        "account_id": str(statement.account_id),
        "month": name_of(statement.month),
        "opening": statement.content.opening,
        "closing": statement.content.closing,
        "made_at": utc(statement.made_at),
    }
