"""`farebox token …`: secrets of programs that act for the operator."""

from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.audit.record import COMMAND
from farebox.boot.cli.options import Data, Json, Limit, Reason, parse_id, parse_when, split_list
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.identity import admin_token, operators
from farebox.identity.admin_token_store import TokenLine

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("token_id", "name", "prefix", "scopes", "expires_at", "revoked_at")


@app.command()
def create(
    *,
    name: Annotated[str, typer.Option(metavar="N", help="Which program it is for.")],
    scopes: Annotated[str, typer.Option("--scopes", metavar="A,B", help="Such as money:read; * is all.")],
    expires: Annotated[
        str | None, typer.Option(metavar="WHEN", help="A date or a span such as 30d, within a year; else 90 days.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make a token; its secret is printed this once."""

    async def work(session: Session) -> dict[str, Any]:
        end = None if expires is None else parse_when(expires, session.now)
        async with session.connection.transaction():
            made = await admin_token.create(
                session.connection,
                session.ids,
                COMMAND,
                name=name,
                scopes=operators.check_scopes(split_list(scopes)),
                expires_at=end,
                now=session.now,
                made_by=None,
            )
        return {**describe(made.line), "token": made.secret}

    made = run_command(data, work)
    emit(made, json=json, text=facts(made))


@app.command("list")
def list_(*, limit: Limit = 100, data: Data = None, json: Json = False) -> None:
    """The newest tokens, those that are over too."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [describe(line) for line in await admin_token.list_tokens(session.connection, None, limit)]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def revoke(
    token_id: Annotated[UUID, typer.Argument(parser=parse_id, metavar="TOKEN_ID")],
    *,
    reason: Reason = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """End a token; doing it again changes nothing."""

    async def work(session: Session) -> dict[str, Any]:
        async with session.connection.transaction():
            return describe(await admin_token.revoke(session.connection, session.ids, COMMAND, token_id, reason=reason))

    done = run_command(data, work)
    emit(done, json=json, text=f"token {done['name']} is revoked")


def describe(line: TokenLine) -> dict[str, Any]:
    """A token as the command line shows it."""
    return {
        "token_id": str(line.id),
        "name": line.name,
        "prefix": line.prefix,
        "scopes": list(line.scopes),
        "created_at": utc(line.created_at),
        "expires_at": utc(line.expires_at),
        "revoked_at": utc(line.revoked_at),
    }
