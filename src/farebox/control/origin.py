"""Where a request comes from: the client's address as the gateway saw it, and whether our own pages sent it."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from farebox.control.services import Here
from farebox.domain.errors import ActionRefused
from farebox.domain.region import is_served
from farebox.traces.trace import Origin

_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
_OWN_SITES = frozenset(("same-origin", "none"))


def origin_of(request: Request, services: Here) -> Origin:
    """Address and agent. Only the gateway can connect to us, and it replaces what clients claim about themselves."""
    # Without the zone of a link-local address, which is a name of this machine's.
    address = request.headers.get("x-forwarded-for", "").partition("%")[0] or None
    return Origin(
        address=address,
        country="" if services.geo is None else services.geo.country_of(address),
        agent=request.headers.get("user-agent", ""),
        device=request.headers.get("farebox-device", ""),
    )


def check_same_origin(request: Request, services: Here) -> None:
    """Refuses what another site makes a browser send with our cookie. Programs send neither header."""
    if request.method in _SAFE_METHODS:
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in _OWN_SITES:
        raise _foreign()
    if origin is not None and urlsplit(origin).netloc not in (
        request.headers.get("host"),
        urlsplit(services.public_url).netloc,
    ):
        raise _foreign()


def _foreign() -> ActionRefused:
    return ActionRefused("foreign_origin", "This request came from another site's page.", status=403)


From = Annotated[Origin, Depends(origin_of)]


def check_region(origin: From, services: Here) -> None:
    """Refuses who comes from where nobody is served: a dependency of what people begin with."""
    if not is_served(services.policy.region, origin.country):
        raise ActionRefused("region_not_served", "This service is not offered where you are.", status=451)
