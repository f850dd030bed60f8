"""`farebox mail …`: what waits in the outbox, what failed and why."""

from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.boot.cli.options import Data, Json, Limit
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.domain.errors import CommandError
from farebox.notices import mail_store
from farebox.notices.mail_store import MailLine

app = typer.Typer(rich_markup_mode=None)
_STATES = ("waiting", "sending", "sent", "failed", "dropped")
_COLUMNS = ("mail_id", "kind", "address", "state", "attempts", "created_at", "error")


@app.command("list")
def list_(
    *,
    state: Annotated[str | None, typer.Option(metavar="STATE", help="|".join(_STATES))] = None,
    limit: Limit = 100,
    data: Data = None,
    json: Json = False,
) -> None:
    """The newest messages."""
    if state is not None and state not in _STATES:
        raise typer.BadParameter(f"a state is one of {', '.join(_STATES)}")

    async def work(session: Session) -> list[dict[str, Any]]:
        lines = await mail_store.page(session.connection, None, state=state, kind=None, limit=limit)
        return [_describe(line) for line in lines]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command("send-again")
def send_again(
    mail_id: Annotated[UUID, typer.Argument(metavar="MAIL_ID")], *, data: Data = None, json: Json = False
) -> None:
    """Send a failed message once more; one that may have arrived may then arrive twice."""

    async def work(session: Session) -> dict[str, Any]:
        async with on_trail(session, "mail.send_again", f"mail:{mail_id}", after={"state": "waiting"}):
            if not await mail_store.send_again(session.connection, mail_id):
                raise CommandError("there is no such message that has failed and is still known")
        line = await mail_store.load(session.connection, mail_id)
        assert line is not None
        return _describe(line)

    again = run_command(data, work)
    emit(again, json=json, text=facts(again))


def _describe(line: MailLine) -> dict[str, Any]:
    return {
        "mail_id": str(line.id),
        "kind": line.kind,
        "address": line.address,
        "state": line.state,
        "attempts": line.attempts,
        "created_at": utc(line.created_at),
        "sent_at": utc(line.sent_at),
        "error": line.error,
    }
