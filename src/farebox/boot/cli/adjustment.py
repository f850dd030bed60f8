"""`farebox adjustment …`: charges that customers call wrong."""

from typing import Annotated, Any

import typer

from farebox.aftersale import adjustment as service
from farebox.aftersale.adjustment import Adjustment, Complaint, RequestState
from farebox.audit.record import COMMAND
from farebox.boot.cli.after_sale import desk_of
from farebox.boot.cli.options import (
    Data,
    IdArgument,
    Json,
    Limit,
    Note,
    OfAccount,
    OfAnyAccount,
    OfJob,
    parse_when,
    positive_option,
)
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.domain.money import format_amount

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("adjustment_id", "account_id", "job_id", "amount", "state", "approved", "due_at")


@app.command("list")
def list_(
    *,
    account: OfAnyAccount = None,
    state: Annotated[RequestState | None, typer.Option(help="Only those in this state, such as open.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show requests."""

    async def work(session: Session) -> list[Adjustment]:
        return await service.list_requests(session.connection, None, limit=limit, account_id=account, state=state)

    found = [describe(request) for request in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command("file")
def file_(
    *,
    account: OfAccount,
    job: OfJob,
    description: Annotated[str, typer.Option(metavar="TEXT", help="What the customer wrote.")],
    amount: Annotated[int | None, positive_option("What the customer asks back.")] = None,
    asked_at: Annotated[str | None, typer.Option(metavar="WHEN", help="When the mail came; now if not given.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """File a request for a customer who wrote by mail."""

    async def work(session: Session) -> Adjustment:
        complaint = Complaint(
            account_id=account,
            job_id=job,
            asked_nano=amount,
            description=description,
            asked_at=None if asked_at is None else parse_when(asked_at, session.now),
        )
        return await service.ask(session.connection, desk_of(session), complaint, COMMAND)

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"adjustment request {found['adjustment_id']} is due {found['due_at']}")


@app.command()
def approve(
    request_id: IdArgument,
    *,
    amount: Annotated[int | None, positive_option("What is given back; else what was asked for.")] = None,
    note: Note = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Give back what is named, else what was asked for, else all of the charge."""

    async def work(session: Session) -> Adjustment:
        return await service.approve(
            session.connection, desk_of(session), request_id, COMMAND, amount_nano=amount, words=note
        )

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"{found['approved']} given back of job {found['job_id']}")


@app.command()
def decline(
    request_id: IdArgument,
    *,
    note: Annotated[str, typer.Option(metavar="N", help="Why not; the customer reads it.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Give nothing back and say why."""

    async def work(session: Session) -> Adjustment:
        return await service.decline(session.connection, desk_of(session), request_id, COMMAND, words=note)

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"adjustment request {request_id} is {found['state']}")


def describe(request: Adjustment) -> dict[str, Any]:
    """A request as the command line shows it."""
    return {
        "adjustment_id": str(request.id),
        "account_id": str(request.account_id),
        "job_id": str(request.job_id),
        "amount": None if request.asked_nano is None else format_amount(request.asked_nano),
        "description": request.description,
        "state": request.state,
        "approved": None if request.approved_nano is None else format_amount(request.approved_nano),
        "note": request.note,
        "created_at": utc(request.created_at),
        "due_at": utc(request.due_at),
    }
