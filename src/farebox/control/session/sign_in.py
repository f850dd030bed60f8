"""What all ways of signing in have in common: from the first factor to a session, and the trace that is left."""

from uuid import UUID

from fastapi import Response

from farebox.control.origin import check_region
from farebox.control.services import Services
from farebox.control.session import cookies
from farebox.control.session.schemas import SecondFactorNeeded, SessionView, session_view
from farebox.domain.errors import ActionRefused
from farebox.identity import pending_sign_in, second_factor, session
from farebox.identity.device import device_of
from farebox.identity.second_factor import Means
from farebox.identity.site import site_of
from farebox.storage.database import Connection
from farebox.traces.trace import Origin, leave_trace


def means_of(services: Services) -> Means:
    """What judging a second factor takes."""
    return Means(seal=services.seal, clock=services.clock, site=site_of(services.public_url), salt=services.salt)


async def after_first_factor(
    connection: Connection, services: Services, origin: Origin, response: Response, person_id: UUID
) -> SessionView | SecondFactorNeeded:
    """A session, or half of one where a second factor is enrolled; in a transaction."""
    methods = second_factor.methods_of(await second_factor.ways_in(connection, person_id))
    if not methods:
        return await begin_session(connection, services, origin, response, person_id, proved=False)
    cookies.set_pending(response, services, await pending_sign_in.begin(connection, person_id))
    return SecondFactorNeeded(methods=methods)


async def begin_session(
    connection: Connection, services: Services, origin: Origin, response: Response, person_id: UUID, *, proved: bool
) -> SessionView:
    """Signs in, in a transaction; `proved`: with a second factor. Refused (451) from where nobody is served."""
    secret = await session.start(
        connection,
        services.ids,
        person_id,
        proved=proved,
        country=origin.country,
        device=device_of(origin.agent),
    )
    visitor = await session.resolve(connection, secret)
    if visitor is None:
        # Suspended between the look and now.
        raise wrong_credentials()
    # Operators may work from where nobody is served.
    if not visitor.scopes:
        check_region(origin, services)
    await leave_trace(
        connection, services.ids, "sign_in", origin, account_id=visitor.account_id, person_id=visitor.person_id
    )
    cookies.set_session(response, services, secret)
    return session_view(visitor)


async def note_failure(connection: Connection, services: Services, origin: Origin, person_id: UUID | None) -> None:
    """The trace of an attempt that failed; without a person when nobody has this address."""
    await leave_trace(connection, services.ids, "sign_in_failed", origin, person_id=person_id)


def wrong_credentials() -> ActionRefused:
    return ActionRefused("wrong_credentials", "The e-mail address or the password is wrong.", status=401)
