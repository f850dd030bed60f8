"""`farebox dispute …`: chargebacks, and decisions on those whose provider does not tell the end."""

from typing import Annotated, Any, Literal

import typer

from farebox.audit.record import COMMAND
from farebox.boot.cli.options import Data, IdArgument, Json, Limit, NeededNote
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.payment_books import books_of
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.payments import payment_store
from farebox.payments.decisions import decide_dispute
from farebox.payments.fact import DisputeState
from farebox.payments.payment import Dispute

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("dispute_id", "provider", "reference", "outcome", "gross_minor", "reason", "due_at")


@app.command("list")
def list_(
    *,
    state: Annotated[DisputeState | None, typer.Option(help="Only those in this state at the provider.")] = None,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show disputes."""

    async def work(session: Session) -> list[Dispute]:
        return await payment_store.dispute_page(session.connection, state, None, limit)

    found = [describe(dispute) for dispute in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def show(dispute_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """Show a dispute."""

    async def work(session: Session) -> Dispute:
        dispute = await payment_store.load_dispute(session.connection, dispute_id)
        if dispute is None:
            raise CommandError(f"there is no dispute {dispute_id}: see `farebox dispute list`")
        return dispute

    found = describe(run_command(data, work))
    emit(found, json=json, text=facts(found))


@app.command()
def decide(
    dispute_id: IdArgument,
    decision: Annotated[Literal["won", "lost"], typer.Argument(help="won gives back what was taken.")],
    *,
    note: NeededNote,
    data: Data = None,
    json: Json = False,
) -> None:
    """Decide a dispute; the provider's own last word, once it comes, outranks it."""

    async def work(session: Session) -> Dispute:
        return await decide_dispute(session.connection, books_of(session), dispute_id, decision, COMMAND, None, note)

    found = describe(run_command(data, work))
    emit(found, json=json, text=f"dispute {dispute_id} is {found['outcome']}")


def describe(dispute: Dispute) -> dict[str, Any]:
    """A dispute as the command line shows it."""
    return {
        "dispute_id": str(dispute.id),
        "payment_id": str(dispute.payment_id),
        "provider": dispute.provider,
        "reference": dispute.ref,
        "state": dispute.state,
        "outcome": dispute.outcome,
        "gross_minor": dispute.gross_minor,
        "reason": dispute.reason,
        "due_at": utc(dispute.due_at),
        "decision": dispute.decision,
        "decided_at": utc(dispute.decided_at),
        "note": dispute.note,
        "created_at": utc(dispute.created_at),
    }
