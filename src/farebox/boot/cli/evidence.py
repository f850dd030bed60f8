"""`farebox evidence`: the metadata of an account as a file for authorities."""

import os
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from farebox.audit.record import COMMAND
from farebox.boot.cli.options import Data, Json, OfAccount, parse_when
from farebox.boot.cli.output import emit
from farebox.boot.cli.session import Session, run_command
from farebox.risk.evidence import Evidence, record_evidence, write_evidence

app = typer.Typer(rich_markup_mode=None)


@app.command()
def evidence(
    *,
    account: OfAccount,
    since: Annotated[str, typer.Option(metavar="WHEN", help="The first moment (UTC), such as 2027-01-31.")],
    until: Annotated[str, typer.Option(metavar="WHEN", help="The moment after the last.")],
    reason: Annotated[str, typer.Option(metavar="R", help="Whose request this answers; kept on the trail.")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="The zip file to write; it must not exist.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Write calls, refusals, addresses, ledger lines and payments of one account as a zip file; no content."""
    if not reason.strip():
        raise typer.BadParameter("say whose request this answers", param_hint="--reason")

    async def work(session: Session) -> Evidence:
        begin, end = parse_when(since, session.now), parse_when(until, session.now)
        # Others on this machine have no business with it.
        file = os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        try:
            with file:
                made = await write_evidence(session.connection, account, begin, end, file)
            await record_evidence(session.connection, session.ids, COMMAND, made, reason)
        except BaseException:
            output.unlink()
            raise
        return made

    made = run_command(data, work)
    told = {"file": str(output), "manifest_sha256": made.sha256, **msgspec.to_builtins(made.manifest)}
    rows = sum(part.rows for part in made.manifest.files.values())
    emit(told, json=json, text=f"{output}: {rows} rows, manifest {made.sha256}")
