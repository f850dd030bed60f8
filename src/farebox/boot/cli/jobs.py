"""`farebox jobs …`: receipts, as customers get them, for any account."""

from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.boot import job_store
from farebox.boot.cli.options import Data, Json, Limit, chosen
from farebox.boot.cli.output import emit, facts, table
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError

app = typer.Typer(rich_markup_mode=None)

_COLUMNS = ("id", "created_at", "status", "outcome", "model", "stream", "tokens", "charge", "balance_after")


@app.command("list")
def list_(
    *,
    account: Annotated[UUID | None, typer.Option(metavar="ID", help="Of one account only.")] = None,
    delivery_unknown: Annotated[
        bool,
        typer.Option("--delivery-unknown", help="Charged as a worker died, perhaps not delivered: to be adjusted."),
    ] = False,
    limit: Limit = 20,
    data: Data = None,
    json: Json = False,
) -> None:
    """The newest jobs, running ones included."""

    async def work(session: Session) -> list[dict[str, Any]]:
        now_ms = int(session.now.timestamp() * 1000)
        return await job_store.load_receipts(
            session.connection, account, limit, now_ms=now_ms, delivery_unknown=delivery_unknown
        )

    found = run_command(data, work)
    rows = [{**each, "tokens": (each["usage"] or {}).get("output_tokens")} for each in found]
    emit(found, json=json, text=table(rows, _COLUMNS))


@app.command()
def show(
    job_id: Annotated[UUID | None, typer.Argument(metavar="JOB")] = None,
    *,
    job: Annotated[UUID | None, typer.Option(metavar="JOB", help="Instead of the argument.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """One job's receipt, with every price line."""
    wanted = chosen(job_id, job, "a job")

    async def work(session: Session) -> dict[str, Any]:
        found = await job_store.load_receipt(session.connection, wanted)
        if found is None:
            raise CommandError(f"there is no job {wanted}")
        return found

    receipt = run_command(data, work)
    lines = [
        f"  {line['class']:<14} {line['quantity']:>10} x {line['unit_price']:<22} = {line['amount']}"
        for line in receipt["lines"]
    ]
    shown = {name: value for name, value in receipt.items() if name != "lines"}
    emit(receipt, json=json, text="\n".join([facts(shown), *lines]))
