"""`farebox jobs …`: receipts, as customers get them, for any account, and giving back a charge."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from farebox.audit.record import COMMAND, record
from farebox.boot import receipts
from farebox.boot.cli.options import (
    Data,
    JobArgument,
    JobOption,
    Json,
    Limit,
    NeededReason,
    OfAnyAccount,
    OnceKey,
    chosen,
    positive_option,
)
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.config import Given, load_config
from farebox.boot.data_dir import DataDir
from farebox.domain.errors import CommandError
from farebox.domain.money import format_amount
from farebox.ledger import operator_jobs
from farebox.ledger.receipt_store import Doubt
from farebox.ledger.service import Ledger
from farebox.till.operations import Settle, Void
from farebox.till.spool import rejected_endings

app = typer.Typer(rich_markup_mode=None)

_REJECTED_COLUMNS = ("job_id", "account_id", "finished_at", "outcome", "model", "price")
_COLUMNS = ("id", "created_at", "status", "outcome", "model", "stream", "tokens", "charge", "balance_after")


@app.command("list")
def list_(
    *,
    account: OfAnyAccount = None,
    delivery_unknown: Annotated[
        bool,
        typer.Option("--delivery-unknown", help="Charged as a worker died, perhaps not delivered: to be adjusted."),
    ] = False,
    write_offs: Annotated[
        bool, typer.Option("--write-offs", help="Not charged in full: neither held nor left to spend.")
    ] = False,
    limit: Limit = 20,
    data: Data = None,
    json: Json = False,
) -> None:
    """The newest jobs, running ones included."""
    if delivery_unknown and write_offs:
        raise typer.BadParameter("list either --delivery-unknown or --write-offs")
    doubt: Doubt | None = "delivery_unknown" if delivery_unknown else "written_off" if write_offs else None

    async def work(session: Session) -> list[dict[str, Any]]:
        now_ms = int(session.now.timestamp() * 1000)
        return await receipts.load_receipts(session.connection, account, limit, now_ms=now_ms, doubt=doubt)

    found = run_command(data, work)
    rows = [{**each, "tokens": (each["usage"] or {}).get("output_tokens")} for each in found]
    emit(found, json=json, text=table(rows, (*_COLUMNS, "write_off") if write_offs else _COLUMNS))


@app.command()
def rejected(*, data: Data = None, json: Json = False) -> None:
    """Endings that the ledger would not take: kept in this data directory's spool, charged to nobody."""
    found = [_describe(ending) for ending in rejected_endings(DataDir(load_config(Given(data=data)).data_dir).spool)]
    emit(found, json=json, text=table(found, _REJECTED_COLUMNS))


@app.command()
def show(
    job_id: JobArgument = None,
    *,
    job: JobOption = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """One job's receipt, with every price line."""
    wanted = chosen(job_id, job, "a job")

    async def work(session: Session) -> dict[str, Any]:
        found = await receipts.load_receipt(session.connection, wanted)
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


@app.command()
def adjust(
    job_id: JobArgument = None,
    *,
    job: JobOption = None,
    amount: Annotated[int | None, positive_option("What is given back; else all of the charge.")] = None,
    reason: NeededReason,
    idempotency_key: OnceKey = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Give back a job's charge, or --amount of it."""
    wanted = chosen(job_id, job, "a job")

    async def work(session: Session) -> dict[str, Any]:
        found = await operator_jobs.load_one(session.connection, wanted)
        if found is None:
            raise CommandError(f"there is no ended job {wanted}")
        nano = found.charge_nano - found.adjusted_nano if amount is None else amount
        async with session.connection.transaction():
            posted = await Ledger(session.config.policy.unit, session.ids).adjust(
                session.connection,
                found.account_id,
                wanted,
                nano,
                f"adjust:{idempotency_key or session.ids.new()}",
                reason=reason,
                operator="cli",
            )
            if not posted.repeated:
                await record(
                    session.connection,
                    session.ids,
                    COMMAND,
                    "job.adjust",
                    target=f"job:{wanted}",
                    account_id=found.account_id,
                    after={"txn_id": str(posted.txn_id), "amount": format_amount(nano)},
                    reason=reason,
                )
        return {
            "job_id": str(wanted),
            "adjusted": format_amount(posted.amount_nano),
            "balance": format_amount(posted.balance_nano),
        }

    done = run_command(data, work)
    emit(done, json=json, text=f"gave back {done['adjusted']} of job {wanted}, balance {done['balance']}")


def _describe(ending: Settle | Void) -> dict[str, Any]:
    return {
        "job_id": str(ending.job_id),
        "account_id": str(ending.account_id),
        "finished_at": utc(datetime.fromtimestamp(ending.finished_us / 1_000_000, UTC)),
        "outcome": ending.outcome,
        "model": ending.model,
        "price": format_amount(ending.price_nano) if isinstance(ending, Settle) else "0",
    }
