"""The mail of an invitation."""

from farebox.identity.invitation import LIFETIME, NewInvitation
from farebox.identity.person import find_person
from farebox.identity.secret_link import link
from farebox.kit.ids import IdSource
from farebox.outbox.mail import queue_mail, queue_mail_to_address
from farebox.storage.database import Connection

PAGE = "invitation"


async def send_invitation(
    connection: Connection,
    ids: IdSource,
    public_url: str,
    new: NewInvitation,
    *,
    account_name: str,
    language: str,
) -> None:
    """In the language of whoever is invited, if they are known here, else of whoever invites."""
    invitation = new.invitation
    facts = {
        "link": link(public_url, PAGE, new.secret),
        "account_name": account_name,
        "role": invitation.role or "",
        "days": LIFETIME.days,
    }
    key = f"invitation:{invitation.id}"
    known = await find_person(connection, invitation.email)
    if known is not None:
        await queue_mail(connection, ids, "invitation", known.id, facts, dedupe_key=key)
        return
    await queue_mail_to_address(connection, ids, "invitation", invitation.email, language, facts, dedupe_key=key)
