"""`farebox operator …`: who acts for this deployment, and the way back in for somebody who is locked out."""

import secrets
from typing import Annotated, Any

import typer

from farebox.audit.record import COMMAND, record
from farebox.boot.cli.options import Data, Email, Json, Reason, split_list
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.domain.errors import CommandError
from farebox.identity import operators, second_factor
from farebox.identity.operators import By
from farebox.identity.operators_store import Operator
from farebox.identity.password import hash_password
from farebox.identity.scopes import ALL

app = typer.Typer(rich_markup_mode=None)
_BY = By(COMMAND, (ALL,))
_COLUMNS = ("email", "scopes", "second_factor", "created_at", "person_id")
Scopes = Annotated[str, typer.Option("--scopes", metavar="A,B", help="Such as money:read,support:write; * is all.")]


@app.command()
def add(*, email: Email, scopes: Scopes = ALL, reason: Reason = "", data: Data = None, json: Json = False) -> None:
    """Make somebody an operator; who is new here gets a password, printed this once."""

    async def work(session: Session) -> dict[str, Any]:
        password = secrets.token_urlsafe(18)
        made_hash = await hash_password(password)
        connection = session.connection
        async with connection.transaction():
            added = await operators.add_with_password(
                connection, session.ids, _BY, email, split_list(scopes), made_hash, reason=reason
            )
        return describe(added.operator) | ({"password": password} if added.is_new else {})

    made = run_command(data, work)
    emit(made, json=json, text=facts(made))


@app.command("list")
def list_(*, data: Data = None, json: Json = False) -> None:
    """All operators."""

    async def work(session: Session) -> list[dict[str, Any]]:
        return [describe(each) for each in await operators.list_operators(session.connection)]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def change(*, email: Email, scopes: Scopes, reason: Reason = "", data: Data = None, json: Json = False) -> None:
    """Other scopes; sessions of that person end, and tokens that reach beyond them."""

    async def work(session: Session) -> dict[str, Any]:
        connection = session.connection
        async with connection.transaction():
            found = await operators.find(connection, email)
            changed = await operators.change_scopes(
                connection, session.ids, _BY, found.person_id, split_list(scopes), reason=reason
            )
        return describe(changed)

    changed = run_command(data, work)
    emit(changed, json=json, text=facts(changed))


@app.command()
def revoke(*, email: Email, reason: Reason = "", data: Data = None, json: Json = False) -> None:
    """An operator no more: sessions and tokens of that person end. One with all scopes always stays."""

    async def work(session: Session) -> dict[str, Any]:
        connection = session.connection
        async with connection.transaction():
            found = await operators.find(connection, email)
            await operators.revoke(connection, session.ids, _BY, found.person_id, reason=reason)
        return {"person_id": str(found.person_id), "email": found.email}

    done = run_command(data, work)
    emit(done, json=json, text=f"{done['email']} is an operator no more")


@app.command("reset-password")
def reset_password(
    *,
    email: Email,
    second_factors: Annotated[
        bool, typer.Option("--second-factors", help="Remove all second factors too, when they are lost.")
    ] = False,
    reason: Reason = "",
    data: Data = None,
    json: Json = False,
) -> None:
    """A new password for an operator, printed this once; all sessions of that person end."""

    async def work(session: Session) -> dict[str, Any]:
        password = secrets.token_urlsafe(18)
        made_hash = await hash_password(password)
        connection = session.connection
        async with connection.transaction():
            found = await operators.find(connection, email)
            if not await operators.set_password(connection, found.person_id, made_hash):
                raise CommandError("this person is suspended: nothing was changed")
            if second_factors:
                await second_factor.remove_all(connection, found.person_id)
            await record(
                connection,
                session.ids,
                COMMAND,
                "operator.reset_password",
                target=f"person:{found.person_id}",
                after={"second_factors_removed": second_factors},
                reason=reason,
            )
        return {"person_id": str(found.person_id), "email": found.email, "password": password}

    done = run_command(data, work)
    emit(done, json=json, text=facts(done))


def describe(operator: Operator) -> dict[str, Any]:
    """An operator as the command line shows it."""
    return {
        "person_id": str(operator.person_id),
        "email": operator.email,
        "scopes": list(operator.scopes),
        "second_factor": operator.has_second_factor,
        "created_at": utc(operator.created_at),
    }
