"""`farebox closing …`: accounts that close, and what becomes of what is left on them."""

from typing import Annotated, Any

import typer

from farebox.aftersale import closing as service
from farebox.aftersale.closing import Closing, ClosingState, Treatment
from farebox.audit.record import COMMAND
from farebox.boot.cli.after_sale import desk_of, source_of, tell_providers
from farebox.boot.cli.options import Data, IdArgument, Json, Limit, OfAccount, words
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.domain.money import format_amount

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("closing_id", "account_id", "state", "has_breach", "treatment", "returned", "forfeited", "due_at")


@app.command("list")
def list_(
    *,
    state: Annotated[ClosingState | None, typer.Option(help="Only those in this state, such as deciding.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show closings."""

    async def work(session: Session) -> list[Closing]:
        return await service.list_closings(session.connection, None, limit=limit, state=state)

    found = [describe(closing) for closing in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def begin(
    *,
    account: OfAccount,
    reason: Annotated[str, typer.Option(parser=words, metavar="R", help="Why; the customer reads it.")],
    breach: Annotated[bool, typer.Option("--breach", help="For a material breach of the terms.")] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Close an account: keys off at once, then its balance is decided on."""

    async def work(session: Session) -> Closing:
        return await service.begin(
            session.connection, desk_of(session), account, COMMAND, has_breach=breach, reason=reason
        )

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"closing {found['closing_id']} is {found['state']}")


@app.command()
def decide(
    closing_id: IdArgument,
    treatment: Annotated[Treatment, typer.Argument(help="What becomes of bought credit.")],
    *,
    note: Annotated[str, typer.Option(metavar="N", help="Why; a forfeiture needs it.")] = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """Return what was bought, to its source as far as possible, or forfeit it where the policy has that."""

    async def work(session: Session) -> Closing:
        decided = await service.decide(
            session.connection,
            desk_of(session),
            source_of(session),
            closing_id,
            COMMAND,
            treatment=treatment,
            words=note,
        )
        await tell_providers(session, decided.refund_ids)
        return decided.closing

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"closing {closing_id} is {found['state']}, returned {found['returned']}")


def describe(closing: Closing) -> dict[str, Any]:
    """A closing as the command line shows it."""
    return {
        "closing_id": str(closing.id),
        "account_id": str(closing.account_id),
        "state": closing.state,
        "has_breach": closing.has_breach,
        "reason": closing.reason,
        "treatment": closing.treatment,
        "returned": format_amount(closing.returned_nano),
        "forfeited": format_amount(closing.forfeited_nano),
        "note": closing.note,
        "created_at": utc(closing.created_at),
        "due_at": utc(closing.due_at),
    }
