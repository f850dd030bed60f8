"""/api/session/oidc and /api/security/oidc: journeys to a provider elsewhere and back, and what they link.

The way back is a page load, so it ends in a redirect to a page of the console: to where it began (signing in, or the
security settings), with #second-factor or with #error= and a code, or to the dashboard.
"""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from farebox.audit.record import Actor, record
from farebox.control.access import Person
from farebox.control.oidc.schemas import Departure, OidcProviders
from farebox.control.openapi_refusals import REFUSES_MANY
from farebox.control.origin import From, check_same_origin
from farebox.control.passkeys.schemas import Enrolling
from farebox.control.security.changes import note_change, renew_session
from farebox.control.services import Here, Services
from farebox.control.session import cookies
from farebox.control.session.schemas import SecondFactorNeeded
from farebox.control.session.sign_in import after_first_factor, note_failure
from farebox.domain.errors import ActionRefused
from farebox.identity import oidc, oidc_link, second_factor, session, throttle
from farebox.identity.oidc import Begun, Returned, Trip
from farebox.identity.oidc_provider import discover
from farebox.identity.settings import OidcSettings
from farebox.traces.trace import Origin

router = APIRouter(tags=["Session"])
_Name = Annotated[str, Path(max_length=100, pattern=r"^[A-Za-z0-9._ -]+$")]
_Told = Annotated[str, Query(max_length=4_000)]
# Where linking begins and ends in the console.
_SECURITY = "/dashboard/settings/security"


@router.get("/api/session/oidc")
async def list_providers(services: Here) -> OidcProviders:
    """With which accounts elsewhere one can sign in here."""
    return OidcProviders(data=[provider.name for provider in services.oidc])


@router.post("/api/session/oidc/{name}", dependencies=[Depends(check_same_origin)])
async def depart(name: _Name, services: Here, origin: From, response: Response) -> Departure:
    """Begin to sign in elsewhere."""
    provider = oidc.provider_named(services.oidc, name)
    await _count(services, origin)
    begun = await _begin(services, provider)
    cookies.set_journey(response, services, begun.cookie)
    return Departure(url=begun.url)


@router.post("/api/security/oidc/{name}")
async def depart_to_link(name: _Name, body: Enrolling, person: Person, services: Here, response: Response) -> Departure:
    """Begin to link an account elsewhere; needs what enrolling a factor needs."""
    provider = oidc.provider_named(services.oidc, name)
    async with services.pool.acquire() as connection:
        await second_factor.check_may_enrol(connection, services.salt, person, body.password, datetime.now(UTC))
    begun = await _begin(services, provider, person_id=person.person_id)
    cookies.set_journey(response, services, begun.cookie)
    return Departure(url=begun.url)


@router.get(
    "/api/session/oidc/{name}/callback",
    status_code=303,
    response_class=RedirectResponse,
    responses=REFUSES_MANY,
)
async def come_back(
    name: _Name,
    services: Here,
    origin: From,
    request: Request,
    state: _Told = "",
    code: _Told = "",
    iss: _Told | None = None,
) -> RedirectResponse:
    """The way back from the provider: signs in, or links."""
    await _count(services, origin)
    answer = RedirectResponse("/dashboard", status_code=303)
    cookies.clear_journey(answer, services)
    began_at = "/sign-in"
    try:
        provider = oidc.provider_named(services.oidc, name)
        trip = Trip(state=state, code=code, cookie=cookies.journey_of(request, services), issuer=iss)
        async with services.pool.acquire() as connection:
            remembered = await oidc.take(connection, services.seal, provider, trip)
        if remembered.person_id is not None:
            began_at = _SECURITY
        returned = await oidc.finish(services.http, services.clock, provider, trip, remembered, services.public_url)
        page = await _arrive(services, provider, origin, request, answer, returned)
    except ActionRefused as refusal:
        async with services.pool.acquire() as connection:
            await note_failure(connection, services, origin, None)
        page = f"{began_at}#error={quote(refusal.code)}"
    answer.headers["location"] = page
    return answer


@router.delete("/api/security/oidc/{name}", status_code=204)
async def unlink(name: _Name, person: Person, services: Here, response: Response) -> None:
    """Unlink an account elsewhere, but not the only way to sign in."""
    if person.has_second_factor:
        second_factor.check_fresh(person, datetime.now(UTC))
    async with services.pool.acquire() as connection, connection.transaction():
        await oidc_link.unlink(connection, name, person.person_id)
        await second_factor.after_removal(connection, person.person_id)
        await note_change(connection, services, person, "oidc.unlink", {"provider": name})
        await renew_session(connection, services, person, response)


async def _count(services: Services, origin: Origin) -> None:
    # Each way there and back leaves a row, for which nobody has to be known.
    subject = throttle.from_address(origin.address, kind="oidc", free=200)
    async with services.pool.acquire() as connection:
        await throttle.attempt(connection, services.salt, subject)


async def _begin(services: Services, provider: OidcSettings, *, person_id: UUID | None = None) -> Begun:
    metadata = await discover(services.http, provider)
    async with services.pool.acquire() as connection:
        return await oidc.begin(
            connection, services.seal, provider, metadata, public_url=services.public_url, person_id=person_id
        )


async def _arrive(
    services: Services,
    provider: OidcSettings,
    origin: Origin,
    request: Request,
    answer: Response,
    returned: Returned,
) -> str:
    """Does what the journey was for; the page to go on with."""
    async with services.pool.acquire() as connection, connection.transaction():
        if returned.person_id is not None:
            visitor = await session.resolve(connection, cookies.session_of(request, services))
            # Who began the journey must be here still, or somebody else's account would be linked.
            if visitor is None or visitor.person_id != returned.person_id:
                raise oidc.refused()
            await oidc_link.link(connection, services.ids, provider.name, returned.claims, visitor.person_id)
            await note_change(connection, services, visitor, "oidc.link", {"provider": provider.name})
            await renew_session(connection, services, visitor, answer)
            return _SECURITY
        person_id = await oidc_link.person_of(connection, provider.name, returned.claims)
        if person_id is None:
            person_id = await oidc_link.person_by_email(connection, returned.claims)
            if person_id is None:
                raise ActionRefused("oidc_unknown", "Nobody signs in here with this account yet.", status=404)
            await oidc_link.link(connection, services.ids, provider.name, returned.claims, person_id)
            await record(
                connection,
                services.ids,
                Actor("member", person_id),
                "oidc.link",
                target=f"person:{person_id}",
                after={"provider": provider.name, "by": "verified address"},
            )
        view = await after_first_factor(connection, services, origin, answer, person_id)
    return "/sign-in#second-factor" if isinstance(view, SecondFactorNeeded) else "/dashboard"
