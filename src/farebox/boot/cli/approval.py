"""`farebox approval …`: accounts that wait for a decision, at sign-up or over the region they say they are in."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
import typer

from farebox.accounts import bars, service
from farebox.audit.record import COMMAND, Actor
from farebox.boot.cli.options import Data, IdArgument, Json, Limit, NeededNote, Note
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.control.signup import opening
from farebox.control.signup.opening import Opener
from farebox.domain.policy import Policy
from farebox.kit.ids import IdSource
from farebox.ledger.service import Ledger
from farebox.storage.database import Connection

app = typer.Typer(rich_markup_mode=None)
_Decide = Callable[[Connection, Opener, UUID, Actor, str], Awaitable[None]]


class _Office(msgspec.Struct, frozen=True):
    policy: Policy
    ids: IdSource
    ledger: Ledger
    public_url: str


@app.command("list")
def list_(*, limit: Limit = 50, data: Data = None, json: Json = False) -> None:
    """Accounts that wait."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return await bars.list_waiting(session.connection, None, limit)

    found = [
        {**each, "account_id": str(each["account_id"]), "since": utc(each["since"])} for each in run_command(data, work)
    ]
    emit(found, json=json, text=table(found, ("account_id", "email", "code", "since")))


@app.command()
def approve(account_id: IdArgument, *, note: Note = "", data: Data = None, json: Json = False) -> None:
    """Let an account in that waits since its sign-up; it gets its mail, and its credit if there is any."""
    _carry_out(opening.approve, account_id, note, data, json=json)


@app.command()
def decline(account_id: IdArgument, *, note: NeededNote, data: Data = None, json: Json = False) -> None:
    """Close an account that waits since its sign-up."""
    _carry_out(opening.decline, account_id, note, data, json=json)


@app.command("allow-region")
def allow_region(account_id: IdArgument, *, note: NeededNote, data: Data = None, json: Json = False) -> None:
    """Let an account call again that said, or paid from, a country that is not served."""
    _carry_out(opening.allow_region, account_id, note, data, json=json)


def _carry_out(decide: _Decide, account_id: UUID, note: str, data: str | None, *, json: bool) -> None:
    async def work(session: Session) -> dict[str, Any]:
        policy = session.config.policy
        office = _Office(policy, session.ids, Ledger(policy.unit, session.ids), session.public_url)
        async with session.connection.transaction():
            await decide(session.connection, office, account_id, COMMAND, note)
            account = await service.show_account(session.connection, account_id)
            held_up = await bars.list_bars(session.connection, account_id)
        return {"account_id": str(account_id), "status": account.status, "bars": list(held_up)}

    done = run_command(data, work)
    bars_told = f", barred: {', '.join(done['bars'])}" if done["bars"] else ""
    emit(done, json=json, text=f"account {account_id} is {done['status']}{bars_told}")
