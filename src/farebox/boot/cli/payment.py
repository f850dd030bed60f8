"""`farebox payment …`: what has been paid, giving it back, and crediting what fitted no recharge."""

from typing import Annotated, Any, Literal
from uuid import UUID

import typer

from farebox.audit.record import COMMAND
from farebox.boot.cli.dispute import describe as describe_dispute
from farebox.boot.cli.options import (
    Data,
    IdArgument,
    Json,
    Limit,
    NeededNote,
    NeededReason,
    OfAnyAccount,
    parse_id,
    positive_option,
)
from farebox.boot.cli.output import emit, sections, table, utc
from farebox.boot.cli.payment_books import books_of, open_providers
from farebox.boot.cli.payment_event import app as event_app
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.domain.money import format_amount
from farebox.payments import payment_store
from farebox.payments.decisions import credit_anyway
from farebox.payments.payment import Payment, Refund
from farebox.payments.refunds import ask_refund, carry_out, end_manual_refund, refundable

app = typer.Typer(rich_markup_mode=None)
app.add_typer(event_app, name="event")
_COLUMNS = ("payment_id", "provider", "reference", "state", "gross_minor", "currency", "credited", "problem")


@app.command("list")
def list_(
    *,
    account: OfAnyAccount = None,
    problem: Annotated[bool, typer.Option("--problem", help="Only those paid and not credited.")] = False,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show payments."""

    async def work(session: Session) -> list[Payment]:
        return await payment_store.page(
            session.connection, account, None, limit, with_problem=True if problem else None
        )

    found = [describe(payment) for payment in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def show(payment_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """Show a payment with its refunds and disputes, and what of it can go back now."""

    async def work(session: Session) -> dict[str, Any]:
        connection = session.connection
        payment = await payment_store.load(connection, payment_id)
        if payment is None:
            raise CommandError(f"there is no payment {payment_id}: see `farebox payment list`")
        possible = await refundable(connection, books_of(session), payment)
        return {
            **describe(payment),
            "refundable": format_amount(possible.credit_nano),
            "refundable_minor": possible.gross_minor,
            "refunds": [_refund(each) for each in await payment_store.load_refunds(connection, [payment_id])],
            "disputes": [
                describe_dispute(each) for each in await payment_store.load_disputes(connection, [payment_id])
            ],
        }

    found = run_command(data, work)
    emit(found, json=json, text=sections(found))


@app.command()
def refund(
    payment_id: IdArgument,
    *,
    amount: Annotated[int | None, positive_option("How much of it; else all that is unspent.")] = None,
    reason: NeededReason,
    data: Data = None,
    json: Json = False,
) -> None:
    """Give unspent credit back to its source, all of it unless --amount says less."""

    async def work(session: Session) -> Refund:
        books = books_of(session)
        asked = await ask_refund(session.connection, books, payment_id, COMMAND, amount_nano=amount, reason=reason)
        # Killed here, the worker's duty tells the provider.
        async with open_providers(session) as providers:
            return await carry_out(session.connection, books, providers, asked.id)

    made = run_command(data, work)
    emit(_refund(made), json=json, text=f"refund {made.id} is {made.state}")


@app.command("end-refund")
def end_refund(
    refund_id: IdArgument,
    outcome: Annotated[Literal["done", "given-up"], typer.Argument(help="given-up: its credit comes back.")],
    *,
    reference: Annotated[str, typer.Option(metavar="REF", help="The transfer's, such as the bank's.")] = "",
    note: NeededNote,
    data: Data = None,
    json: Json = False,
) -> None:
    """Say that a refund by hand is done, or that it is given up."""

    async def work(session: Session) -> Refund:
        books = books_of(session)
        is_done = outcome == "done"
        return await end_manual_refund(
            session.connection, books, refund_id, COMMAND, is_done=is_done, ref=reference, note=note
        )

    ended = run_command(data, work)
    emit(_refund(ended), json=json, text=f"refund {refund_id} is {ended.state}")


@app.command()
def credit(
    payment_id: IdArgument,
    *,
    account: Annotated[
        UUID | None, typer.Option(parser=parse_id, metavar="ID", help="Whom, where the payment belongs to nobody.")
    ] = None,
    amount: Annotated[int | None, positive_option("How much; else what its recharge says.")] = None,
    reason: NeededReason,
    data: Data = None,
    json: Json = False,
) -> None:
    """Credit a payment that was not credited, such as a duplicate that the customer wants as credit."""

    async def work(session: Session) -> Payment:
        return await credit_anyway(
            session.connection,
            books_of(session),
            payment_id,
            COMMAND,
            None,
            account_id=account,
            amount_nano=amount,
            reason=reason,
        )

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"payment {payment_id} is credited with {found['credited']}")


def describe(payment: Payment) -> dict[str, Any]:
    """A payment as the command line shows it."""
    return {
        "payment_id": str(payment.id),
        "account_id": None if payment.account_id is None else str(payment.account_id),
        "recharge_id": None if payment.recharge_id is None else str(payment.recharge_id),
        "provider": payment.provider,
        "reference": payment.ref,
        "state": payment.state,
        "gross_minor": payment.gross_minor,
        "currency": payment.currency,
        "credited": format_amount(payment.posted_credit_nano),
        "taken_back": format_amount(payment.posted_taken_nano),
        "problem": payment.problem,
        "created_at": utc(payment.created_at),
    }


def _refund(made: Refund) -> dict[str, Any]:
    return {
        "refund_id": str(made.id),
        "payment_id": str(made.payment_id),
        "state": made.state,
        "gross_minor": made.gross_minor,
        "reference": made.ref,
        "reason": made.reason,
        "error": made.error,
        "created_at": utc(made.created_at),
    }
