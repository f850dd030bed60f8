"""`farebox payment event …`: what payment providers told, and applying it again."""

from typing import Annotated, Any

import typer

from farebox.audit.record import COMMAND, record
from farebox.boot.cli.options import Data, IdArgument, Json, Limit
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.payment_books import books_of, open_providers
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.kit.logging import get_logger
from farebox.payments import event_store
from farebox.payments.event_store import Event
from farebox.payments.events import apply_event

app = typer.Typer(rich_markup_mode=None, help="Events of payment providers: list, replay.")
_COLUMNS = ("event_row_id", "provider", "kind", "received_at", "attempts", "outcome", "error")


@app.command("list")
def list_(
    *,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those stored and not applied.")] = False,
    limit: Limit = 50,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show events, without their bodies."""

    async def work(session: Session) -> list[Event]:
        return await event_store.page(session.connection, True if waiting else None, None, limit)

    found = [_described(event) for event in run_command(data, work)]
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def replay(event_row_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """Apply a stored event again; what it had done before is not done twice."""

    async def work(session: Session) -> Event:
        connection = session.connection
        event = await event_store.load(connection, event_row_id)
        if event is None:
            raise CommandError(f"there is no event {event_row_id}: see `farebox payment event list`")
        async with open_providers(session) as providers:
            provider = providers.get(event.provider)
            if provider is None:
                raise CommandError(f"{event.provider} is not set up: its credentials are in no variable here")
            async with connection.transaction():
                if not await event_store.reopen(connection, event_row_id):
                    raise CommandError("the body of this event is not kept any more")
                target = f"payment_event:{event_row_id}"
                await record(connection, session.ids, COMMAND, "payment_event.replay", target=target)
            # Killed here, the event waits, and the worker's duty applies it.
            await apply_event(connection, books_of(session), provider, event_row_id, get_logger("payments"))
        applied = await event_store.load(connection, event_row_id)
        assert applied is not None
        return applied

    found = _described(run_command(data, work))
    emit(found, json=json, text=f"event {event_row_id} is {found['outcome'] or 'waiting'}")


def _described(event: Event) -> dict[str, Any]:
    return {
        "event_row_id": str(event.id),
        "provider": event.provider,
        "event_id": event.event_id,
        "kind": event.kind,
        "received_at": utc(event.received_at),
        "attempts": event.attempts,
        "applied_at": utc(event.applied_at),
        "outcome": event.outcome,
        "error": event.error,
        "is_kept": event.is_kept,
    }
