"""`farebox withdrawal …`: balances to be paid out or moved. Above the limit, operators approve in the console."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.aftersale import withdrawal as service
from farebox.aftersale.withdrawal import Withdrawal, WithdrawalState, WithdrawalWish
from farebox.audit.record import COMMAND
from farebox.boot.cli.after_sale import desk_of
from farebox.boot.cli.options import (
    Data,
    IdArgument,
    Json,
    Limit,
    NeededNote,
    Note,
    OfAccount,
    OfAnyAccount,
    Reason,
    parse_id,
    positive_option,
)
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.domain.money import format_amount

app = typer.Typer(rich_markup_mode=None)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_COLUMNS = ("withdrawal_id", "account_id", "kind", "amount", "currency", "paid_minor", "state", "due_at")


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
def show(withdrawal_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """Show a withdrawal."""

    async def work(session: Session) -> Withdrawal:
        return await service.show(session.connection, withdrawal_id)

    found = describe(run_command(data, work))
    emit(found, json=json, text=facts(found))


@app.command("file")
def file_(
    *,
    account: OfAccount,
    amount: Annotated[int, positive_option("How much of the balance.")],
    destination: Annotated[str, typer.Option(metavar="TEXT", help="Of a payout: where to pay to.")] = "",
    currency: Annotated[str, typer.Option(metavar="CUR", help="Of a payout: only credit bought in it.")] = "",
    to_account: Annotated[
        UUID | None, typer.Option(parser=parse_id, metavar="ID", help="Move it to this account here; no payout.")
    ] = None,
    reason: Reason = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """File a withdrawal for a customer who wrote by mail: a payout, or with --to-account a move of the balance."""
    if (to_account is None) != bool(destination.strip()):
        raise typer.BadParameter("give either --destination, where to pay to, or --to-account")
    if currency and not _CURRENCY.fullmatch(currency):
        raise typer.BadParameter(f"{currency[:20]!r} is no currency such as USD", param_hint="--currency")
    wish = WithdrawalWish(
        account_id=account,
        kind="payout" if to_account is None else "migration",
        amount_nano=amount,
        to_account_id=to_account,
        currency=currency,
        destination=destination.strip(),
        reason=reason,
        requested_by=None,
        is_filed=True,
    )

    async def work(session: Session) -> Withdrawal:
        return await service.ask(session.connection, desk_of(session), wish, COMMAND)

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"withdrawal {found['withdrawal_id']} is due {found['due_at']}")


@app.command()
def approve(withdrawal_id: IdArgument, *, note: Note = "", data: Data = None, json: Json = False) -> None:
    """Approve a withdrawal that one person may approve; the credit leaves the balance."""

    async def work(session: Session) -> Withdrawal:
        return await service.approve(session.connection, desk_of(session), withdrawal_id, COMMAND, words=note)

    _carry_out(data, work, json=json)


@app.command()
def decline(withdrawal_id: IdArgument, *, note: NeededNote, data: Data = None, json: Json = False) -> None:
    """Let nothing leave, and say why."""

    async def work(session: Session) -> Withdrawal:
        return await service.decline(session.connection, desk_of(session), withdrawal_id, COMMAND, words=note)

    _carry_out(data, work, json=json)


@app.command()
def paid(
    withdrawal_id: IdArgument,
    *,
    reference: Annotated[str, typer.Option(metavar="REF", help="The payout's, such as the bank's.")],
    note: Note = "",
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
def give_back(withdrawal_id: IdArgument, *, note: NeededNote, data: Data = None, json: Json = False) -> None:
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
