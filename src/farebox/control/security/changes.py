"""What goes with every change of the ways in: a line of the trail, a mail to the person, a new session secret."""

from typing import Any

from fastapi import Response

from farebox.audit.record import record
from farebox.control.services import Services
from farebox.control.session import cookies
from farebox.identity import session
from farebox.identity.visitor import Visitor
from farebox.outbox.mail import queue_mail
from farebox.storage.database import Connection


async def note_change(
    connection: Connection, services: Services, person: Visitor, action: str, facts: dict[str, Any]
) -> None:
    """In the transaction of the change. Who did not make it learns of it by mail."""
    await record(connection, services.ids, person.actor, action, target=f"person:{person.person_id}", after=facts)
    key = f"security_changed:{services.ids.new()}"
    await queue_mail(connection, services.ids, "security_changed", person.person_id, {"change": action}, dedupe_key=key)


async def renew_session(
    connection: Connection, services: Services, person: Visitor, response: Response, *, proved: bool = False
) -> None:
    """A new secret for this session and an end to all others; `proved`: a second factor was shown with the change."""
    await session.revoke_all(connection, person.person_id, but=person.session_id)
    secret = await session.rotate(connection, person.session_id)
    if proved:
        await session.note_proof(connection, person.session_id)
    cookies.set_session(response, services, secret)
