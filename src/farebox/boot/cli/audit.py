"""`farebox audit …`: who changed what, and whether the trail is whole."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

import msgspec
import typer

from farebox.audit import chain, store
from farebox.audit.store import Filter, Line
from farebox.boot.audit_heads import AuditHeadFile
from farebox.boot.cli.options import Data, Json
from farebox.boot.cli.output import emit, note, table
from farebox.boot.cli.session import Session, run_command
from farebox.boot.data_dir import DataDir

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("at", "actor", "action", "target", "reason")


@app.command("list")
def list_(
    *,
    account: Annotated[UUID | None, typer.Option(help="Only what concerns this account.")] = None,
    action: Annotated[str | None, typer.Option(help="Only this action, such as account.freeze.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many lines at most.")] = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show the newest lines of the trail."""

    async def work(session: Session) -> list[Line]:
        return await store.page(session.connection, None, Filter(account_id=account, action=action), limit)

    lines = run_command(data, work)
    shown = [{"at": line.at, "actor": _actor(line), **_told(line)} for line in lines]
    emit([msgspec.to_builtins(line) for line in lines], json=json, text=table(shown, _COLUMNS))


@app.command()
def verify(*, data: Data = None, json: Json = False) -> None:
    """Check the chain over the trail against the published heads; exit status 1 when it is broken."""

    async def work(session: Session) -> list[str]:
        heads = AuditHeadFile(DataDir(session.config.data_dir).audit_heads)
        return await chain.verify(session.connection, await asyncio.to_thread(heads.read))

    problems = run_command(data, work)
    emit({"ok": not problems, "problems": problems}, json=json, text="\n".join(problems) or "the trail is whole")
    if problems:
        note(f"the audit trail has {len(problems)} problems")
        raise typer.Exit(1)


def _actor(line: Line) -> str:
    return " ".join(part for part in (line.actor_kind, line.actor_name or str(line.actor_id or "")) if part)


def _told(line: Line) -> dict[str, Any]:
    return {"action": line.action, "target": line.target, "reason": line.reason}
