"""`farebox person …`: what the law gives people: a copy of their data, and its end."""

from typing import Annotated, Any

import typer

from farebox.audit.record import COMMAND, record
from farebox.boot.cli.options import Data, Json, Reason
from farebox.boot.cli.output import emit, facts
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.identity import personal_data
from farebox.identity.person import Person, find_person

app = typer.Typer(rich_markup_mode=None)
Email = Annotated[str, typer.Option("--email", metavar="E")]


@app.command()
def export(*, email: Email, reason: Reason = "", data: Data = None, json: Json = False) -> None:
    """Print all that is stored about a person, without secrets."""

    async def work(session: Session) -> dict[str, Any]:
        connection = session.connection
        async with connection.transaction():
            person = await _person(session, email)
            found = await personal_data.export(connection, person.id)
            target = f"person:{person.id}"
            await record(connection, session.ids, COMMAND, "person.export", target=target, reason=reason)
        return found

    found = run_command(data, work)
    emit(found, json=json, text=facts(found))


@app.command()
def erase(*, email: Email, reason: Reason = "", data: Data = None, json: Json = False) -> None:
    """Erase a person for good: address, name, means of signing in, traces. What was paid and charged stays."""

    async def work(session: Session) -> dict[str, Any]:
        connection = session.connection
        async with connection.transaction():
            person = await _person(session, email)
            await personal_data.erase(connection, person.id)
            target = f"person:{person.id}"
            await record(connection, session.ids, COMMAND, "person.erase", target=target, reason=reason)
        return {"person_id": str(person.id), "status": "erased"}

    done = run_command(data, work)
    emit(done, json=json, text=f"person {done['person_id']} is erased")


async def _person(session: Session, email: str) -> Person:
    person = await find_person(session.connection, email)
    if person is None:
        raise CommandError("nobody signs in here with this address")
    return person
