"""`farebox payment …`: what has been paid, and giving it back."""

from typing import Annotated, Any

import typer

from farebox.audit.record import COMMAND
from farebox.boot.cli.options import Data, IdArgument, Json, Limit, OfAnyAccount, PositiveAmount
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.payment_books import books_of, open_providers
from farebox.boot.cli.session import Session, run_command
from farebox.domain.money import format_amount
from farebox.payments import payment_store
from farebox.payments.payment import Payment, Refund
from farebox.payments.refunds import ask_refund, carry_out

app = typer.Typer(rich_markup_mode=None)
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

    found = [_described(payment) for payment in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def refund(
    payment_id: IdArgument,
    *,
    amount: PositiveAmount = None,
    reason: Annotated[str, typer.Option(metavar="R", help="Why; kept with the refund.")],
    data: Data = None,
    json: Json = False,
) -> None:
    """Give unspent credit back to its source, all of it unless --amount says less."""

    async def work(session: Session) -> Refund:
        books = books_of(session)
        asked = await ask_refund(session.connection, books, payment_id, COMMAND, amount_nano=amount, reason=reason)
        async with open_providers(session) as providers:
            return await carry_out(session.connection, books, providers, asked.id)

    made = run_command(data, work)
    found = {
        "refund_id": str(made.id),
        "payment_id": str(made.payment_id),
        "state": made.state,
        "gross_minor": made.gross_minor,
        "reference": made.ref,
    }
    emit(found, json=json, text=f"refund {made.id} is {made.state}")


def _described(payment: Payment) -> dict[str, Any]:
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
