"""`farebox ledger …`: is it right, and all of it for spreadsheets and plain-text accounting."""

import sys
from typing import Annotated, Any

import typer

from farebox.boot.cli.options import Data, Json
from farebox.boot.cli.output import emit, note
from farebox.boot.cli.session import Session, run_command
from farebox.boot.data_dir import DataDir
from farebox.boot.ledger_heads import LedgerHeads
from farebox.ledger import export as ledger_export
from farebox.ledger import verify as ledger_verify

app = typer.Typer(rich_markup_mode=None)


@app.command()
def verify(*, data: Data = None, json: Json = False) -> None:
    """Check every invariant, and the chain of sealed blocks against its published heads; exit status 1 when wrong."""

    async def work(session: Session) -> ledger_verify.Report:
        published = LedgerHeads(DataDir(session.config.data_dir).ledger_heads).read()
        return await ledger_verify.verify(session.connection, published)

    report = run_command(data, work)
    found: dict[str, Any] = {"ok": report.ok, "entries": report.entries, "problems": report.problems}
    text = [f"{report.entries} entries, {'all right' if report.ok else f'{len(report.problems)} problems:'}"]
    emit(found, json=json, text="\n".join([*text, *report.problems]))
    if not report.ok:
        note(f"the ledger has {len(report.problems)} problems")
        raise typer.Exit(1)


@app.command()
def export(
    *,
    format_: Annotated[ledger_export.Format, typer.Option("--format", help="How the entries are written.")] = "csv",
    data: Data = None,
    json: Json = False,
) -> None:
    """Write all entries to standard output, as of one moment."""

    async def work(session: Session) -> list[str]:
        kept: list[str] = []
        async for piece in ledger_export.export(session.connection, format_):
            if json:
                kept.append(piece)
            else:
                sys.stdout.write(piece)
        return kept

    pieces = run_command(data, work)
    if json:
        emit({"format": format_, "content": "".join(pieces)}, json=True, text="")
