"""`farebox person …`: who signs in here: keeping them out, a copy of their data for them, and its end."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import typer

from farebox.audit.record import COMMAND, record
from farebox.boot.cli.options import Data, Email, Json, Limit, NeededReason, OfAnyAccount
from farebox.boot.cli.output import emit, facts, sections, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.identity import person as service
from farebox.identity import personal_data
from farebox.identity.person import Person
from farebox.storage.database import Connection

app = typer.Typer(rich_markup_mode=None)


@app.command("list")
def list_(*, account: OfAnyAccount = None, limit: Limit = 50, data: Data = None, json: Json = False) -> None:
    """Who signs in here."""

    async def work(session: Session) -> list[Person]:
        return await service.list_people(session.connection, None, email=None, account_id=account, limit=limit)

    found = [_described(person) for person in run_command(data, work)]
    emit(found, json=json, text=table(found, ("person_id", "email", "display_name", "status", "created_at")))


@app.command()
def show(*, email: Email, data: Data = None, json: Json = False) -> None:
    """A person, and the accounts they belong to."""

    async def work(session: Session) -> Person:
        return await _person(session, email)

    found = _described(run_command(data, work))
    emit(found, json=json, text=sections(found))


@app.command()
def suspend(*, email: Email, reason: NeededReason, data: Data = None, json: Json = False) -> None:
    """Keep somebody out, at once and on every device. Their accounts' keys go on: freeze the account to stop those."""
    _change("person.suspend", service.suspend, email, reason, data, json=json)


@app.command()
def restore(*, email: Email, reason: NeededReason, data: Data = None, json: Json = False) -> None:
    """Let somebody sign in again."""
    _change("person.restore", service.restore, email, reason, data, json=json)


@app.command()
def export(*, email: Email, reason: NeededReason, data: Data = None, json: Json = False) -> None:
    """Print all that is stored about a person, without secrets."""

    async def work(session: Session) -> dict[str, Any]:
        async with session.connection.transaction():
            person = await _person(session, email)
            found = await personal_data.export(session.connection, person.id)
            await _note(session, "person.export", person.id, reason)
        return found

    found = run_command(data, work)
    emit(found, json=json, text=facts(found))


@app.command()
def erase(*, email: Email, reason: NeededReason, data: Data = None, json: Json = False) -> None:
    """Erase a person for good: address, name, means of signing in, traces. What was paid and charged stays."""

    async def work(session: Session) -> dict[str, Any]:
        async with session.connection.transaction():
            person = await _person(session, email)
            await personal_data.erase(session.connection, person.id)
            await _note(session, "person.erase", person.id, reason)
        return {"person_id": str(person.id), "status": "erased"}

    done = run_command(data, work)
    emit(done, json=json, text=f"person {done['person_id']} is erased")


def _change(
    action: str,
    change: Callable[[Connection, UUID], Awaitable[None]],
    email: str,
    reason: str,
    data: str | None,
    *,
    json: bool,
) -> None:
    async def work(session: Session) -> Person:
        async with session.connection.transaction():
            person = await _person(session, email)
            await change(session.connection, person.id)
            await _note(session, action, person.id, reason)
            return await service.show_person(session.connection, person.id)

    done = _described(run_command(data, work))
    emit(done, json=json, text=f"person {done['person_id']} is {done['status']}")


async def _note(session: Session, action: str, person_id: UUID, reason: str) -> None:
    await record(session.connection, session.ids, COMMAND, action, target=f"person:{person_id}", reason=reason)


async def _person(session: Session, email: str) -> Person:
    person = await service.find_person(session.connection, email)
    if person is None:
        raise CommandError("nobody signs in here with this address")
    return person


def _described(person: Person) -> dict[str, Any]:
    return {
        "person_id": str(person.id),
        "email": person.email,
        "confirmed_at": utc(person.email_verified_at),
        "display_name": person.display_name,
        "language": person.language,
        "status": person.status,
        "created_at": utc(person.created_at),
        "accounts": [{"account_id": str(each.account_id), "role": each.role} for each in person.memberships],
    }
