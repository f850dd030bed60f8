"""/unsubscribe: the way out that stands in every mail that is not essential (RFC 8058), for whoever holds the link."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from farebox.audit.record import Actor, record
from farebox.control.services import Here
from farebox.notices import preference, unsubscribe

router = APIRouter(prefix=unsubscribe.PATH, tags=["Public"])
Token = Annotated[str, Path(max_length=300, pattern=r"^[A-Za-z0-9_-]+$")]

_HEADERS = {
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Notices</title></head>
<body>{body}</body></html>
"""
# Programs that look at links in mail must not switch anything off: a person presses the button.
_QUESTION = """<p>Switch off messages of this kind?</p>
<form method="post"><button>Switch off</button></form>"""
_DONE = "<p>Done: messages of this kind are switched off. You can switch them on again in the console.</p>"


@router.get("/{token}", response_class=HTMLResponse)
async def ask(token: Token, services: Here) -> HTMLResponse:
    """A page with one button."""
    unsubscribe.read_token(services.seal, token)
    return HTMLResponse(_PAGE.format(body=_QUESTION), headers=_HEADERS)


@router.post("/{token}", response_class=HTMLResponse)
async def switch_off(token: Token, services: Here) -> HTMLResponse:
    """Switch one kind of mail off for one person; doing it again changes nothing."""
    wish = unsubscribe.read_token(services.seal, token)
    async with services.pool.acquire() as connection, connection.transaction():
        if wish.kind not in await preference.muted_kinds(connection, wish.person_id):
            await preference.mute(connection, wish.person_id, wish.kind)
            await record(
                connection,
                services.ids,
                Actor("member", wish.person_id),
                "preference.change",
                target=f"person:{wish.person_id}",
                after={"switched_off": wish.kind},
            )
    return HTMLResponse(_PAGE.format(body=_DONE), headers=_HEADERS)
