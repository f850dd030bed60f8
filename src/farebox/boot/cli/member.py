"""`farebox member …`: who belongs to an account."""

from typing import Annotated, Any
from uuid import UUID

import typer

from farebox.accounts.details import show_details
from farebox.audit.record import COMMAND, record
from farebox.boot.cli.options import Data, Email, Json, OfAccount, Reason
from farebox.boot.cli.output import emit, facts, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.control.invitations.sending import send_invitation
from farebox.domain.errors import CommandError
from farebox.identity import invitation, member
from farebox.identity.visitor import Role

app = typer.Typer(rich_markup_mode=None)
_COLUMNS = ("email", "display_name", "role", "since", "person_id")


@app.command("list")
def list_(*, account: OfAccount, data: Data = None, json: Json = False) -> None:
    """Everybody who belongs to an account."""

    async def work(session: Session) -> list[dict[str, Any]]:
        await show_details(session.connection, account)
        return [
            {
                "person_id": str(each.person_id),
                "email": each.email,
                "display_name": each.display_name,
                "role": each.role,
                "since": utc(each.since),
            }
            for each in await member.list_members(session.connection, account)
        ]

    found = run_command(data, work)
    emit(found, json=json, text=table(found, _COLUMNS))


@app.command()
def invite(
    *,
    account: OfAccount,
    email: Email,
    role: Annotated[Role, typer.Option(help="What they may do.")] = "owner",
    data: Data = None,
    json: Json = False,
) -> None:
    """Invite somebody into an account by mail; inviting them again replaces the link before."""

    async def work(session: Session) -> dict[str, Any]:
        connection = session.connection
        async with connection.transaction():
            details = await show_details(connection, account)
            new = await invitation.invite(
                connection, session.ids, email, account_id=account, role=role, invited_by=None
            )
            await send_invitation(
                connection,
                session.ids,
                session.public_url,
                new,
                account_name=details.name or details.email,
                language="en",
            )
            await record(
                connection,
                session.ids,
                COMMAND,
                "member.invite",
                target=f"invitation:{new.invitation.id}",
                account_id=account,
                after={"role": role},
            )
        return {
            "invitation_id": str(new.invitation.id),
            "email": new.invitation.email,
            "role": role,
            "expires_at": utc(new.invitation.expires_at),
        }

    made = run_command(data, work)
    emit(made, json=json, text=facts(made))


@app.command()
def remove(*, account: OfAccount, email: Email, reason: Reason = "", data: Data = None, json: Json = False) -> None:
    """Remove a member, at once; the last owner stays."""

    async def work(session: Session) -> dict[str, Any]:
        connection = session.connection
        async with connection.transaction():
            person_id = await _member_at(session, account, email)
            before = await member.remove(connection, account, person_id)
            await record(
                connection,
                session.ids,
                COMMAND,
                "member.remove",
                target=f"person:{person_id}",
                account_id=account,
                before={"role": before},
                reason=reason,
            )
        return {"account_id": str(account), "removed": str(person_id)}

    done = run_command(data, work)
    emit(done, json=json, text=f"{email} does not belong to account {account} any more")


async def _member_at(session: Session, account: UUID, email: str) -> UUID:
    for each in await member.list_members(session.connection, account):
        if each.email.lower() == email.strip().lower():
            return each.person_id
    raise CommandError(f"account {account} has no member with this address: see `farebox member list`")
