"""`farebox withdrawal …`: balances to be paid out or moved. Above the limit, operators approve in the console."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer

from farebox.aftersale import withdrawal as service
from farebox.aftersale.withdrawal import Withdrawal, WithdrawalState
from farebox.audit.record import COMMAND
from farebox.boot.cli.after_sale import desk_of
from farebox.boot.cli.options import Data, IdArgument, Json, Limit, OfAnyAccount
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.domain.money import format_amount

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("withdrawal_id", "account_id", "kind", "amount", "currency", "paid_minor", "state", "due_at")
_Note = Annotated[str, typer.Option(metavar="N", help="Kept with the decision.")]


@app.command("list")
def list_(
    *,
    account: OfAnyAccount = None,
    state: Annotated[WithdrawalState | None, typer.Option(help="Only those in this state, such as asked.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show withdrawals."""

    async def work(session: Session) -> list[Withdrawal]:
        return await service.list_withdrawals(session.connection, None, limit=limit, account_id=account, state=state)

    found = [describe(withdrawal) for withdrawal in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def approve(withdrawal_id: IdArgument, *, note: _Note = "", data: Data = None, json: Json = False) -> None:
    """Approve a withdrawal that one person may approve; the credit leaves the balance."""

    async def work(session: Session) -> Withdrawal:
        return await service.approve(session.connection, desk_of(session), withdrawal_id, COMMAND, words=note)

    _carry_out(data, work, json=json)


@app.command()
def decline(withdrawal_id: IdArgument, *, note: _Note, data: Data = None, json: Json = False) -> None:
    """Let nothing leave, and say why."""

    async def work(session: Session) -> Withdrawal:
        return await service.decline(session.connection, desk_of(session), withdrawal_id, COMMAND, words=note)

    _carry_out(data, work, json=json)


@app.command()
def paid(
    withdrawal_id: IdArgument,
    *,
    reference: Annotated[str, typer.Option(metavar="REF", help="The payout's, such as the bank's.")],
    note: _Note = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Record that it has been paid."""

    async def work(session: Session) -> Withdrawal:
        return await service.record_payout(
            session.connection, desk_of(session), withdrawal_id, COMMAND, payout_ref=reference, words=note
        )

    _carry_out(data, work, json=json)


@app.command("give-back")
def give_back(withdrawal_id: IdArgument, *, note: _Note, data: Data = None, json: Json = False) -> None:
    """It could not be paid: return the credit to the balance."""

    async def work(session: Session) -> Withdrawal:
        return await service.give_back(session.connection, desk_of(session), withdrawal_id, COMMAND, words=note)

    _carry_out(data, work, json=json)


def _carry_out(data: str | None, work: Callable[[Session], Awaitable[Withdrawal]], *, json: bool) -> None:
    found = describe(run_command(data, work))
    emit(found, json=json, text=f"withdrawal {found['withdrawal_id']} is {found['state']}")


def describe(withdrawal: Withdrawal) -> dict[str, Any]:
    """A withdrawal as the command line shows it."""
    target = withdrawal.to_account_id
    return {
        "withdrawal_id": str(withdrawal.id),
        "account_id": str(withdrawal.account_id),
        "kind": withdrawal.kind,
        "to_account_id": None if target is None else str(target),
        "amount": format_amount(withdrawal.amount_nano),
        "currency": withdrawal.currency,
        "paid_minor": withdrawal.paid_minor,
        "destination": withdrawal.destination,
        "reason": withdrawal.reason,
        "state": withdrawal.state,
        "payout_ref": withdrawal.payout_ref,
        "note": withdrawal.note,
        "created_at": utc(withdrawal.created_at),
        "due_at": utc(withdrawal.due_at),
    }
