"""/api/session: who is signed in; signing in by password or passkey, and the second factor; signing out."""

from fastapi import APIRouter, Depends, Request, Response

from farebox.control.access import Person
from farebox.control.openapi_refusals import REFUSES_REGION, REFUSES_STRANGERS, Responses
from farebox.control.origin import From, check_same_origin
from farebox.control.passkeys.schemas import PasskeyOptions, UsedPasskey
from farebox.control.services import Here
from farebox.control.session import cookies
from farebox.control.session.schemas import (
    ChosenAccount,
    FactorShown,
    SecondFactorNeeded,
    SessionView,
    SignIn,
    session_view,
    shown_of,
)
from farebox.control.session.sign_in import (
    after_first_factor,
    begin_session,
    means_of,
    note_failure,
    wrong_credentials,
)
from farebox.domain.errors import ActionRefused
from farebox.identity import passkey, pending_sign_in, person_store, second_factor, session, throttle
from farebox.identity.password import is_password
from farebox.identity.site import site_of
from farebox.outbox.mail import queue_mail

router = APIRouter(prefix="/api/session", tags=["Session"])
_FROM_OUR_PAGES = [Depends(check_same_origin)]
_REFUSED = REFUSES_STRANGERS | REFUSES_REGION
_HALF: Responses = {
    202: {"model": SecondFactorNeeded, "description": "The password is right; a second factor is needed."}
}


@router.get("")
async def who_am_i(person: Person) -> SessionView:
    """Who is signed in."""
    return session_view(person)


@router.post("", status_code=201, dependencies=_FROM_OUR_PAGES, responses=_HALF | _REFUSED)
async def sign_in(body: SignIn, services: Here, origin: From, response: Response) -> SessionView | SecondFactorNeeded:
    """Sign in with e-mail address and password."""
    by_name, by_address = throttle.for_sign_in(body.email), throttle.from_address(origin.address)
    async with services.pool.acquire() as connection:
        await throttle.attempt(connection, services.salt, by_address, by_name)
        known = await person_store.load_credentials(connection, body.email)
    stored = None if known is None else known.password_hash
    # The hash is checked without a connection in hand: it takes long, and others want one.
    is_right = await is_password(body.password, stored)
    async with services.pool.acquire() as connection:
        if not is_right or known is None:
            await note_failure(connection, services, origin, None if known is None else known.person_id)
            raise wrong_credentials()
        await throttle.take_back(connection, services.salt, by_address)
        await throttle.forgive(connection, services.salt, by_name)
        async with connection.transaction():
            # A password that was changed in the meantime lets nobody in: the change has ended all sessions by now.
            if not await person_store.holds(connection, known):
                raise wrong_credentials()
            view = await after_first_factor(connection, services, origin, response, known.person_id)
    if isinstance(view, SecondFactorNeeded):
        response.status_code = 202
    return view


@router.post("/second-factor", status_code=201, dependencies=_FROM_OUR_PAGES, responses=_REFUSED)
async def show_second_factor(
    body: FactorShown, services: Here, origin: From, request: Request, response: Response
) -> SessionView:
    """End a sign-in with the second factor."""
    secret, shown = cookies.pending_of(request, services), shown_of(body)
    async with services.pool.acquire() as connection:
        person_id = await pending_sign_in.person_of(connection, secret)
        try:
            await second_factor.check(connection, means_of(services), person_id, shown)
        except ActionRefused:
            await note_failure(connection, services, origin, person_id)
            raise
        async with connection.transaction():
            await pending_sign_in.end(connection, secret)
            view = await begin_session(connection, services, origin, response, person_id, proved=True)
            if shown.method == "backup_code":
                facts = {"left": (await second_factor.ways_in(connection, person_id)).backup_codes_left}
                key = f"backup_code_used:{services.ids.new()}"
                await queue_mail(connection, services.ids, "backup_code_used", person_id, facts, dedupe_key=key)
            return view


@router.post("/passkey/options", dependencies=_FROM_OUR_PAGES)
async def passkey_options(services: Here, origin: From) -> PasskeyOptions:
    """What to ask the browser for, to sign in with a passkey or to show one as second factor."""
    subject = throttle.from_address(origin.address, kind="passkey_options", free=100)
    async with services.pool.acquire() as connection:
        await throttle.attempt(connection, services.salt, subject)
        value = await passkey.ask(connection)
    return PasskeyOptions(options=await passkey.options(site_of(services.public_url), value))


@router.post("/passkey", status_code=201, dependencies=_FROM_OUR_PAGES, responses=_REFUSED)
async def sign_in_by_passkey(body: UsedPasskey, services: Here, origin: From, response: Response) -> SessionView:
    """Sign in with a passkey alone: it is two factors in one."""
    by_address = throttle.from_address(origin.address)
    async with services.pool.acquire() as connection:
        await throttle.attempt(connection, services.salt, by_address)
        try:
            person_id = await passkey.use(connection, site_of(services.public_url), body.model_dump(exclude_none=True))
        except ActionRefused:
            await note_failure(connection, services, origin, None)
            raise
        await throttle.take_back(connection, services.salt, by_address)
        async with connection.transaction():
            return await begin_session(connection, services, origin, response, person_id, proved=True)


@router.post("/prove")
async def prove(body: FactorShown, person: Person, services: Here, response: Response) -> SessionView:
    """Show a second factor again: dangerous actions are open for ten minutes."""
    async with services.pool.acquire() as connection:
        await second_factor.check(connection, means_of(services), person.person_id, shown_of(body))
        async with connection.transaction():
            # What opens more than before gets a new secret.
            secret = await session.rotate(connection, person.session_id)
            await session.note_proof(connection, person.session_id)
            visitor = await session.resolve(connection, secret)
    if visitor is None:
        raise pending_sign_in.over()
    cookies.set_session(response, services, secret)
    return session_view(visitor)


@router.post("/account")
async def choose_account(body: ChosenAccount, person: Person, services: Here, request: Request) -> SessionView:
    """Look at another of your accounts from now on."""
    async with services.pool.acquire() as connection:
        await session.choose_account(connection, person, body.account_id)
        visitor = await session.resolve(connection, cookies.session_of(request, services))
    if visitor is None:
        raise ActionRefused("not_signed_in", "Sign in first.", status=401)
    return session_view(visitor)


@router.delete("", status_code=204)
async def sign_out(person: Person, services: Here, response: Response) -> None:
    """End this session."""
    async with services.pool.acquire() as connection:
        await session.revoke(connection, person.person_id, person.session_id)
    cookies.clear_session(response, services)
