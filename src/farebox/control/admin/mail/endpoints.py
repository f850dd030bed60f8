"""/admin/mail: what waits, what was sent, what failed and why."""

from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Query

from farebox.audit.record import record
from farebox.control.access import Staff, operator
from farebox.control.admin.mail.schemas import MailText, MailView, mail_view
from farebox.control.page import Page, Paging, page_of
from farebox.control.services import Here, Services
from farebox.domain.errors import ActionRefused
from farebox.notices import mail_store
from farebox.notices.kinds import KINDS
from farebox.notices.mail_store import MailLine, MailState
from farebox.notices.rendering import NotRenderable, Renderer
from farebox.storage.database import Connection

router = APIRouter(prefix="/admin/mail", tags=["Operator: mail"])
_HIDDEN = "(not shown)"


@router.get("")
async def list_mail(
    _: Annotated[Staff, operator("notices:read")],
    services: Here,
    paging: Paging,
    state: MailState | None = None,
    kind: Annotated[str | None, Query(max_length=50, pattern=r"^[a-z_]+$")] = None,
) -> Page[MailView]:
    """The newest messages first."""
    async with services.pool.acquire() as connection:
        found = await mail_store.page(connection, paging.after, state=state, kind=kind, limit=paging.limit + 1)
    return page_of(found, paging, mail_view, lambda line: line.id)


@router.get("/{mail_id}/text")
async def show_text(mail_id: UUID, _: Annotated[Staff, operator("notices:read")], services: Here) -> MailText:
    """What a message says, while it is still known."""
    async with services.pool.acquire() as connection:
        line = await _line(connection, mail_id)
    facts = dict(line.facts)
    known = KINDS.get(line.kind)
    if known is not None and known.is_secret and not _is_a_trial(services):
        # Whoever can read a link that sets a password can be that person.
        facts = {**facts, "link": _HIDDEN}
    try:
        written = Renderer(services.public_url).render(line.kind, line.language, facts)
    except NotRenderable as error:
        raise ActionRefused("not_readable", f"The text is not there any more: {error}.", status=409) from error
    return MailText(subject=written.subject, text=written.text)


@router.post("/{mail_id}/send-again")
async def send_again(mail_id: UUID, staff: Annotated[Staff, operator("notices:write")], services: Here) -> MailView:
    """Send a failed message once more; if it says that it may have arrived, it may then arrive twice."""
    async with services.pool.acquire() as connection, connection.transaction():
        before = await _line(connection, mail_id)
        if not await mail_store.send_again(connection, mail_id):
            raise ActionRefused("not_failed", "Only a message that has failed and is still known can be sent again.")
        await record(
            connection,
            services.ids,
            staff.actor,
            "mail.send_again",
            target=f"mail:{mail_id}",
            before={"state": before.state, "error": before.error},
            after={"state": "waiting"},
        )
        return mail_view(await _line(connection, mail_id))


async def _line(connection: Connection, mail_id: UUID) -> MailLine:
    line = await mail_store.load(connection, mail_id)
    if line is None:
        raise ActionRefused("not_found", "There is no such message.", status=404)
    return line


def _is_a_trial(services: Services) -> bool:
    """Without a mail server and on this machine only, this page is where mail is read."""
    host = urlsplit(services.public_url).hostname or ""
    try:
        is_here = ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    return services.mail is None and is_here
