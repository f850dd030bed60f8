"""`farebox refund …`: refunds that customers ask for."""

from typing import Annotated, Any

import typer

from farebox.aftersale import refund_request as service
from farebox.aftersale.refund_request import RefundRequest, RefundState, RefundWish, Review, Where
from farebox.audit.record import COMMAND
from farebox.boot.cli.after_sale import desk_of, source_of, tell_providers
from farebox.boot.cli.options import (
    Data,
    IdArgument,
    Json,
    Limit,
    Note,
    OfAccount,
    OfAnyAccount,
    OfPayment,
    Reason,
    positive_option,
    words,
)
from farebox.boot.cli.output import emit, sections, table, utc
from farebox.boot.cli.refund_review import describe_review
from farebox.boot.cli.session import Session, run_command
from farebox.domain.money import format_amount

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("refund_request_id", "account_id", "payment_id", "kind", "amount", "state", "outcome", "due_at")


@app.command("list")
def list_(
    *,
    account: OfAnyAccount = None,
    state: Annotated[RefundState | None, typer.Option(help="Only those in this state, such as open.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show requests."""

    async def work(session: Session) -> list[RefundRequest]:
        return await service.list_requests(session.connection, None, limit=limit, account_id=account, state=state)

    found = [describe(request) for request in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def show(request_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """Show a request with what the reviewer goes by: payment, credit used, behaviour, provider cost, disputes, lots."""

    async def work(session: Session) -> tuple[RefundRequest, Review]:
        request = await service.show(session.connection, request_id)
        return request, await service.review(session.connection, source_of(session), request)

    request, review = run_command(data, work)
    found = {**describe(request), **describe_review(review)}
    emit(found, json=json, text=sections(found))


@app.command("file")
def file_(
    *,
    account: OfAccount,
    payment: OfPayment,
    amount: Annotated[int | None, positive_option("Of the unused credit; else all of it.")] = None,
    prefers: Annotated[
        Where, typer.Option(help="Of a payment made twice: back to its source, or as credit.")
    ] = "source",
    reason: Reason = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """File a request for a customer who wrote by mail, or at the operator's discretion."""

    async def work(session: Session) -> RefundRequest:
        wish = RefundWish(
            account_id=account, payment_id=payment, prefers=prefers, asked_nano=amount, reason=reason, is_filed=True
        )
        return await service.ask(session.connection, desk_of(session), source_of(session), wish, COMMAND)

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"refund request {found['refund_request_id']} is due {found['due_at']}")


@app.command()
def approve(
    request_id: IdArgument,
    *,
    amount: Annotated[int | None, positive_option("How much; else what was asked for, else all.")] = None,
    to: Annotated[Where | None, typer.Option(help="Of a payment made twice; else as the customer prefers.")] = None,
    note: Note = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Give back unused credit to where it came from, or a payment made twice."""

    async def work(session: Session) -> RefundRequest:
        approved = await service.approve(
            session.connection,
            desk_of(session),
            source_of(session),
            request_id,
            COMMAND,
            amount_nano=amount,
            to=to,
            words=note,
        )
        if approved.refund_id is not None:
            await tell_providers(session, [approved.refund_id])
        return approved

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"refund request {request_id} is {found['state']}, to {found['outcome']}")


@app.command()
def decline(
    request_id: IdArgument,
    *,
    note: Annotated[str, typer.Option(parser=words, metavar="N", help="Why not; the customer reads it.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Give nothing back and say why."""

    async def work(session: Session) -> RefundRequest:
        return await service.decline(
            session.connection, desk_of(session), source_of(session), request_id, COMMAND, words=note
        )

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"refund request {request_id} is {found['state']}")


def describe(request: RefundRequest) -> dict[str, Any]:
    """A request as the command line shows it."""
    return {
        "refund_request_id": str(request.id),
        "account_id": str(request.account_id),
        "payment_id": str(request.payment_id),
        "kind": request.kind,
        "prefers": request.prefers,
        "amount": None if request.asked_nano is None else format_amount(request.asked_nano),
        "reason": request.reason,
        "state": request.state,
        "outcome": request.outcome,
        "refund_id": None if request.refund_id is None else str(request.refund_id),
        "note": request.note,
        "created_at": utc(request.created_at),
        "due_at": utc(request.due_at),
    }
