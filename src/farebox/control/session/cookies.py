"""Cookies of people: no script reads them, no other site sends them along with a form, HTTPS alone carries them.

The __Host- prefix makes browsers insist on HTTPS and on this very host; plain HTTP (a first try on loopback) needs
names without.
"""

from datetime import timedelta

from fastapi import Request, Response

from farebox.control.access import cookie_name
from farebox.control.services import Services
from farebox.identity import challenge, pending_sign_in, session

_PENDING, _JOURNEY = "farebox_sign_in", "farebox_journey"


def set_session(response: Response, services: Services, secret: str) -> None:
    """The cookie of a session; a half sign-in is over with it."""
    _set(response, services, cookie_name(services), secret, session.LIFETIME)
    clear_pending(response, services)


def session_of(request: Request, services: Services) -> str:
    """'' without one."""
    return request.cookies.get(cookie_name(services), "")


def clear_session(response: Response, services: Services) -> None:
    _clear(response, services, cookie_name(services))


def set_pending(response: Response, services: Services, secret: str) -> None:
    """The cookie of a half sign-in."""
    _set(response, services, _named(services, _PENDING), secret, pending_sign_in.LIFETIME)


def pending_of(request: Request, services: Services) -> str:
    """'' without one."""
    return request.cookies.get(_named(services, _PENDING), "")


def clear_pending(response: Response, services: Services) -> None:
    _clear(response, services, _named(services, _PENDING))


def set_journey(response: Response, services: Services, secret: str) -> None:
    """The cookie of a sign-in that is under way elsewhere; Lax, so that it comes along on the way back."""
    _set(response, services, _named(services, _JOURNEY), secret, challenge.LIFETIME)


def journey_of(request: Request, services: Services) -> str:
    """'' without one."""
    return request.cookies.get(_named(services, _JOURNEY), "")


def clear_journey(response: Response, services: Services) -> None:
    _clear(response, services, _named(services, _JOURNEY))


def _named(services: Services, name: str) -> str:
    return f"__Host-{name}" if services.is_https else name


def _set(response: Response, services: Services, name: str, value: str, lifetime: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lifetime.total_seconds()),
        path="/",
        secure=services.is_https,
        httponly=True,
        samesite="lax",
    )


def _clear(response: Response, services: Services, name: str) -> None:
    response.delete_cookie(name, path="/", secure=services.is_https, httponly=True, samesite="lax")
