"""`farebox support …`: what customers ask, and the answers."""

from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.aftersale import account_store
from farebox.aftersale import support as service
from farebox.aftersale.support import Message, Question, SupportRequest, SupportState
from farebox.audit.record import COMMAND
from farebox.boot.cli.after_sale import desk_of
from farebox.boot.cli.options import Data, IdArgument, Json, Limit, OfAnyAccount, parse_id, words
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.support_template import app as template_app
from farebox.domain.errors import CommandError
from farebox.identity.person import Language

app = typer.Typer(rich_markup_mode=None)
app.add_typer(template_app, name="template")
_COLUMNS = ("support_id", "state", "due_at", "email", "subject")
_Text = Annotated[str, typer.Option("--message", parser=words, metavar="TEXT", help="Plain text.")]


@app.command("list")
def list_(
    *,
    account: OfAnyAccount = None,
    state: Annotated[SupportState | None, typer.Option(help="Only those in this state.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show requests."""

    async def work(session: Session) -> list[SupportRequest]:
        return await service.list_requests(session.connection, None, limit=limit, account_id=account, state=state)

    found = [describe(request) for request in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def show(request_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """Show a request with its messages."""

    async def work(session: Session) -> tuple[SupportRequest, list[Message]]:
        request = await service.show(session.connection, request_id)
        return request, await service.thread(session.connection, request_id)

    request, messages = run_command(data, work)
    said = [{"author": each.author, "at": utc(each.created_at), "message": each.words} for each in messages]
    lines = [f"\n{each['author']} {each['at']}\n{each['message']}" for each in said]
    emit({**describe(request), "messages": said}, json=json, text="\n".join([facts(describe(request)), *lines]))


@app.command("file")
def file_(
    *,
    email: Annotated[str, typer.Option(metavar="E", help="Who wrote; answers go there.")],
    subject: Annotated[str, typer.Option(parser=words, metavar="S", help="One line.")],
    message: _Text,
    language: Annotated[Language, typer.Option(help="Of the answers by mail.")] = "en",
    account: Annotated[
        UUID | None,
        typer.Option(parser=parse_id, metavar="ID", help="Whose question it is; else the account of that address."),
    ] = None,
    payment_method: Annotated[str, typer.Option(metavar="M", help="Such as bank transfer.")] = "",
    payment_reference: Annotated[str, typer.Option(metavar="REF", help="As the customer gives it.")] = "",
    job: Annotated[UUID | None, typer.Option(parser=parse_id, metavar="JOB", help="Which job it is about.")] = None,
    amount: Annotated[str, typer.Option(metavar="TEXT", help="In the customer's own words and currency.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """File a request for somebody who wrote by mail."""

    async def work(session: Session) -> SupportRequest:
        account_id: UUID | None = account or await account_store.find_by_email(session.connection, email)
        if account_id is not None and await account_store.load_standing(session.connection, account_id) is None:
            raise CommandError(f"there is no account {account_id}")
        question = Question(
            account_id=account_id,
            email=email,
            language=language,
            subject=subject,
            words=message,
            payment_method=payment_method,
            payment_reference=payment_reference,
            job_id=job,
            amount=amount,
        )
        return await service.ask(session.connection, desk_of(session), question, COMMAND)

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"support request {found['support_id']} is due {found['due_at']}")


@app.command()
def reply(
    request_id: IdArgument,
    *,
    message: _Text,
    close: Annotated[bool, typer.Option("--close", help="Close the request with this answer.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Answer in the thread and by mail."""

    async def work(session: Session) -> SupportRequest:
        base_url = session.config.public_url
        link = "" if base_url is None else f"{base_url}/dashboard/support/{request_id}"
        return await service.reply(
            session.connection, desk_of(session), request_id, COMMAND, message, link=link, closes=close
        )

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"support request {request_id} is {found['state']}")


@app.command("close")
def close_(request_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """Close a request without another answer."""

    async def work(session: Session) -> SupportRequest:
        return await service.close(session.connection, desk_of(session), request_id, None, COMMAND)

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"support request {request_id} is {found['state']}")


def describe(request: SupportRequest) -> dict[str, Any]:
    """A request as the command line shows it."""
    return {
        "support_id": str(request.id),
        "account_id": None if request.account_id is None else str(request.account_id),
        "email": request.email,
        "subject": request.subject,
        "payment_method": request.payment_method,
        "payment_reference": request.payment_reference,
        "job_id": None if request.job_id is None else str(request.job_id),
        "amount": request.amount,
        "state": request.state,
        "created_at": utc(request.created_at),
        "due_at": utc(request.due_at),
    }
