"""`farebox invitation …`: whom the operator invites to open an account, whatever the mode of sign-up."""

from typing import Annotated, Any

import typer

from farebox.boot.cli.options import Data, Email, IdArgument, Json
from farebox.boot.cli.output import emit, table, utc
from farebox.boot.cli.session import Session, run_command
from farebox.boot.cli.trail import on_trail
from farebox.control.invitations.sending import send_invitation
from farebox.identity import invitation as service
from farebox.identity.invitation import Invitation
from farebox.identity.person import Language

app = typer.Typer(rich_markup_mode=None)


@app.command("list")
def list_(*, data: Data = None, json: Json = False) -> None:
    """Invitations to open an account that wait."""

    async def work(session: Session) -> list[Invitation]:
        return await service.list_open(session.connection, None)

    found = [_described(each) for each in run_command(data, work)]
    emit(found, json=json, text=table(found, ("invitation_id", "email", "created_at", "expires_at")))


@app.command()
def send(
    *,
    email: Email,
    language: Annotated[Language, typer.Option(help="Of the mail, unless they are known here.")] = "en",
    data: Data = None,
    json: Json = False,
) -> None:
    """Invite somebody to open an account; inviting them again replaces the link before."""

    async def work(session: Session) -> Invitation:
        connection, ids = session.connection, session.ids
        async with connection.transaction():
            new = await service.invite(connection, ids, email, account_id=None, role=None, invited_by=None)
            await send_invitation(connection, ids, session.public_url, new, account_name="", language=language)
            # The address stays off the trail, which outlives it.
            async with on_trail(session, "invitation.create", f"invitation:{new.invitation.id}"):
                return new.invitation

    made = _described(run_command(data, work))
    emit(made, json=json, text=f"invitation {made['invitation_id']} goes to {made['email']}")


@app.command()
def revoke(invitation_id: IdArgument, *, data: Data = None, json: Json = False) -> None:
    """Take an invitation back: its link is over."""

    async def work(session: Session) -> None:
        async with on_trail(session, "invitation.revoke", f"invitation:{invitation_id}"):
            await service.revoke(session.connection, None, invitation_id)

    run_command(data, work)
    emit(
        {"invitation_id": str(invitation_id), "revoked": True},
        json=json,
        text=f"invitation {invitation_id} is taken back",
    )


def _described(invitation: Invitation) -> dict[str, Any]:
    return {
        "invitation_id": str(invitation.id),
        "email": invitation.email,
        "created_at": utc(invitation.created_at),
        "expires_at": utc(invitation.expires_at),
    }
