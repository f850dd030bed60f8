"""/api/session: who is signed in; signing in by password; signing out."""

from fastapi import APIRouter, Depends, Request, Response

from farebox.control.access import Person, cookie_name
from farebox.control.origin import check_same_origin
from farebox.control.services import Here, Services
from farebox.control.session.schemas import SessionView, SignIn, session_view
from farebox.domain.errors import ActionRefused
from farebox.identity import session
from farebox.identity.password import is_password
from farebox.identity.person_store import load_credentials

router = APIRouter(prefix="/api/session", tags=["Session"])


@router.get("")
async def who_am_i(person: Person) -> SessionView:
    """Who is signed in."""
    return session_view(person)


@router.post("", status_code=201, dependencies=[Depends(check_same_origin)])
async def sign_in(body: SignIn, services: Here, response: Response) -> SessionView:
    """Sign in with e-mail address and password."""
    async with services.pool.acquire() as connection:
        known = await load_credentials(connection, body.email)
    # The hash is checked without a connection in hand: it takes long, and others want one.
    if not await is_password(body.password, None if known is None else known.password_hash) or known is None:
        raise ActionRefused("wrong_credentials", "The e-mail address or the password is wrong.", status=401)
    async with services.pool.acquire() as connection:
        secret = await session.start(connection, services.ids, known.person_id)
        visitor = await session.resolve(connection, secret)
    if visitor is None:
        raise ActionRefused("wrong_credentials", "The e-mail address or the password is wrong.", status=401)
    set_cookie(response, services, secret)
    return session_view(visitor)


@router.delete("", status_code=204)
async def sign_out(person: Person, services: Here, request: Request, response: Response) -> None:
    """End this session."""
    async with services.pool.acquire() as connection:
        await session.revoke(connection, person.person_id, person.session_id)
    response.delete_cookie(cookie_name(services), path="/", secure=services.is_https, httponly=True, samesite="lax")


def set_cookie(response: Response, services: Services, secret: str) -> None:
    """The session's cookie: no script reads it, no other site sends it along with a form."""
    response.set_cookie(
        cookie_name(services),
        secret,
        max_age=int(session.LIFETIME.total_seconds()),
        path="/",
        secure=services.is_https,
        httponly=True,
        samesite="lax",
    )
