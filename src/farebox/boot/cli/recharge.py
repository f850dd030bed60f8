"""`farebox recharge …`: what customers ask for, and decisions on what waits for review."""

from typing import Annotated, Any

import typer

from farebox.accounts.service import show_account
from farebox.audit.record import COMMAND
from farebox.boot.cli.account import describe as describe_account
from farebox.boot.cli.options import Data, IdArgument, Json, Limit, Note, OfAnyAccount, positive_option, words
from farebox.boot.cli.output import emit, sections, table, utc
from farebox.boot.cli.payment import describe as describe_payment
from farebox.boot.cli.payment_books import books_of, open_providers
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.domain.money import format_amount
from farebox.payments import payment_store, recharge_store
from farebox.payments.recharge import Recharge, RechargeState
from farebox.payments.refunds import carry_out
from farebox.payments.review import Findings
from farebox.payments.review import approve as approve_recharge
from farebox.payments.review import decline as decline_recharge

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("recharge_id", "account_id", "method", "state", "credit", "price_minor", "currency", "evidence")


@app.command("list")
def list_(
    *,
    account: OfAnyAccount = None,
    state: Annotated[RechargeState | None, typer.Option(help="Only those in this state, such as review.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show recharges."""

    async def work(session: Session) -> list[Recharge]:
        return await recharge_store.page(session.connection, account, state, None, limit)

    found = [describe(recharge) for recharge in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def show(recharge_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """Show a recharge with what a reviewer goes by: its payments, and the account."""

    async def work(session: Session) -> dict[str, Any]:
        connection = session.connection
        recharge = await recharge_store.load(connection, recharge_id)
        if recharge is None:
            raise CommandError(f"there is no recharge {recharge_id}: see `farebox recharge list`")
        account = describe_account(await show_account(connection, recharge.account_id))
        payments = await payment_store.of_recharge(connection, recharge_id)
        return {**describe(recharge), "account": account, "payments": [describe_payment(each) for each in payments]}

    found = run_command(data, work)
    emit(found, json=json, text=sections(found))


@app.command()
def approve(
    recharge_id: IdArgument,
    *,
    credit: Annotated[int | None, positive_option("What is credited; else what was asked for.")] = None,
    price_minor: Annotated[int | None, typer.Option(min=1, metavar="CENTS", help="What has arrived.")] = None,
    evidence: Annotated[str, typer.Option(metavar="REF", help="The reference of the transfer.")] = "",
    note: Note = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Credit a recharge that waits for review."""
    findings = Findings(credit_nano=credit, price_minor=price_minor, evidence=evidence, note=note)

    async def work(session: Session) -> Recharge:
        return await approve_recharge(session.connection, books_of(session), recharge_id, COMMAND, None, findings)

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"recharge {recharge_id} is {found['state']}")


@app.command()
def decline(
    recharge_id: IdArgument,
    *,
    reason: Annotated[str, typer.Option(parser=words, metavar="R", help="Why; the customer reads it.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Credit nothing; what has been paid goes back to its source."""

    async def work(session: Session) -> Recharge:
        books = books_of(session)
        declined, refunds = await decline_recharge(session.connection, books, recharge_id, COMMAND, None, reason)
        async with open_providers(session) as providers:
            for refund_id in refunds:
                await carry_out(session.connection, books, providers, refund_id)
        return declined

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"recharge {recharge_id} is {found['state']}")


def describe(recharge: Recharge) -> dict[str, Any]:
    """A recharge as the command line shows it."""
    return {
        "recharge_id": str(recharge.id),
        "account_id": str(recharge.account_id),
        "method": recharge.method,
        "state": recharge.state,
        "credit": format_amount(recharge.credit_nano),
        "bonus": format_amount(recharge.bonus_nano),
        "price_minor": recharge.price_minor,
        "currency": recharge.currency,
        "evidence": recharge.evidence,
        "decision": recharge.decision,
        "created_at": utc(recharge.created_at),
    }
